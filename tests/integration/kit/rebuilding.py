"""Rebuilds in a test: on the rig's log and database, with what they tell, and deaths where a test wants them."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from shared.kit.rebuild.merge import Partition
from shared.kit.rebuild.process import log_at
from shared.kit.rebuild.rebuilder import Rebuilder
from shared.kit.rebuild.replay import Log
from shared.kit.rebuild.wish import Wish
from shared.kit.worker import Worker
from shared.testing.counting import counting_worker
from tests.integration.kit.rig import Rig


class Killed(BaseException):
    """The process is gone: nothing that catches errors may catch this."""


class Told:
    """All that a rebuild tells; it dies when it tells `dies_at` for the `nth` time."""

    def __init__(self, dies_at: str = "", nth: int = 1) -> None:
        self.lines: list[dict[str, Any]] = []
        self._dies_at, self._nth = dies_at, nth

    def __call__(self, step: str, **details: Any) -> None:
        self.lines.append({"rebuild": step, **details})
        if step == self._dies_at and len(self.of(step)) == self._nth:
            raise Killed(step)

    def of(self, step: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["rebuild"] == step]

    @property
    def parity(self) -> dict[str, tuple[int, int, int, int]]:
        names = ("same", "only_old", "only_new", "different")
        return {each["collection"]: tuple(each[name] for name in names) for each in self.of("parity")}


async def rebuild(
    rig: Rig,
    told: Told,
    worker: Worker | None = None,
    *,
    release: str = "1",
    most: int = 200,
    gone: Mapping[Partition, int] | None = None,
    **wish: Any,
) -> int:
    """Rebuild in this process; `gone` is where partitions begin, for a broker that cannot delete records."""

    async def log_of(topics: Sequence[str]) -> Log:
        log = await asyncio.to_thread(log_at, rig.bootstrap, rig.prefix, topics)
        return replace(log, firsts={**log.firsts, **(gone or {})})

    rebuilder = Rebuilder(worker or counting_worker(), rig.store, log_of, told, release, most)
    return await rebuilder.run(Wish(**wish))


@asynccontextmanager
async def stream(rig: Rig, *, each: int = 10, pause_s: float = 0.05) -> AsyncIterator[None]:
    """Publish without a break, until the end of the block."""
    ended = asyncio.Event()

    async def publish() -> None:
        while not ended.is_set():
            await rig.publish(each)
            await asyncio.sleep(pause_s)

    publishing = asyncio.create_task(publish())
    try:
        yield
    finally:
        ended.set()
        await publishing
