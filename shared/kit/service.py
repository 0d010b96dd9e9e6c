"""A service as its main.py writes it down."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI

from shared.kit.health import Health
from shared.kit.http import create_api
from shared.kit.letter_routes import letter_routes
from shared.kit.metrics import Metrics
from shared.kit.problem import Wording
from shared.kit.roles import Role
from shared.kit.settings import ServiceSettings
from shared.kit.store import Store
from shared.kit.worker import Worker


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What a service is made of.

    `errors` says which status a domain error is answered with, `wordings` in which words on which paths; pages of any
    origin may call the paths that match `any_origin`. `on_start(app)` runs before the first request, where the
    service's own routes are served. `bridge(store)` makes the worker of the role `bridge`, which reads topics that are
    somebody else's: apart, so that neither can hold up the other. `chores` run for as long as the process does,
    whatever its role, and in the one that folds beside it; none of them may raise. Routes find `settings`, `tokens`,
    `reader`, `publisher` and the event `stopping` (for answers without an end) on `request.app.state`.
    """

    name: str
    title: str
    settings: ServiceSettings
    worker: Worker
    routers: Sequence[APIRouter] = ()
    errors: Mapping[type[Exception], int] = field(default_factory=dict)
    wordings: Sequence[Wording] = ()
    any_origin: re.Pattern[str] | None = None
    on_start: Callable[[FastAPI], Awaitable[None]] | None = None
    bridge: Callable[[Store], Awaitable[Worker]] | None = None
    chores: Sequence[Callable[[], Coroutine[Any, Any, None]]] = ()
    decoded: Collection[str] = ()
    version: str = field(default_factory=lambda: version("microcred"))

    async def worker_of(self, role: Role, store: Store) -> Worker:
        """Return what a role folds with."""
        return await self.bridge(store) if role is Role.BRIDGE and self.bridge is not None else self.worker

    def api(self, role: Role, metrics: Metrics, health: Health) -> FastAPI:
        """Return what a role answers: the routes and the probes, or the probes alone."""
        app = create_api(
            self.title,
            self.settings,
            version=self.version,
            routers=(*self.routers, letter_routes(self.name)) if role.answers else (),
            errors=self.errors,
            wordings=self.wordings,
            any_origin=self.any_origin,
            decoded=self.decoded,
            metrics=metrics,
            health=health,
        )
        app.state.stopping = asyncio.Event()
        return app
