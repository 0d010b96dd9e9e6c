"""A real worker that never ends a chunk's transaction: `MICROCRED_STUCK` says whether it has written by then."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Any, Literal

import structlog
from pydantic import Field

from shared.kit.mongo import MongoStore
from shared.kit.ports import Ports
from shared.kit.run import run
from shared.kit.service import Service
from shared.kit.settings import ServiceSettings
from shared.testing.counting import counting_worker
from tests.integration.kit.rig import SESSION_S

_WORKER = os.getpid()


class StuckSettings(ServiceSettings):
    """Settings with the point at which every chunk is stuck, and with sessions as short as the broker takes them."""

    stuck: Literal["before", "written"] = Field("before", description="before the transaction, or when all is written")
    session_timeout_s: float = SESSION_S


class Stuck(MongoStore):
    """Lets the takeover through, and holds every chunk for ever."""

    point = "before"
    #: The process that folds beside the worker's own takes nothing over.
    taken_over = False

    async def transact(self, work: Callable[[Any], Awaitable[Any]]) -> Any:
        """Say that a chunk came, and never return."""

        async def held(unit: Any) -> Any:
            await work(unit)
            await _for_ever()

        if not self.taken_over:
            self.taken_over = True
            return await super().transact(work)
        return await (super().transact(held) if self.point == "written" else _for_ever())


async def _for_ever() -> None:
    structlog.get_logger("stuck").info("chunk.came")
    await asyncio.Event().wait()


def _store(settings: ServiceSettings, name: str) -> Stuck:
    assert isinstance(settings, StuckSettings)
    store = Stuck(settings.mongo_url, settings.database_prefix + name)
    store.point = settings.stuck
    store.taken_over = os.getpid() != _WORKER
    return store


def service(settings: StuckSettings) -> Service:
    """The counting worker, stuck."""
    return Service(name="stuck", title="Stuck", settings=settings, worker=counting_worker())


PORTS = Ports(store=_store)

if __name__ == "__main__":
    raise SystemExit(run(service, StuckSettings, ports=PORTS))
