"""How late the event loop wakes up: what keeps HTTP, the stream and the heartbeat waiting at the same time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from shared.kit.metrics import Metrics

_TICK_S = 0.1


@asynccontextmanager
async def watched_loop(metrics: Metrics) -> AsyncIterator[None]:
    """Measure how late the event loop wakes up."""
    watching = asyncio.create_task(_watch(metrics), name="loop lag")
    try:
        yield
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


async def _watch(metrics: Metrics) -> None:
    clock = asyncio.get_running_loop().time
    while True:
        worst = 0.0
        for _ in range(round(1 / _TICK_S)):
            due = clock() + _TICK_S
            await asyncio.sleep(_TICK_S)
            worst = max(worst, clock() - due)
        metrics.loop_lag.set(worst)
