"""Quix Streams as its documentation shows it: one write for each event with PyMongo, passes on to a topic.

It runs in an environment of its own, `.venv-quix`: it wants an older confluent-kafka than ours.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from pymongo import MongoClient, WriteConcern
from quixstreams import Application

from bench.contenders.clock import STILL_S, Clock
from bench.contenders.one_by_one import folded
from bench.contenders.spec import Run, Spec
from bench.grading import key_of
from services.assessment.store import PROGRESS
from shared.contracts.assessment import LearnerAssessed
from shared.contracts.envelope import Event
from shared.contracts.topics import ASSESSED, PASSED
from shared.contracts.wire import decode

if TYPE_CHECKING:
    from shared.kit.store import Document


def run(spec: Spec) -> Run:
    """Write all events; in the main thread, where Quix Streams hears signals."""
    clock = Clock(spec.events)
    client: MongoClient[Document] = MongoClient(spec.mongo_url, tz_aware=True)
    progress = client.get_database(spec.database, write_concern=WriteConcern("majority"))[PROGRESS.collection]
    app = Application(
        broker_address=spec.bootstrap,
        consumer_group=spec.prefix + spec.database,
        auto_offset_reset="earliest",
        auto_create_topics=False,
        state_dir=Path(spec.answer).with_suffix(".quix"),
        loglevel=None,
    )
    assessed = app.topic(spec.prefix + ASSESSED.name, value_deserializer="bytes")
    passed = app.topic(spec.prefix + PASSED.name, value_serializer="bytes")

    def grade(value: bytes) -> list[Event]:
        event = decode(ASSESSED, value)
        assert isinstance(event, LearnerAssessed)
        where = {"_id": key_of(event)}
        document, says = folded(event, progress.find_one(where))
        progress.replace_one(where, document, upsert=True)
        clock.effect(1)
        if clock.complete:
            app.stop()
        return list(says)

    frame = app.dataframe(assessed).apply(grade, expand=True)
    frame.apply(lambda said: said.encode()).to_topic(passed)
    app.run(timeout=STILL_S)
    client.close()
    return clock.run
