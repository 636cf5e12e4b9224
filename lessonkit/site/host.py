"""The kernel's half of a page without a server: it runs cells and passes widgets' messages on.

It lives in the worker of a page, in Pyodide, and, to record a page beforehand, in the same Pyodide
under Node. Both give the widgets of a cell the same ids, so that what was recorded goes on with the
worker. Nothing happens when it is imported: making a Host takes the place of Jupyter's kernel.
"""

import ast
import base64
import contextlib
import io
import linecache
import traceback
from collections.abc import Callable
from typing import Any

import comm
import IPython.display
import ipywidgets
from comm.base_comm import BaseComm

from lessonkit.live.internals import echo_nothing, widget_of

# What a page asks of no widget: its own scripts and styles, other packages' names, and the first
# picture, which it has recorded or requests.
NOT_FOR_PAGES = {
    *("_esm", "_css", "_model_module", "_model_module_version", "_view_module"),
    *("_view_module_version", "_view_count", "opening", "style"),
}
LATER = "later"  # takes the place of a cell's id for widgets that are made between cells

Tell = Callable[[str, str, dict, list], None]


class Host:
    """Runs a page's cells in one namespace, and is the other end of its widgets.

    tell: called with (model id, "comm_open" | "comm_msg" | "comm_close", data, buffers) for what
        widgets say. What the widgets of a cell say while it runs is in `models` instead.
    namespace: the names that cells see. It begins empty but for `__name__`.
    models: model id → state of each widget that the cell run last has opened, as it left them.
        Only what a page needs, as JSON takes it; bytes are base64.
    """

    def __init__(self, tell: Tell) -> None:
        self.namespace = {"__name__": "__main__"}
        self.models = {}
        self._tell = tell
        self._comms = {}  # model id → comm
        self._of_cell = {}  # cell id → model ids of its last run
        self._runs = {}  # cell id → how often it has run
        self._prefix, self._count = LATER, 0  # of the next model id
        self._result = None  # of the cell that runs now
        comm.create_comm = self._create_comm
        IPython.display.show = self._show
        echo_nothing()

    def run(self, cell_id: str, source: str) -> dict[str, Any]:
        """Run a cell and return what it shows.

        text: what was printed, and the repr of a plain last value. html: what the last value or
        a displayed one shows itself as, or None. roots: ids of the widgets shown, in order.
        error: "", or what went wrong, with the lines of cells that led there; nothing is raised.

        Widget ids depend on the cell's id and the order of creation alone; from the second run on
        there is the number of the run in them too. The widgets of the run before are closed.
        """
        self._close(cell_id)
        runs = self._runs[cell_id] = self._runs.get(cell_id, 0) + 1
        self._prefix, self._count = cell_id if runs == 1 else f"{cell_id}.{runs}", 0
        result = self._result = {"text": "", "html": None, "roots": [], "error": ""}
        self.models, printed = {}, io.StringIO()
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
                try:
                    self._show(self._execute(cell_id, source))
                except (Exception, SystemExit) as problem:
                    result["error"] = _in_short(problem)
        finally:
            self._of_cell[cell_id] = list(self.models)
            self.models = {i: s for i, s in self.models.items() if s["_view_name"] != "StyleView"}
            self._prefix, self._count = LATER, self._count_later()
            self._result = None
        result["text"] = printed.getvalue()
        return result

    def receive(self, comm_id: str, data: dict, buffers: list) -> None:
        """Take a page's message to a widget; one to a widget that is closed is dropped."""
        if comm_id in self._comms:
            message = {"content": {"data": data}, "buffers": buffers}
            self._comms[comm_id].handle_msg(message)

    def _execute(self, cell_id, source):
        """Run the statements of a cell; return the value of the last if it is an expression."""
        file = f"cell {cell_id}"
        lines = source.splitlines(keepends=True)
        linecache.cache[file] = (len(source), None, lines, file)  # for tracebacks
        tree = ast.parse(source, file)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, file, "exec"), self.namespace)
        if last is None:
            return None
        return eval(compile(ast.Expression(last.value), file, "eval"), self.namespace)

    def _show(self, value):
        """Show a value as a notebook shows that of a cell's last line."""
        if value is None or self._result is None:
            return
        if hasattr(value, "_ipython_display_"):
            value._ipython_display_()
        elif isinstance(value, ipywidgets.Widget):
            self._result["roots"].append(value.model_id)
        elif hasattr(value, "_repr_html_"):
            self._result["html"] = (self._result["html"] or "") + value._repr_html_()
        else:
            print(repr(value))

    # -- comms -------------------------------------------------------------------------------------

    def _create_comm(self, **about):
        self._count += 1
        about["comm_id"] = f"{self._prefix}.{self._count}"
        made = _Comm(self._hear, **about)
        self._comms[made.comm_id] = made
        return made

    def _count_later(self):
        return sum(model_id.startswith(f"{LATER}.") for model_id in self._comms)

    def _hear(self, comm_id, kind, data, buffers):
        """Take what a widget says to the page, or to the state of a cell that runs."""
        if kind == "comm_close":
            self._comms.pop(comm_id, None)
        if self._result is None or (kind != "comm_open" and comm_id not in self.models):
            self._tell(comm_id, kind, data or {}, buffers)
        elif kind == "comm_close":
            self.models.pop(comm_id, None)
        elif kind == "comm_open" or data.get("method") == "update":
            state = page_state(data["state"], data.get("buffer_paths", []), buffers)
            self.models.setdefault(comm_id, {}).update(state)

    def _close(self, cell_id):
        """Close the widgets of a cell's run before: what shows them is about to go."""
        for model_id in self._of_cell.pop(cell_id, []):
            widget = widget_of(model_id)
            if widget is not None:
                widget.close()


class _Comm(BaseComm):
    """One widget's connection to the page."""

    def __init__(self, hear, **about):
        self._hear = hear
        super().__init__(**about)

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
        self._hear(self.comm_id, msg_type, data, buffers or [])


def page_state(state: dict, paths: list, buffers: list) -> dict:
    """Return what a page needs of a widget's state: no defaults that are None, bytes as base64.

    paths, buffers: where in the state bytes were, and these bytes, as ipywidgets parts them.
    """
    kept = {k: v for k, v in state.items() if k not in NOT_FOR_PAGES and v is not None}
    for path, buffer in zip(paths, buffers, strict=True):
        if path[0] in NOT_FOR_PAGES:
            continue
        place = kept
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = base64.b64encode(buffer).decode()
    return kept


def _in_short(problem):
    """Return an exception in words, after the lines of cells that led to it."""
    frames = traceback.extract_tb(problem.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith("cell ")]
    places = [f"line {frame.lineno} of {frame.filename}: {frame.line}\n" for frame in ours]
    return "".join(places + traceback.format_exception_only(problem)).strip()
