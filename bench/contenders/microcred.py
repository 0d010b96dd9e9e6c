"""Ours: the engine as every service runs it."""

import asyncio

from bench.contenders.clock import Clock, ClockedProgress
from bench.contenders.spec import Run, Spec
from bench.grading import grading_worker
from shared.kit.engine import Engine
from shared.kit.mongo import MongoStore
from shared.kit.producer import KafkaPublisher


async def run(spec: Spec) -> Run:
    """Fold all events; raises what ended the engine if something did."""
    clock = Clock(spec.events)
    store = MongoStore(spec.mongo_url, spec.database)
    publisher = KafkaPublisher(spec.bootstrap, topic_prefix=spec.prefix)
    engine = Engine(grading_worker(), spec.settings, store, publisher)
    engine.progress = ClockedProgress(clock)
    await engine.start()
    try:
        return await _first_of(clock, engine)
    finally:
        await engine.stop()
        await publisher.close()
        await store.close()


async def _first_of(clock: Clock, engine: Engine) -> Run:
    finished = asyncio.create_task(clock.all_done())
    failed = asyncio.create_task(engine.wait_failed())
    done, pending = await asyncio.wait({finished, failed}, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    if failed in done:
        raise failed.result()
    return finished.result()
