"""Stock Faust at its best: `take(1000)`, the same fold, one find, one bulk write, the sends awaited together.

It keeps no position with its effects, so a crash doubles, and it acknowledges what a raising agent took, so a fault
loses: less work for each event than ours, not more.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import faust
from faust.contrib.asgi import faust_app_running
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection
from pymongo import ReplaceOne, WriteConcern

from bench.contenders.clock import Clock
from bench.contenders.spec import Run, Spec
from bench.grading import key_of, learner_assessed
from services.assessment.progress import Progress
from services.assessment.store import PROGRESS
from shared.contracts.assessment import LearnerAssessed
from shared.contracts.envelope import Event
from shared.contracts.topics import ASSESSED, PASSED
from shared.contracts.wire import decode
from shared.kit.store import Document

TAKE = 1000
WITHIN_S = 0.5


async def run(spec: Spec) -> Run:
    """Fold all events."""
    clock = Clock(spec.events)
    client: AsyncIOMotorClient[Document] = AsyncIOMotorClient(spec.mongo_url, tz_aware=True)
    database = client.get_database(spec.database, write_concern=WriteConcern("majority"))
    app = _app(spec)
    passed = app.topic(spec.prefix + PASSED.name, key_serializer="raw", value_serializer="raw")

    async def grade(stream: Any) -> None:
        async for values in stream.take(TAKE, within=WITHIN_S):
            says = await _fold(database[PROGRESS.collection], values)
            await asyncio.gather(*[await passed.send(key=said.key.encode(), value=said.encode()) for said in says])
            clock.effect(len(values))

    assessed = app.topic(spec.prefix + ASSESSED.name, key_serializer="raw", value_serializer="raw", value_type=bytes)
    app.agent(assessed, name="grade", concurrency=1)(grade)
    async with faust_app_running(app):
        finished = await clock.all_done()
    client.close()
    return finished


async def _fold(progress: AsyncIOMotorCollection[Document], values: Sequence[bytes]) -> list[Event]:
    events = [event for value in values if isinstance(event := decode(ASSESSED, value), LearnerAssessed)]
    keys = {key_of(event) for event in events}
    states = {key: Progress.new(key) for key in keys}
    async for document in progress.find({"_id": {"$in": list(keys)}}, batch_size=TAKE + 1):
        states[document["_id"]] = PROGRESS.load(document)
    says: list[Event] = []
    for event in events:
        folded = learner_assessed(states[key_of(event)], event)
        states[key_of(event)] = folded.state
        says.extend(folded.says)
    await progress.bulk_write(
        [ReplaceOne({"_id": key}, {"_id": key, **PROGRESS.dump(state)}, upsert=True) for key, state in states.items()],
        ordered=False,
    )
    return says


def _app(spec: Spec) -> faust.App:
    # Its own defaults, but for what this machine has none of (tables on disk, a web server) and the beginning.
    return faust.App(
        f"{spec.prefix}{spec.database}",
        broker=f"kafka://{spec.bootstrap}",
        store="memory://",
        datadir=Path(spec.answer).with_suffix(".faust"),
        consumer_auto_offset_reset="earliest",
        topic_disable_leader=True,
        web_enabled=False,
    )
