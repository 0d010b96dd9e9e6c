"""A signer over HTTP, as small as the protocol allows: what stands behind it signs, here a function.

It is the reference for whoever puts an HSM or a KMS there; `services/issuance/keys/remote_signer.py` says the protocol.
"""

import base64
import hmac
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson

MOST_CONTENTS, MOST_BYTES = 100, 512 * 1024
_MOST_BODY = 1024 * 1024


class SignerServer:
    """Keys by their id, each a function from content to signature; `failing` answers that many requests with 503."""

    def __init__(self, token: str, keys: dict[str, Callable[[bytes], bytes]]) -> None:
        """Hold what signs."""
        self.token = token
        self.keys = keys
        self.failing = 0
        self.requests = 0
        self.url = ""

    def answer(self, authorization: str, body: bytes) -> tuple[HTTPStatus, dict[str, Any]]:
        """Return the status and the body of an answer."""
        self.requests += 1
        if self.failing:
            self.failing -= 1
            return HTTPStatus.SERVICE_UNAVAILABLE, {}
        if not hmac.compare_digest(authorization.encode(), f"Bearer {self.token}".encode()):
            return HTTPStatus.UNAUTHORIZED, {}
        try:
            asked = orjson.loads(body)
            sign, contents = (
                self.keys[asked["key"]],
                [base64.b64decode(each, validate=True) for each in asked["contents"]],
            )
        except (ValueError, KeyError, TypeError):
            return HTTPStatus.BAD_REQUEST, {}
        if not 0 < len(contents) <= MOST_CONTENTS or sum(map(len, contents)) > MOST_BYTES:
            return HTTPStatus.BAD_REQUEST, {}
        return HTTPStatus.OK, {"signatures": [base64.b64encode(sign(each)).decode() for each in contents]}


@contextmanager
def serving(signer: SignerServer) -> Iterator[SignerServer]:
    """Serve on a free port of this machine; `url` says where."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(min(length, _MOST_BODY))
            known = self.path == "/sign" and length <= _MOST_BODY
            told = signer.answer(self.headers.get("Authorization") or "", body) if known else (HTTPStatus.NOT_FOUND, {})
            content = orjson.dumps(told[1])
            self.send_response(told[0])
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    signer.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield signer
    finally:
        server.shutdown()
        server.server_close()
