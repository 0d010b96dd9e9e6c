"""Ours: the engine as every service runs it."""

import asyncio
import socket
from collections.abc import Sequence
from functools import partial

import uvloop

from bench.contenders.clock import Clock
from bench.contenders.reader import Reader
from bench.contenders.spec import Run, Spec
from bench.grading import grading_worker
from shared.contracts.topics import Topic
from shared.kit.apart import Apart
from shared.kit.apart_process import Folder, forked
from shared.kit.chunk import Outcome, commit
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

    def chunk(self, batches: Sequence[Batch], outcome: Outcome, seconds: float) -> None:
        """Count a finished chunk, and note its effect."""
        super().chunk(batches, outcome, seconds)
        self._told.effect(outcome.events)


def run(spec: Spec) -> Run:
    """Fold all events with the handler that all contenders share."""
    return fold(spec, grading_worker())


def fold(spec: Spec, worker: Worker, settings: ServiceSettings | None = None, *, first: Sequence[Topic] = ()) -> Run:
    """Let a worker fold all events with its settings, or every service's; raises what ended the engine if it ended.

    What stands on the topics named in `first` is folded before anything is measured.
    """
    settings = settings or spec.settings
    apart = beside(spec, worker, settings)

    async def here() -> Run:
        store = MongoStore(spec.mongo_url, spec.database)
        for topic in first:
            await _begin(spec, topic, worker, store)
        return await measured(spec, worker, store, settings, apart)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(here())


def beside(spec: Spec, worker: Worker, settings: ServiceSettings) -> Apart | None:
    """Return the process that folds beside this one, where the settings want it; before any loop runs."""
    return forked(partial(_folding, spec, worker)) if settings.folds_apart else None


async def measured(
    spec: Spec, worker: Worker, store: MongoStore, settings: ServiceSettings, apart: Apart | None = None
) -> Run:
    """Return the run of one engine; what it works with is closed at the end."""
    clock = Clock(spec.events, beside=apart.pid if apart else None)
    publisher = KafkaPublisher(spec.bootstrap, topic_prefix=spec.prefix)
    engine = Engine(worker, settings, store, publisher, apart)
    engine.progress = ClockedProgress(clock)
    await engine.start()
    try:
        return await _first_of(clock, engine)
    finally:
        await engine.stop()
        if apart is not None:
            await apart.close()
        await publisher.close()
        await store.close()


async def _folding(spec: Spec, worker: Worker, line: socket.socket) -> None:
    store = MongoStore(spec.mongo_url, spec.database)
    publisher = KafkaPublisher(spec.bootstrap, topic_prefix=spec.prefix)
    await Folder(worker, store, publisher).serve(line)
    await publisher.close()
    await store.close()


async def _begin(spec: Spec, topic: Topic, worker: Worker, store: MongoStore) -> None:
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
