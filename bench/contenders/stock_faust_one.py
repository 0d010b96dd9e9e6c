"""Stock Faust as its tutorials show it: an agent that awaits one write for each event, and each send."""

from typing import Any

from faust.contrib.asgi import faust_app_running

from bench.contenders.clock import Clock
from bench.contenders.motor_one import Appender
from bench.contenders.spec import Run, Spec
from bench.contenders.stock_app import stock_app
from shared.contracts.assessment import LearnerAssessed
from shared.contracts.topics import ASSESSED
from shared.contracts.wire import decode


async def run(spec: Spec) -> Run:
    """Write all events."""
    clock = Clock(spec.events)
    appender = Appender(spec)
    app, assessed, passed = stock_app(spec)

    async def grade(stream: Any) -> None:
        async for value in stream:
            event = decode(ASSESSED, value)
            assert isinstance(event, LearnerAssessed)
            for said in await appender.append(event):
                await passed.send(key=said.key.encode(), value=said.encode())
            clock.effect(1)

    app.agent(assessed, name="grade", concurrency=1)(grade)
    async with faust_app_running(app):
        finished = await clock.all_done()
    appender.close()
    return finished
