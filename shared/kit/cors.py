"""Paths that pages of any origin may call from a browser (Fetch Standard, section 3.3: CORS protocol)."""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ANSWER = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "*"}
_PREFLIGHT = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "*",
    # The wildcard means every header but this one.
    "Access-Control-Allow-Headers": "Authorization, *",
    "Access-Control-Max-Age": "7200",
}


class AnyOrigin:
    """Lets pages of any origin call the paths that match from their beginning on, never with cookies; pure ASGI.

    Every answer there says so, whoever asks, so that caches may hand it to pages.
    """

    def __init__(self, app: ASGIApp, *, paths: re.Pattern[str]) -> None:
        """Stand before this app."""
        self.app = app
        self._paths = paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a browser that asks first; pass on everything else."""
        if scope["type"] != "http" or not self._paths.match(scope["path"]):
            await self.app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS" and "access-control-request-method" in Headers(scope=scope):
            await Response(status_code=204, headers=_PREFLIGHT)(scope, receive, send)
            return

        async def labelled(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_ANSWER)
            await send(message)

        await self.app(scope, receive, labelled)
