"""A JupyterHub on this machine with the configuration of CLASSROOM.md, and learners in it.

Used by test_classroom.py and by the benchmark of the memory that a class needs.
"""

import asyncio
import contextlib
import importlib.util
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "CLASSROOM.md"
FOLDER = "lessonkit-notebooks"


def missing():
    """Return why no hub can be started here, in words; "" if one can."""
    if not sys.platform.startswith("linux"):
        return "JupyterHub and /proc are needed, so Linux"
    if importlib.util.find_spec("jupyterhub") is None:
        return "JupyterHub is not installed: pip install jupyterhub"
    if shutil.which("configurable-http-proxy") is None:
        return "its proxy is not installed: npm install -g configurable-http-proxy"
    return ""


def configuration():
    """Return the one sample of a configuration that the page shows."""
    blocks = re.findall(
        r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    (block,) = [block for block in blocks if "get_config()" in block]
    return block


def free_ports(count):
    """Return ports of the loopback interface that nobody listens on."""
    with contextlib.ExitStack() as sockets:
        opened = [sockets.enter_context(socket.socket()) for _ in range(count)]
        for one in opened:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in opened]


class Hub:
    """A JupyterHub that runs, and what its learners do through its API."""

    def __init__(self, url, token, process):
        self.url, self.token, self.process = url, token, process

    async def ask(self, path, method="GET", body=None):
        """Return what the hub, or a learner's server behind it, answers."""
        from tornado.httpclient import AsyncHTTPClient

        answer = await AsyncHTTPClient(max_clients=100).fetch(
            self.url + path,
            method=method,
            body=None if method in ("GET", "DELETE") else json.dumps(body or {}),
            headers={"Authorization": f"token {self.token}"},
            request_timeout=120,
        )
        return json.loads(answer.body or "null")

    async def start_server(self, user, seconds=120):
        """Start a learner's server; return the seconds until it is ready."""
        start = time.monotonic()
        await self.ask(f"/hub/api/users/{user}", "POST")
        await self.ask(f"/hub/api/users/{user}/server", "POST")
        while True:
            server = (await self.ask(f"/hub/api/users/{user}"))["servers"].get("", {})
            if server.get("ready"):
                return time.monotonic() - start
            assert server.get("pending"), f"the server of {user} did not start"
            assert time.monotonic() - start < seconds, f"the server of {user} is not ready"
            await asyncio.sleep(0.2)

    async def run_notebook(self, user, notebook):
        """Run a learner's own copy of a notebook in a new kernel, cell by cell.

        Returns the seconds that it took and the sources that failed without the tag that says so.
        """
        from tornado.httpclient import HTTPRequest
        from tornado.websocket import websocket_connect

        start = time.monotonic()
        file = await self.ask(f"/user/{user}/api/contents/{FOLDER}/{notebook}")
        folder = {"path": f"{FOLDER}/{notebook}"}
        session = folder | {"name": notebook, "type": "notebook", "kernel": {"name": "python3"}}
        session = await self.ask(f"/user/{user}/api/sessions", "POST", session)
        channels = f"/user/{user}/api/kernels/{session['kernel']['id']}/channels"
        request = HTTPRequest(
            self.url.replace("http", "ws", 1) + channels,
            headers={"Authorization": f"token {self.token}"},
        )
        connection = await websocket_connect(request)
        failed = []
        for cell in file["content"]["cells"]:
            if cell["cell_type"] == "code" and cell["source"].strip():
                status = await _execute(connection, cell["source"])
                tags = cell["metadata"].get("tags", [])
                if (status == "ok") == ("raises-exception" in tags):
                    failed.append(cell["source"])
        connection.close()
        return time.monotonic() - start, failed

    async def end_kernels(self, user):
        """End the kernels of a learner, as *Kernel → Shut Down All Kernels* does."""
        for session in await self.ask(f"/user/{user}/api/sessions"):
            await self.ask(f"/user/{user}/api/sessions/{session['id']}", "DELETE")


async def _execute(connection, code):
    """Execute code in the kernel of a connection; return the reply's status."""
    number = secrets.token_hex(16)
    header = {"msg_id": number, "msg_type": "execute_request", "version": "5.3"}
    header |= {"session": number, "username": "", "date": "2000-01-01T00:00:00Z"}
    content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
    content |= {"user_expressions": {}, "stop_on_error": False}
    message = {"channel": "shell", "header": header, "parent_header": {}, "metadata": {}}
    await connection.write_message(json.dumps(message | {"content": content, "buffers": []}))
    while True:
        answer = await asyncio.wait_for(connection.read_message(), 120)
        assert answer is not None, "the kernel is gone"
        if isinstance(answer, str):  # bytes are a widget's buffers
            answer = json.loads(answer)
            mine = answer["parent_header"].get("msg_id") == number
            if mine and answer["header"]["msg_type"] == "execute_reply":
                return answer["content"]["status"]


@contextlib.contextmanager
def running_hub(folder):
    """Run a hub with the page's configuration, on free ports and in a folder, until the end."""
    public, inside, proxy = free_ports(3)
    token = secrets.token_hex(16)
    (folder / "homes").mkdir()
    # What is not the page's: ports that are free, a folder of the test's own, and a token.
    differs = f"""
c.JupyterHub.bind_url = "http://127.0.0.1:{public}"
c.JupyterHub.hub_port = {inside}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy}"
c.SimpleLocalProcessSpawner.home_dir_template = {str(folder / "homes")!r} + "/{{username}}"
c.JupyterHub.services = [{{"name": "teacher", "api_token": "{token}"}}]
c.JupyterHub.load_roles = [{{
    "name": "teacher",
    "scopes": ["admin:users", "admin:servers", "access:servers"],
    "services": ["teacher"],
}}]
c.Spawner.args += {["--allow-root"] if os.geteuid() == 0 else []}
"""
    (folder / "jupyterhub_config.py").write_text(configuration() + differs)
    env = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "CONFIGPROXY"))}
    env["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), env["PATH"]])
    assert shutil.which("lessonkit", path=env["PATH"]), "install lessonkit again: no such command"
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(
            [sys.executable, "-m", "jupyterhub"], cwd=folder, env=env, stdout=log, stderr=log
        ) as process,
    ):
        hub = Hub(f"http://127.0.0.1:{public}", token, process)
        started = []
        try:
            asyncio.run(_answers(hub, folder / "log"))
            yield hub
        finally:
            started = descendants(process.pid)
            process.terminate()
            try:
                process.wait(60)
            finally:
                process.kill()
                _end(started)


async def _answers(hub, log, seconds=60):
    from tornado.httpclient import HTTPClientError

    deadline = time.monotonic() + seconds
    while True:
        try:
            return await hub.ask("/hub/api/users")
        except (OSError, HTTPClientError):  # nobody there yet, or only the proxy
            ended = hub.process.poll() is not None or time.monotonic() > deadline
            if ended:
                raise RuntimeError(f"the hub did not start:\n{log.read_text()[-3000:]}") from None
            await asyncio.sleep(0.2)


def _end(processes):
    """End those of the hub's processes that outlived it; they have their start time with them."""
    for process, started in processes.items():
        with contextlib.suppress(OSError):
            if _start_time(process) == started:
                os.kill(process, signal.SIGKILL)


def descendants(process):
    """Return the processes below one, process → its start time, in the kernel's ticks."""
    below, parents = {}, {}
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parents[int(path.name)] = int(_stat(path.name)[1])
    frontier = {process}
    while frontier:
        frontier = {child for child, parent in parents.items() if parent in frontier}
        for child in frontier:
            with contextlib.suppress(OSError):
                below[child] = _start_time(child)
    return below


def _start_time(process):
    return int(_stat(process)[19])


def _stat(process):
    """Return the fields of /proc/…/stat that follow the program's name, which may hold spaces."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
