"""A real worker on a database that never ends a chunk's transaction."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from shared.kit.mongo import MongoStore
from shared.kit.ports import Ports
from shared.kit.service import Service, run
from shared.kit.settings import ServiceSettings
from shared.testing.counting import counting_worker


class Stuck(MongoStore):
    """Lets the takeover through, and holds every chunk for ever."""

    taken_over = False

    async def transact(self, work: Callable[[Any], Awaitable[Any]]) -> Any:
        """Say that a chunk came, and never return."""
        if self.taken_over:
            structlog.get_logger("stuck").info("chunk.came")
            await asyncio.Event().wait()
        self.taken_over = True
        return await super().transact(work)


def service(settings: ServiceSettings) -> Service:
    """The counting worker, stuck."""
    return Service(name="stuck", title="Stuck", settings=settings, worker=counting_worker())


PORTS = Ports(store=lambda settings, name: Stuck(settings.mongo_url, settings.database_prefix + name))

if __name__ == "__main__":
    raise SystemExit(run(service, ServiceSettings, ports=PORTS))
