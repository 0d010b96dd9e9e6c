"""What a service's API is, in OpenAPI: made when it is first asked for, and beside the event loop."""

import asyncio
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

_PATH = "/openapi.json"


class ApiDocument:
    """The document of one app, made once.

    With sixty routes it takes a third of a second of a quiet processor. FastAPI would spend that in the event loop,
    where requests, the stream and the heartbeat wait; a thread lets them go on.
    """

    def __init__(self, make: Callable[[], dict[str, Any]]) -> None:
        """`make` returns the document; it runs in a thread, one call at a time."""
        self._make = make
        self._making = asyncio.Lock()
        self._body: bytes | None = None

    async def answer(self, _: Request) -> Response:
        """Return the document as JSON."""
        async with self._making:
            if self._body is None:
                self._body = await asyncio.to_thread(self._encoded)
        return Response(self._body, media_type="application/json")

    def _encoded(self) -> bytes:
        return bytes(JSONResponse(self._make()).body)

    def route(self) -> Route:
        """Return where it is answered."""
        return Route(_PATH, self.answer, include_in_schema=False)
