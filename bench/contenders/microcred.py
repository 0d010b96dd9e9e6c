"""Ours: the engine as every service runs it."""

import asyncio
from collections.abc import Sequence

from bench.contenders.clock import Clock
from bench.contenders.reader import Reader
from bench.contenders.spec import Run, Spec
from bench.grading import grading_worker
from shared.contracts.topics import Topic
from shared.kit.chunk import Committed, commit
from shared.kit.engine import Engine
from shared.kit.ledger import Batch
from shared.kit.mongo import MongoStore
from shared.kit.producer import KafkaPublisher
from shared.kit.settings import ServiceSettings
from shared.kit.telemetry import Progress
from shared.kit.worker import Worker


class ClockedProgress(Progress):
    """The engine's own progress, with a clock that hears of each finished chunk."""

    def __init__(self, clock: Clock) -> None:
        """Tell this clock."""
        super().__init__()
        self._told = clock

    def chunk(self, batches: Sequence[Batch], committed: Committed, seconds: float) -> None:
        """Count a finished chunk, and note its effect."""
        super().chunk(batches, committed, seconds)
        self._told.effect(committed.events)


async def run(spec: Spec) -> Run:
    """Fold all events with the handler that all contenders share."""
    return await fold(spec, grading_worker(), MongoStore(spec.mongo_url, spec.database))


async def fold(spec: Spec, worker: Worker, store: MongoStore, settings: ServiceSettings | None = None) -> Run:
    """Let a worker fold all events with its settings, or every service's; raises what ended the engine if it ended."""
    clock = Clock(spec.events)
    publisher = KafkaPublisher(spec.bootstrap, topic_prefix=spec.prefix)
    engine = Engine(worker, settings or spec.settings, store, publisher)
    engine.progress = ClockedProgress(clock)
    await engine.start()
    try:
        return await _first_of(clock, engine)
    finally:
        await engine.stop()
        await publisher.close()
        await store.close()


async def begin(spec: Spec, topic: Topic, worker: Worker, store: MongoStore) -> None:
    """Fold all that stands on a topic before anything is measured."""
    reader = Reader(spec, topic)
    while not reader.at_end():
        if batches := reader.batches(spec.settings.fetch_records):
            await commit(worker, batches, store)
    reader.close()


async def _first_of(clock: Clock, engine: Engine) -> Run:
    finished = asyncio.create_task(clock.all_done())
    failed = asyncio.create_task(engine.wait_failed())
    done, pending = await asyncio.wait({finished, failed}, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    if failed in done:
        raise failed.result()
    return finished.result()
