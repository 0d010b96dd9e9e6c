"""Stock Faust at its best: `take(1000)`, the same fold, one find, one bulk write, the sends awaited together.

It keeps no position with its effects, so a crash doubles, and it acknowledges what a raising agent took, so a fault
loses: less work for each event than ours, not more.
"""

import asyncio
from typing import Any

from faust.contrib.asgi import faust_app_running

from bench.contenders.clock import Clock
from bench.contenders.folded import Folder
from bench.contenders.spec import Run, Spec
from bench.contenders.stock_app import stock_app

TAKE = 1000
WITHIN_S = 0.5


async def run(spec: Spec) -> Run:
    """Fold all events."""
    clock = Clock(spec.events)
    folder = Folder(spec)
    app, assessed, passed = stock_app(spec)

    async def grade(stream: Any) -> None:
        async for values in stream.take(TAKE, within=WITHIN_S):
            says = await folder.fold(values)
            await asyncio.gather(*[await passed.send(key=said.key.encode(), value=said.encode()) for said in says])
            clock.effect(len(values))

    app.agent(assessed, name="grade", concurrency=1)(grade)
    async with faust_app_running(app):
        finished = await clock.all_done()
    folder.close()
    return finished
