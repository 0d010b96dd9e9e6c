"""The smallest service there can be, with an engine that behaves as it is told: `MICROCRED_ENGINE=fails`."""

import asyncio
import time
from typing import Literal

import structlog
from fastapi import APIRouter, Request
from pydantic import Field

from shared.kit.apart import Apart
from shared.kit.errors import StoreUnavailable
from shared.kit.ports import Ports
from shared.kit.producer import Publisher
from shared.kit.run import run
from shared.kit.service import Service
from shared.kit.settings import ServiceSettings
from shared.kit.store import Store
from shared.kit.telemetry import Progress
from shared.kit.worker import Worker
from shared.testing.memory import MemoryPublisher, MemoryStore

Manner = Literal[
    "works", "fails", "cannot start", "starts slowly", "stops slowly", "cannot stop", "never stops", "hangs"
]
ROUTES = APIRouter(prefix="/v1")
_log = structlog.get_logger("tiny")


class TinySettings(ServiceSettings):
    """Settings with the engine's manner."""

    engine: Manner = Field("works", description="how the engine behaves")
    on_start_fails: bool = Field(default=False, description="whether the start of the routes fails")


class TinyEngine:
    """An engine without a stream."""

    def __init__(self, manner: Manner) -> None:
        self.progress = Progress()
        self._manner = manner

    async def start(self) -> None:
        if self._manner == "cannot start":
            raise StoreUnavailable("the database is not there")
        if self._manner == "starts slowly":
            await asyncio.sleep(3600)
        _log.info("engine.started")

    async def wait_failed(self) -> BaseException:
        if self._manner == "fails":
            await asyncio.sleep(0.2)
            return StoreUnavailable("the database went away")
        never: asyncio.Future[BaseException] = asyncio.get_running_loop().create_future()
        return await never

    async def stop(self) -> None:
        if self._manner == "cannot stop":
            raise RuntimeError("no way out")
        if self._manner == "hangs":
            time.sleep(3600)  # noqa: ASYNC251 - the event loop hangs: this is what is tested
        while self._manner == "never stops":
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                continue
        await asyncio.sleep(0.5 if self._manner == "stops slowly" else 0)
        _log.info("engine.stopped")


@ROUTES.get("/slow")
async def slow() -> str:
    """Answer after a while."""
    _log.info("slow.asked")
    await asyncio.sleep(0.5)
    return "done"


@ROUTES.get("/endless")
async def endless(request: Request) -> str:
    """Answer when the service stops."""
    _log.info("endless.asked")
    await request.app.state.stopping.wait()
    return "ended"


def service(settings: TinySettings) -> Service:
    """The tiny service: it does nothing, in order."""

    async def on_start(app: object) -> None:
        if settings.on_start_fails:
            raise RuntimeError("no way in")
        _log.info("routes.started")

    return Service(
        name="tiny", title="Tiny", settings=settings, worker=Worker("tiny"), routers=[ROUTES], on_start=on_start
    )


def _engine(_: Worker, settings: ServiceSettings, __: Store, ___: Publisher, ____: Apart | None) -> TinyEngine:
    assert isinstance(settings, TinySettings)
    return TinyEngine(settings.engine)


PORTS = Ports(store=lambda *_: MemoryStore(), publisher=lambda _: MemoryPublisher(), engine=_engine)

if __name__ == "__main__":
    raise SystemExit(run(service, TinySettings, ports=PORTS))
