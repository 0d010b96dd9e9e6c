"""A service as its main.py writes it down, and `run`, which makes a process of it."""

import asyncio
import re
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any, TypeVar

import structlog
import uvloop
from fastapi import APIRouter, FastAPI

from shared.kit.apart import Apart
from shared.kit.collector import calm
from shared.kit.generations import Generations
from shared.kit.health import Health
from shared.kit.http import create_api
from shared.kit.letter_routes import letter_routes
from shared.kit.life import Life
from shared.kit.logs import configure_logging
from shared.kit.loop_lag import watched_loop
from shared.kit.metrics import Metrics
from shared.kit.ports import Ports
from shared.kit.problem import Wording
from shared.kit.rebuild.wish import Wish
from shared.kit.roles import Role, parse_command
from shared.kit.settings import ServiceSettings, SettingsError, load_settings, variable
from shared.kit.store import Store
from shared.kit.tls import require_tls_files
from shared.kit.watchdog import Watchdog
from shared.kit.worker import Worker

S = TypeVar("S", bound=ServiceSettings)
_BACKLOG = 2048
_log = structlog.get_logger(__name__)


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


def run(
    make: Callable[[S], Service], settings: type[S], argv: Sequence[str] | None = None, *, ports: Ports | None = None
) -> int:
    """Run a service until SIGTERM or SIGINT, and return the exit status: 0 stopped, 1 failed, 2 could not start.

    A rebuild ends by itself: 0 switched, 1 failed, 3 differences were found.
    """
    command = parse_command(argv, about=make.__doc__ or "", settings=settings)
    role, ports = command.role, ports or Ports()
    try:
        service = make(load_settings(settings))
        _require_topics(service, role)
        if role is Role.REBUILD:
            return _rebuild(service, ports, command.wish)
        require_tls_files(service.settings)
        listener = listen(service.settings)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    configure_logging(service.settings.log_level, service.settings.log_format, service=service.name)
    calm()
    apart = _apart(service, role, ports, listener)
    watchdog = Watchdog()
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(serve(service, role, ports, listener, watchdog, apart))
    finally:
        watchdog.disarm()


def _require_topics(service: Service, role: Role) -> None:
    if role is Role.BRIDGE and service.bridge is None:
        raise SettingsError(f"{service.name} is told to read no topic of a platform; --help says what it can be told")


def _rebuild(service: Service, ports: Ports, wish: Wish) -> int:
    from shared.kit.rebuild.process import rebuild

    settings = service.settings
    # Standard output is for what the rebuild tells.
    configure_logging(settings.log_level, settings.log_format, service=service.name, stream=sys.stderr)

    async def rebuilt() -> int:
        store = ports.store(settings, service.name)
        async with _beside(service.chores):
            return await rebuild(service.worker, settings, store, wish, service.version)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(rebuilt())


def _apart(service: Service, role: Role, ports: Ports, listener: socket.socket) -> Apart | None:
    # A bridge reads less than a processor can; and what it knows of its platforms is made when it starts.
    if not service.settings.folds_apart or role not in (Role.WORKER, Role.ALL):
        return None
    from shared.kit.apart_process import Folder, forked

    async def fold(line: socket.socket) -> None:
        listener.close()
        async with AsyncExitStack() as stack:
            store = Generations(ports.store(service.settings, service.name))
            stack.push_async_callback(store.close)
            publisher = ports.publisher(service.settings)
            stack.push_async_callback(publisher.close)
            await stack.enter_async_context(_beside(service.chores))
            await Folder(service.worker, store, publisher).serve(line)

    return forked(fold)


async def serve(  # noqa: PLR0913, PLR0917 - the parts of a process
    service: Service,
    role: Role,
    ports: Ports,
    listener: socket.socket,
    watchdog: Watchdog,
    apart: Apart | None = None,
) -> int:
    """Put the parts of one role together, live their life, and return the exit status."""
    settings = service.settings
    try:
        async with AsyncExitStack() as stack:
            store = Generations(ports.store(settings, service.name))
            stack.push_async_callback(store.close)
            publisher = ports.publisher(settings)
            stack.push_async_callback(publisher.close)
            if apart is not None:
                stack.push_async_callback(apart.close)
            engine = (
                ports.engine(await _worker(service, role, store), settings, store, publisher, apart)
                if role.works
                else None
            )
            progress = engine.progress if engine else None
            metrics = progress.metrics if progress else Metrics()
            health = Health(reader=store, progress=progress, stalled_after_s=settings.stalled_after_s)
            app = _app(service, role, metrics, health)
            app.state.reader, app.state.publisher = store, publisher
            if service.on_start is not None and role.answers:
                await service.on_start(app)
            await stack.enter_async_context(watched_loop(metrics))
            await stack.enter_async_context(_beside(service.chores))
            return await Life(app, settings, health, engine, watchdog).live(listener)
    except Exception:  # noqa: BLE001 - whatever it was, it is logged, and the process ends with status 1
        _log.exception("service.failed")
        return 1


@asynccontextmanager
async def _beside(chores: Sequence[Callable[[], Coroutine[Any, Any, None]]]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(chore()) for chore in chores]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _worker(service: Service, role: Role, store: Store) -> Worker:
    return await service.bridge(store) if role is Role.BRIDGE and service.bridge is not None else service.worker


def _app(service: Service, role: Role, metrics: Metrics, health: Health) -> FastAPI:
    app = create_api(
        service.title,
        service.settings,
        version=service.version,
        routers=(*service.routers, letter_routes(service.name)) if role.answers else (),
        errors=service.errors,
        wordings=service.wordings,
        any_origin=service.any_origin,
        decoded=service.decoded,
        metrics=metrics,
        health=health,
    )
    app.state.stopping = asyncio.Event()
    return app


def listen(settings: ServiceSettings) -> socket.socket:
    """Return the socket that requests come in by.

    Raises:
        SettingsError: when the address cannot be had.

    """
    address = (settings.http_host, settings.http_port)
    family = socket.AF_INET6 if ":" in settings.http_host else socket.AF_INET
    try:
        return socket.create_server(address, family=family, backlog=_BACKLOG)
    except OSError as error:
        cure = f"stop what uses it, or set {variable('http_host')} and {variable('http_port')} to another address"
        raise SettingsError(f"cannot listen on {address[0]}:{address[1]} ({error.strerror}): {cure}") from error
