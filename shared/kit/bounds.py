"""Bounds on request bodies, before anything else reads them: bytes, seconds, and what is JSON at all."""

import asyncio
import re
from collections.abc import Collection, Iterable
from typing import Any

import orjson
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.kit.problem import Problem, told

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 32
MAX_SECONDS = 30.0
_ONE_KIND = bytes.maketrans(b"[]", b"{}")
_NEITHER_BRACKETS_NOR_QUOTES = bytes(set(range(256)) - set(b'[]{}"\\'))
#: A JSON Web Signature in its compact form (RFC 7515, section 3.1): some announce it as JSON, which it never is.
_JWS = re.compile(rb"[\w-]{1,10000}\.[\w-]+\.[\w-]{1,10000}\s{0,2}")


class Bounds:
    """Answers bodies out of bounds with a problem that names the field `body`; pure ASGI.

    413 above `max_bytes`, whether announced or streamed; 408 when it takes longer than `max_seconds` to come;
    400 for JSON that is not UTF-8, not JSON (RFC 8259: no NaN, no Infinity, no lone surrogate), or nested too deep.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        max_bytes: int = MAX_BYTES,
        max_depth: int = MAX_DEPTH,
        max_seconds: float = MAX_SECONDS,
        decoded: Collection[str] = (),
    ) -> None:
        """Stand before this app; routes at the paths in `decoded` find by themselves what is not JSON."""
        self.app = app
        self._decoded = frozenset(decoded)
        self._max_bytes = max_bytes
        self._max_depth = max_depth
        self._max_seconds = max_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request whose body is within bounds."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            body = await self._body(headers, receive)
            if body and _says_json(headers) and not (_JWS.fullmatch(body) or self._is_decoded(scope["path"], body)):
                check_json(body, self._max_depth)
        except Problem as problem:
            await told(problem, scope)(scope, receive, send)
        except ClientDisconnect:
            return  # nobody is left to answer
        else:
            await self.app(scope, _once(body, receive), send)

    def _is_decoded(self, path: str, body: bytes) -> bool:
        # Parsing a large body twice costs its route a seventh of its time. What it must not meet is looked for here.
        return path in self._decoded and body.isascii() and _is_shallow(body, self._max_depth)

    async def _body(self, headers: Headers, receive: Receive) -> bytes:
        announced = headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > self._max_bytes:
            raise self._too_large()
        try:
            async with asyncio.timeout(self._max_seconds):
                return await self._read(receive)
        except TimeoutError as error:
            raise _refused(408, f"did not arrive within {self._max_seconds:g} seconds") from error

    async def _read(self, receive: Receive) -> bytes:
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            body += message.get("body", b"")
            if len(body) > self._max_bytes:
                raise self._too_large()
            more = message.get("more_body", False)
        return bytes(body)

    def _too_large(self) -> Problem:
        return _refused(413, f"more than {self._max_bytes} bytes; send less at once")


def check_json(body: bytes, max_depth: int = MAX_DEPTH) -> None:
    """Refuse what is not JSON, or is nested deeper than `max_depth` arrays and objects.

    Raises:
        Problem: 400 naming the field `body`.

    """
    try:
        level = _containers([orjson.loads(body)])
    except orjson.JSONDecodeError as error:
        raise _refused(400, f"not JSON in UTF-8: {error}") from error
    if _is_shallow(body, max_depth):
        return
    for _ in range(max_depth):
        level = [inner for node in level for inner in _containers(node.values() if isinstance(node, dict) else node)]
        if not level:
            return
    raise _refused(400, f"nested deeper than {max_depth} levels")


def _is_shallow(body: bytes, max_depth: int) -> bool:
    """Tell in a fifth of the time that JSON is not nested too deep; False says that it has to be looked at."""
    left = body.translate(_ONE_KIND, _NEITHER_BRACKETS_NOR_QUOTES)
    # A text without brackets leaves two quotes beside each other. One with brackets leaves an odd number before the
    # first of them, so some quote stands alone; a backslash may hide a quote. Then the parsed body decides.
    if b"\\" in left or b'"' in (left := left.replace(b'""', b"")):
        return False
    for _ in range(max_depth):
        if not left:
            return True
        # The brackets of every innermost container meet: each round takes away one level.
        left = left.replace(b"{}", b"")
    return not left


def _containers(nodes: Iterable[Any]) -> list[Any]:
    return [node for node in nodes if isinstance(node, dict | list)]


def _says_json(headers: Headers) -> bool:
    # Without a content type a route may still read JSON.
    return "json" in headers.get("content-type", "json").lower()


def _refused(status: int, reason: str) -> Problem:
    # A body that was not read to its end would be taken for the next request.
    left = {"Connection": "close"} if status != 400 else {}  # noqa: PLR2004 - HTTP's own numbers
    return Problem(status, detail=f"body: {reason}", headers=left, errors=[{"field": "body", "reason": reason}])


def _once(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body, and after it whatever comes (a disconnect)."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
