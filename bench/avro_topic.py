"""A platform's topic full of Avro: three signals of Open edX for many learners, and what they must become."""

import asyncio
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import fastavro
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from services.enrolment.bridge.worker import bridge_worker
from services.enrolment.platforms.avro import datum, split
from services.enrolment.platforms.openedx.schema_files import committed
from services.enrolment.settings import Settings
from services.enrolment.store import OFFERINGS
from shared.contracts.topics import PLATFORM_EVENTS
from shared.contracts.wire import ContractError
from shared.kit.ledger import Record
from shared.kit.store import Document
from shared.testing.memory import MemoryStore
from shared.testing.openedx import ROOT, Published, record
from shared.testing.openedx_data import COURSE

PARTITIONS = 6
SIGNALS = (
    "course.enrollment.created.v1",
    "course.persistent_grade_summary.changed.v1",
    "course.passing.status.updated.v1",
)
_ADMIN_S = 15.0
_AT_ONCE = 5_000


def topic_of(prefix: str) -> str:
    """Return the name of the platform's topic that belongs to a log of ours."""
    return f"{prefix}learning-lifecycle"


def settings_of(prefix: str, secret: Path, **more: Any) -> Settings:
    """Return what the bridge is told."""
    topics = {topic_of(prefix): {"tenant": "bench", "platform": "openedx", "home": "https://lms.example.org"}}
    return Settings(token_secret_file=secret, **{"openedx_topics": topics, **more})


def offering() -> Document:
    """Return the offering that the course delivers, as it stands in the read model."""
    definition = {"offering": "data", "runs": [{"course": COURSE, "whole": "whole"}]}
    state = type(OFFERINGS.new("bench/data"))("bench", "data", 1, "e", "v", definition)
    return {"_id": state.key, **OFFERINGS.dump(state)}


def records(count: int, learners: int) -> Iterator[Published]:
    """Yield so many records, each of another time, in turns of three signals; their bytes are those of the bus."""
    made = [_Varied(name) for name in SIGNALS]
    for number in range(count):
        yield made[number % len(made)].record(1 + number // len(made) % learners, number)


class _Varied:
    """One record of Open edX's own, again and again for other learners: its classes take long to write one."""

    def __init__(self, name: str) -> None:
        self._first = record(name)
        schema = committed(ROOT + name)
        assert schema is not None
        self._schema = schema
        self._datum = datum(schema, split(self._first.value)[1])
        self._others = tuple(pair for pair in self._first.headers if pair[0] not in {"ce_id", "ce_time"})

    def record(self, user: int, number: int) -> Published:
        raw = io.BytesIO()
        raw.write(self._first.value[:5])
        fastavro.schemaless_writer(raw, self._schema, _for(self._datum, user))
        minutes, seconds = divmod(number % 86_400, 60)
        day = f"2026-01-{1 + number // 86_400:02d}T{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}+00:00"
        headers = (*self._others, ("ce_id", f"bench-{number}".encode()), ("ce_time", day.encode()))
        return Published(str(user).encode(), raw.getvalue(), headers)


def _for(data: Mapping[str, Any], user: int) -> dict[str, Any]:
    changed = {}
    for name, value in data.items():
        changed[name] = _for(value, user) if isinstance(value, dict) else value
    if "user_id" in changed:
        changed["user_id"] = user
    if "pii" in changed:
        pii = {"username": f"aroha{user}", "email": f"aroha{user}@example.org", "name": f"Aroha T {user}"}
        changed |= {"id": user, "pii": pii}
    return changed


class AvroTruth:
    """What must stand on `platform.events`: each record's event once, translated one by one, without the machinery."""

    def __init__(self, prefix: str, secret: Path) -> None:
        """Begin with nothing."""
        store = MemoryStore()
        store.put(OFFERINGS.collection, offering())
        self._codec = bridge_worker(settings_of(prefix, secret), store).codecs[topic_of(prefix)]
        self.said: dict[str, set[str]] = {PLATFORM_EVENTS.name: set()}
        self.documents: dict[str, Document] = {}

    def take(self, published: list[Published]) -> None:
        """Take these records."""
        given = [Record(0, 0, each.key, each.value, each.headers) for each in published]
        for reading in asyncio.run(self._codec.read(given)):
            if isinstance(reading, ContractError):
                raise reading
            self.said[PLATFORM_EVENTS.name].update(event.id for event in reading)


def fill(bootstrap: str, prefix: str, count: int, learners: int, truth: AvroTruth) -> None:
    """Make the platform's topic, and put the records there."""
    wanted = [NewTopic(topic_of(prefix), PARTITIONS, 1)]
    admin = AdminClient({"bootstrap.servers": bootstrap})  # kept: its answers die with it
    for future in admin.create_topics(wanted).values():
        future.result(_ADMIN_S)
    producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 20, "compression.type": "lz4"})
    some: list[Published] = []
    for each in records(count, learners):
        producer.produce(topic_of(prefix), each.value, each.key, headers=list(each.headers))
        some.append(each)
        if len(some) == _AT_ONCE:
            truth.take(some)
            some.clear()
            producer.flush()
    truth.take(some)
    producer.flush()
