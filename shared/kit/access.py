"""Every request with its number: request id and trace context in and out, one line in the log, one count."""

import re
import time
from collections.abc import MutableMapping
from typing import Any
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.kit.metrics import Metrics
from shared.kit.trace import traceparent

PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_log = structlog.get_logger(__name__)


class Access:
    """Notes every request; sets `request.state.request_id` and `request.state.traceparent`; pure ASGI."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        """Stand before this app."""
        self.app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note how it ended."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        ids = _ids(Headers(scope=scope))
        scope.setdefault("state", {}).update(ids)
        status = 0

        async def labelled(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message).update(
                    {"X-Request-Id": ids["request_id"], "traceparent": ids["traceparent"]}
                )
            await send(message)

        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(**ids):
            try:
                await self.app(scope, receive, labelled)
            finally:
                self._note(scope, status, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        # Paths and methods that we do not know are counted together: clients could make up any number of them.
        route = getattr(scope.get("route"), "path", "unmatched")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.request_seconds.labels(method, route).observe(seconds)
        note = _log.debug if scope["path"] in PROBES else _log.info
        note("request", method=method, path=scope["path"], route=route, status=status, seconds=round(seconds, 6))


def _ids(headers: Headers) -> MutableMapping[str, Any]:
    given = headers.get("x-request-id", "")
    return {
        "request_id": given if _REQUEST_ID.fullmatch(given) else str(uuid4()),
        "traceparent": traceparent(headers.get("traceparent")),
    }
