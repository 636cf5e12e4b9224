"""The command `lessonkit pages`: build the web edition once, and hand it out on this machine."""

import argparse
import functools
import http.server
import sys
import webbrowser
from pathlib import Path

from lessonkit.site import command
from lessonkit.site.build import digest, is_built_from
from lessonkit.site.npm import cache

TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm"}


class Handler(http.server.SimpleHTTPRequestHandler):
    """Hands out files, with the types that browsers insist on."""

    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | TYPES

    def log_message(self, *words):
        """Say nothing: a learner's terminal is no log."""


class Server(http.server.ThreadingHTTPServer):
    """Answers several requests at once."""

    def handle_error(self, request, client_address):
        """Say what went wrong, unless a page was closed before it had all of its files."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def server(folder: Path, port: int = 0) -> Server:
    """Return a server of a folder, on loopback; port 0 takes any that is free."""
    handler = functools.partial(Handler, directory=str(folder))
    return Server(("127.0.0.1", port), handler)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command has to be told."""
    command.add_arguments(parser)
    parser.add_argument("--folder", type=Path, default=cache() / "pages", help="where to build")
    parser.add_argument("--port", type=int, default=0, help="(default: any that is free)")
    parser.add_argument("--no-open", action="store_true", help="do not open a browser")


def run(arguments: argparse.Namespace) -> None:
    """Build what has changed, then serve until Ctrl and C."""
    lacks_lite = arguments.lite and not (arguments.folder / "lite").is_dir()
    if lacks_lite or not is_built_from(arguments.folder, digest()):
        print("The pages are built, which takes some minutes. Next time they are there at once.")
        command.run(arguments, arguments.folder)
    with _serving(arguments) as serving:
        address = f"http://127.0.0.1:{serving.server_port}/index.html"
        print(f"The pages are at {address}\nCtrl and C ends this.", flush=True)
        if not arguments.no_open:
            webbrowser.open(address)
        try:
            serving.serve_forever()
        except KeyboardInterrupt:
            print()


def _serving(arguments):
    try:
        return server(arguments.folder, arguments.port)
    except (OSError, OverflowError) as problem:
        sys.exit(f"Port {arguments.port} cannot be used ({problem}). Give another, or none")
