"""The parts of a process, put together: this one's, and those of the one that folds beside it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import structlog

from shared.kit.apart import Apart
from shared.kit.generations import Generations
from shared.kit.health import Health
from shared.kit.life import Life
from shared.kit.loop_lag import watched_loop
from shared.kit.metrics import Metrics
from shared.kit.ports import Ports
from shared.kit.producer import Publisher
from shared.kit.roles import Role
from shared.kit.service import Service
from shared.kit.watchdog import Watchdog

_log = structlog.get_logger(__name__)


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
            store, publisher = _plugged_in(service, ports, stack)
            if apart is not None:
                stack.push_async_callback(apart.close)
            engine = (
                ports.engine(await service.worker_of(role, store), settings, store, publisher, apart)
                if role.works
                else None
            )
            progress = engine.progress if engine else None
            metrics = progress.metrics if progress else Metrics()
            health = Health(reader=store, progress=progress, stalled_after_s=settings.stalled_after_s)
            app = service.api(role, metrics, health)
            app.state.reader, app.state.publisher = store, publisher
            if service.on_start is not None and role.answers:
                await service.on_start(app)
            await stack.enter_async_context(watched_loop(metrics))
            await stack.enter_async_context(beside(service.chores))
            return await Life(app, settings, health, engine, watchdog).live(listener)
    except Exception:  # noqa: BLE001 - whatever it was, it is logged, and the process ends with status 1
        _log.exception("service.failed")
        return 1


def fold_apart(service: Service, role: Role, ports: Ports, listener: socket.socket) -> Apart | None:
    """Fork the process that folds beside this one, where the role and the settings want one.

    To be called before there is an event loop. The listener is this process's alone.
    """
    # A bridge reads less than a processor can; and what it knows of its platforms is made when it starts.
    if not service.settings.folds_apart or role not in (Role.WORKER, Role.ALL):
        return None
    from shared.kit.apart_process import Folder, forked

    async def fold(line: socket.socket) -> None:
        listener.close()
        async with AsyncExitStack() as stack:
            store, publisher = _plugged_in(service, ports, stack)
            await stack.enter_async_context(beside(service.chores))
            await Folder(service.worker, store, publisher).serve(line)

    return forked(fold)


def _plugged_in(service: Service, ports: Ports, stack: AsyncExitStack) -> tuple[Generations, Publisher]:
    store = Generations(ports.store(service.settings, service.name))
    stack.push_async_callback(store.close)
    publisher = ports.publisher(service.settings)
    stack.push_async_callback(publisher.close)
    return store, publisher


@asynccontextmanager
async def beside(chores: Sequence[Callable[[], Coroutine[Any, Any, None]]]) -> AsyncIterator[None]:
    """Run the chores meanwhile."""
    tasks = [asyncio.create_task(chore()) for chore in chores]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
