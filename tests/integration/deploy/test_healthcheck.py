"""The container's health check against real sockets: a service that is well, one that is not, and none at all."""

import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from deploy import healthcheck
from deploy.local.ports import free_port

REASON = b'{"status": 503, "detail": "no chunk was finished for 61 s"}'
Serve = Callable[[int], int]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a service whose /healthz answers with this status; returns its port."""
    servers: list[HTTPServer] = []

    def serving(status: int) -> int:
        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status if self.path == "/healthz" else 404)
                self.end_headers()
                self.wfile.write(REASON)

            def log_message(self, *_: object) -> None:
                """Stay silent."""

        servers.append(HTTPServer(("127.0.0.1", 0), Answer))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return servers[-1].server_port

    yield serving
    for server in servers:
        server.shutdown()
        server.server_close()


def ask(port: int) -> int:
    return healthcheck.main({"MICROCRED_HTTP_PORT": str(port)}, seconds=0.5)


def test_a_service_that_is_well(serve: Serve, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(serve(200)) == 0
    assert capsys.readouterr().err == ""


def test_a_service_that_is_not_well_is_told_with_its_reason(serve: Serve, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(serve(503)) == 1
    assert "503" in (said := capsys.readouterr().err)
    assert REASON.decode() in said


def test_nobody_listens(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(free_port()) == 1
    assert "refused" in capsys.readouterr().err


def test_a_service_that_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        assert ask(hanging.getsockname()[1]) == 1
    assert "timed out" in capsys.readouterr().err
