"""The HTTP side of every service: one FastAPI app with bounds, probes, problems and notes on every request."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from shared.kit.access import Access
from shared.kit.api_document import ApiDocument
from shared.kit.auth import Tokens
from shared.kit.bounds import Bounds
from shared.kit.clock import now
from shared.kit.cors import AnyOrigin
from shared.kit.errors import PublishFailed, StoreUnavailable
from shared.kit.health import Health, probes
from shared.kit.metrics import Metrics
from shared.kit.problem import MEDIA_TYPE, Wording, problem_handlers
from shared.kit.settings import ServiceSettings

_UNAVAILABLE: Mapping[type[Exception], int] = {StoreUnavailable: 503, PublishFailed: 503}
_PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "reason"],
                "properties": {"field": {"type": "string"}, "reason": {"type": "string"}},
            },
        },
    },
    "example": {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "body: not JSON in UTF-8",
        "errors": [{"field": "body", "reason": "not JSON in UTF-8"}],
    },
}
#: What every route may answer besides what it declares; it also keeps FastAPI's own 422 out of the document.
_RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {"description": "What went wrong, as problem details", "content": {MEDIA_TYPE: {"schema": _PROBLEM}}}
}


def create_api(  # noqa: PLR0913 - the parts that an app is put together from
    title: str,
    settings: ServiceSettings,
    *,
    version: str = "0.1.0",
    routers: Sequence[APIRouter] = (),
    errors: Mapping[type[Exception], int] | None = None,
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None,
    tokens: Tokens | None = None,
    metrics: Metrics | None = None,
    health: Health | None = None,
    wordings: Sequence[Wording] = (),
    decoded: Collection[str] = (),
    any_origin: re.Pattern[str] | None = None,
) -> FastAPI:
    """Return the app, with `settings`, `tokens`, `metrics` and `clock` on its `state`.

    `reader` and `publisher` come there from whoever runs it. `errors` says which status a domain error is answered
    with, `wordings` in which words on which paths; without `routers` there are only the probes. Routes at the paths in
    `decoded` decode their JSON strictly, so that it is not parsed once before (`shared.kit.bounds`). Pages of any
    origin may call the paths that match `any_origin`.
    """
    metrics = metrics or Metrics()
    app = FastAPI(
        title=title,
        version=version,
        servers=[{"url": settings.public_url}],
        lifespan=lifespan,
        routes=_routes(probes(health or Health(started=True), metrics), *routers),
        redirect_slashes=False,
        # With its own document FastAPI brings pages that fetch their scripts from elsewhere.
        openapi_url=None,
    )
    if routers:
        app.router.routes.append(ApiDocument(lambda: app.openapi()).route())  # noqa: PLW0108 - FastAPI lets it be replaced
    app.state.settings = settings
    app.state.wordings = tuple(wordings)
    app.state.tokens = tokens or Tokens(settings.token_secret)
    app.state.metrics = metrics
    app.state.clock = now
    # Each stands before the one above it.
    problem_handlers(app, {**_UNAVAILABLE, **(errors or {})})
    app.add_middleware(Bounds, decoded=decoded)
    if any_origin is not None:
        app.add_middleware(AnyOrigin, paths=any_origin)
    app.add_middleware(Access, metrics=metrics)
    return app


def _routes(*routers: APIRouter) -> list[BaseRoute]:
    # The routers' own: what FastAPI includes it takes apart once more, with all types, before the first request.
    routes = [route for router in routers for route in router.routes]
    for route in routes:
        if isinstance(route, APIRoute):
            route.responses = {**_RESPONSES, **route.responses}
    return routes
