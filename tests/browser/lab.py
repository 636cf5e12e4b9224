"""Drive a real JupyterLab in Chromium: start it, open a notebook, run it, move its controls.

Used by the browser tests and by the benchmark of the live pictures.
"""

import base64
import contextlib
import io
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import nbformat
import numpy as np
from PIL import Image

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
CHROMIUM_FLAGS = [
    "--no-sandbox",  # needed where tests run as root, as in most containers
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nothing leaves this machine
]
SETTINGS = {  # what moves or asks by itself is off
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
    "@jupyterlab/notebook-extension:tracker": {
        "windowingMode": "none",  # else cells off screen are not in the page
        "kernelShutdown": True,
    },
    "@jupyterlab/completer-extension:inline-completer": {"providers": {}},
    # Learners may have switched it on, and a saved notebook must still make sense.
    "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True},
}
# In the page: the bytes of each panel of a picture.
BYTES = """[...e.querySelectorAll("canvas")].map(c =>
    c.getContext("2d").getImageData(0, 0, c.width, c.height).data)"""
PLAIN = "e.textContent.replaceAll('\\u00a0', ' ')"  # a caption without its unbroken spaces
DARK, LIGHT = "JupyterLab Dark", "JupyterLab Light"


class Lab:
    """A JupyterLab server on this machine, with copies of notebooks in a folder of its own."""

    def __init__(self, home, process, port, token):
        self.root, self.process = home / "root", process
        self.url, self.token = f"http://127.0.0.1:{port}", token

    def add(self, notebook):
        """Copy a notebook into the server's folder (a save must not touch it); return its name."""
        shutil.copy(notebook, self.root)
        return Path(notebook).name


@contextlib.contextmanager
def running_lab(theme=LIGHT):
    """Run a JupyterLab server until the context ends."""
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        home = Path(folder)
        names = ["root", "config", "data", "runtime", "settings", "workspaces", "ipython", "app"]
        for name in names:
            (home / name).mkdir()
        themes = {"@jupyterlab/apputils-extension:themes": {"theme": theme}}
        (home / "app" / "overrides.json").write_text(json.dumps(SETTINGS | themes))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        token = secrets.token_hex(16)
        env = {k: v for k, v in os.environ.items() if not k.startswith("JUPYTER")}
        env |= {
            "JUPYTER_CONFIG_DIR": str(home / "config"),
            "JUPYTER_DATA_DIR": str(home / "data"),
            "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
            "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
            "IPYTHONDIR": str(home / "ipython"),
        }
        command = [
            *[sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"],
            "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.port={port}",
            "--ServerApp.port_retries=0",
            f"--IdentityProvider.token={token}",
            f"--ServerApp.root_dir={home / 'root'}",
            f"--LabApp.app_settings_dir={home / 'app'}",
            "--LabApp.collaborative=False",
            "--LabApp.expose_app_in_browser=True",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        ]
        with (
            (home / "lab.log").open("wb") as log,
            subprocess.Popen(
                command, stdout=log, stderr=subprocess.STDOUT, env=env, cwd=home / "root"
            ) as process,
        ):
            lab = Lab(home, process, port, token)
            try:
                _wait_for_server(lab, home / "lab.log")
                yield lab
            finally:
                process.terminate()
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    process.kill()


def _wait_for_server(lab, log, seconds=60):
    request = urllib.request.Request(
        f"{lab.url}/api/status", headers={"Authorization": f"token {lab.token}"}
    )
    deadline = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(request, timeout=2).read()
            return
        except OSError:
            if lab.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(
                    f"JupyterLab did not start:\n{log.read_text()[-3000:]}"
                ) from None
            time.sleep(0.1)


def launch_chromium(kind, *flags):
    """Start the installed Chromium, without a window unless HEADED is set.

    kind: Playwright's `chromium`, or the `browser_type` of one that runs.
    """
    return kind.launch(
        executable_path=CHROMIUM,
        args=[*CHROMIUM_FLAGS, *flags],
        headless=not os.environ.get("HEADED"),
    )


def write_notebook(path, *cells):
    """Write a notebook of code cells."""
    kernelspec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
        metadata={"kernelspec": kernelspec},
    )
    nbformat.write(notebook, path)


class Page:
    """One page of JupyterLab with a notebook open in it."""

    def __init__(self, page):
        self.page, self.complaints = page, []
        page.set_default_timeout(30_000)
        page.on(
            "pageerror", lambda error: self.complaints.append(f"page error: {error.stack or error}")
        )
        page.on("console", self._note)

    def _note(self, message):
        if message.type == "error":
            self.complaints.append(f"console: {message.text} ({message.location.get('url')})")

    def open(self, lab, notebook):
        """Open a notebook of the lab's folder in a workspace of its own; wait for its kernel."""
        workspace = f"t{secrets.token_hex(4)}"  # else the last page's tabs come back
        self.page.goto(f"{lab.url}/lab/workspaces/{workspace}/tree/{notebook}?token={lab.token}")
        self.wait_until_ready()

    def wait_until_ready(self):
        """Wait for the notebook and its kernel.

        Before `context.ready` the panel shows a placeholder (one empty, idle cell): commands sent
        then act on that, or are lost.
        """
        self.page.wait_for_selector("#jupyterlab-splash", state="detached")
        self.page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.context")
        self.page.evaluate(
            """() => { const w = window.jupyterapp.shell.currentWidget;
            const ready = async () => { await w.revealed; await w.context.ready;
                await w.sessionContext.ready; await w.sessionContext.session?.kernel?.info; };
            const late = new Promise((_, no) => setTimeout(no, 60_000, new Error("not ready")));
            return Promise.race([late, ready()]); }"""
        )

    def run_all(self, timeout=60_000):
        """Run every cell from a clean sheet; raise if one fails."""
        self.wait_until_ready()
        cells = self.page.evaluate(
            """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
            .filter(c => c.type === "code" && c.sharedModel.getSource().trim()).length"""
        )
        self.page.wait_for_function(
            "n => document.querySelectorAll('.jp-CodeCell').length >= n", arg=cells
        )
        # stored outputs and prompts would satisfy every wait below before anything has run
        self.command("notebook:clear-all-cell-outputs")
        self.page.wait_for_function(
            """() => ![...window.jupyterapp.shell.currentWidget.content.model.cells]
            .some(c => c.executionCount)"""
        )
        # not awaited: its promise resolves when all is done, and evaluate() has no timeout
        self.page.evaluate(
            "() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }"
        )
        errors = """[...window.jupyterapp.shell.currentWidget.content.model.cells].flatMap(
            ({ outputs }) => Array.from({ length: outputs?.length ?? 0 }, (_, i) => outputs.get(i))
            ).filter(output => output.type === "error").map(output => output.toJSON().evalue)"""
        self.page.wait_for_function(
            f"""n => {errors}.length
            || [...window.jupyterapp.shell.currentWidget.content.model.cells]
            .filter(c => c.type === "code" && c.executionCount).length >= n""",
            arg=cells,
            timeout=timeout,
        )
        self.wait_until_idle()
        assert self.page.evaluate(f"() => {errors}") == []

    def wait_until_idle(self):
        """Wait until the kernel is idle and no cell waits to run."""
        self.page.wait_for_function(
            """() => { const nb = document.querySelector(".jp-NotebookPanel:not(.lm-mod-hidden)");
            const light = nb?.querySelector(".jp-Notebook-ExecutionIndicator");
            const prompts = [...nb?.querySelectorAll(".jp-InputPrompt") ?? []];
            return light?.dataset.status === "idle"
                && !prompts.some(p => p.textContent.includes("*")); }"""
        )

    def command(self, name, **arguments):
        """Execute one of JupyterLab's commands and wait for it."""
        return self.page.evaluate(
            "([name, args]) => window.jupyterapp.commands.execute(name, args).then(() => null)",
            [name, arguments],
        )

    def python(self, code):
        """Run code in the notebook's kernel, beside its cells; return what it prints."""
        return self.page.evaluate(
            """async (code) => { let text = "";
            const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
            const run = kernel.requestExecute({ code, stop_on_error: false });
            run.onIOPub = ({ header, content }) => {
                if (header.msg_type === "stream") text += content.text; };
            const reply = await run.done;
            if (reply.content.status !== "ok") throw new Error(reply.content.evalue);
            return text; }""",
            code,
        )

    @contextlib.contextmanager
    def long_cell(self, folder):
        """Keep the kernel busy, as a cell does that takes until the context ends."""
        flag = folder / "stop"
        self.page.evaluate(
            """code => { window.jupyterapp.shell.currentWidget.sessionContext.session.kernel
            .requestExecute({ code }); }""",
            f"import os, time\nwhile not os.path.exists({str(flag)!r}): time.sleep(0.01)",
        )
        try:
            yield
        finally:
            flag.touch()
        self.wait_until_idle()

    def restart_kernel(self):
        self.page.evaluate(
            "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"
        )
        self.wait_until_ready()

    def explorers(self):
        """Return the explorers of the page, in order, once they are drawn."""
        found = self.page.locator(".lessonkit-explorer")
        found.first.wait_for()
        return [ExplorerInPage(self.page, found.nth(i)) for i in range(found.count())]


class ExplorerInPage:
    """What a learner can see of an explorer, and do with it."""

    def __init__(self, page, box):
        self.page, self.box = page, box
        self.picture = box.locator(".lessonkit-panels")
        self.canvases = self.picture.locator("canvas")  # one a panel; most pictures have one
        self.page.wait_for_function(
            "e => e.querySelector('canvas')?.width > 0 && e.getAttribute('aria-label')",
            arg=self.picture.element_handle(),
        )

    @property
    def canvas(self):
        return self.canvases.first

    @property
    def caption(self):
        return self.box.locator("[role=status]").inner_text().replace("\u00a0", " ")

    @property
    def error(self):
        return self.box.locator("[role=alert]").text_content()

    def slider(self, name):
        """The handle of a slider, by the name a screen reader says."""
        return self.box.get_by_role("slider", name=re.compile(f"^{re.escape(name)}$"))

    def pixels(self, panel=0):
        """Return a canvas as an array, (H, W, 4) uint8."""
        url = self.canvases.nth(panel).evaluate("c => c.toDataURL('image/png')")
        with Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))) as image:
            return np.asarray(image.convert("RGBA"))

    def wait_for_caption(self, caption, timeout=10_000):
        """Wait until the caption reads so; then the picture does too, it is painted before."""
        self.page.wait_for_function(
            f"([e, text]) => {PLAIN} === text",
            arg=[self.box.locator("[role=status]").element_handle(), caption],
            timeout=timeout,
        )

    def wait_until_still(self):
        """Wait until the caption has not changed for a fifth of a second."""
        caption = None
        while caption != (caption := self.caption):
            self.page.wait_for_timeout(200)

    def look(self):
        """Keep the picture in the page, for `changed`."""
        self.picture.evaluate(f"e => {{ e.before = {BYTES}; }}")

    def changed(self):
        """Return the share of the bytes that moved by more than 16 of 255 since `look`."""
        return self.picture.evaluate(
            f"""e => {{ let [moved, all] = [0, 0];
            {BYTES}.forEach((now, i) => {{
                const before = e.before[i], same = now.length === before?.length;
                all += now.length;
                if (!same) moved += now.length;
                else for (let j = 0; j < now.length; j += 1)
                    if (Math.abs(now[j] - before[j]) > 16) moved += 1;
            }});
            return moved / all; }}"""
        )

    def act(self, action, timeout=10_000):
        """Do `action`; wait until picture and caption have followed. Return the changed share."""
        self.look()
        caption = self.caption
        action()
        self.page.wait_for_function(
            f"([e, old]) => {PLAIN} !== old",
            arg=[self.box.locator("[role=status]").element_handle(), caption],
            timeout=timeout,
        )
        return self.changed()

    def drag(self, handle, share, steps=12):
        """Drag a slider's handle to a share (0..1) of its track, in steps as a hand does."""
        handle.scroll_into_view_if_needed()
        knob = handle.bounding_box()
        track = handle.locator(
            "xpath=ancestor::*[contains(@class, 'noUi-target')]//*[contains(@class, 'noUi-base')]"
        ).first.bounding_box()
        y = knob["y"] + knob["height"] / 2
        self.page.mouse.move(knob["x"] + knob["width"] / 2, y)
        self.page.mouse.down()
        self.page.mouse.move(track["x"] + track["width"] * share, y, steps=steps)
        self.page.mouse.up()
