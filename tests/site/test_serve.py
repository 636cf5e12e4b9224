"""`lessonkit pages`: what it builds, what it hands out, and what it says where it cannot."""

import argparse
import socket
import threading
import urllib.request

import pytest

from lessonkit.site import build, serve


@pytest.fixture
def pages(tmp_path):
    """Return a folder of pages that are those of the lessons as they are now."""
    (tmp_path / build.MARK).write_text(build.digest(), "utf-8")
    (tmp_path / "index.html").write_text("<h1>pages</h1>", "utf-8")
    (tmp_path / "core.wasm").write_bytes(b"\0asm")
    return tmp_path


def arguments_of(*words):
    parser = argparse.ArgumentParser()
    serve.add_arguments(parser)
    return parser.parse_args(list(map(str, words)))


@pytest.fixture
def address(pages):
    with serve.server(pages) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()


def test_files_have_the_types_that_browsers_insist_on(address):
    for name, kind in (("core.wasm", "application/wasm"), ("index.html", "text/html")):
        with urllib.request.urlopen(f"{address}/{name}") as answer:
            assert answer.headers.get_content_type() == kind


def test_a_page_closed_while_it_loads_is_no_error(pages, address, capfd):
    """64 MB are more than the system keeps for a reader who does not read."""
    (pages / "core.wasm").write_bytes(bytes(64_000_000))
    port = int(address.rpartition(":")[2])
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", port)) as reader:
            reader.sendall(b"GET /core.wasm HTTP/1.1\r\nHost: here\r\n\r\n")
            reader.recv(1000)
    with urllib.request.urlopen(f"{address}/index.html") as answer:
        assert answer.status == 200
    assert "Traceback" not in capfd.readouterr().err


def test_pages_that_are_up_to_date_are_not_built_again(pages, monkeypatch, capsys):
    class Ended(Exception):
        pass

    def end(self):
        raise Ended

    monkeypatch.setattr(serve.http.server.ThreadingHTTPServer, "serve_forever", end)
    opened = []
    monkeypatch.setattr(serve.webbrowser, "open", opened.append)
    with pytest.raises(Ended):
        serve.run(arguments_of("--folder", pages))
    (url,) = opened
    assert url in capsys.readouterr().out
    assert url.startswith("http://127.0.0.1:")


def test_pages_of_older_lessons_are_built_again(pages, monkeypatch):
    (pages / build.MARK).write_text("another", "utf-8")
    monkeypatch.delenv("LESSONKIT_PYODIDE", raising=False)
    with pytest.raises(SystemExit, match="Name Pyodide's folder"):
        serve.run(arguments_of("--folder", pages))
    assert (pages / "index.html").read_text("utf-8") == "<h1>pages</h1>"


@pytest.mark.parametrize("port", ["taken", 99_999])
def test_a_port_that_cannot_be_had_is_told_in_words(pages, port):
    with serve.server(pages) as other:
        wanted = other.server_port if port == "taken" else port
        with pytest.raises(SystemExit, match=rf"Port {wanted} cannot be used \(.*\). Give another"):
            serve.run(arguments_of("--folder", pages, "--port", wanted, "--no-open"))
