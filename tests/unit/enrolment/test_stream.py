"""The worker's table, driven by the kit's chunk function over an in-memory database."""

import orjson

from services.enrolment.store import ENROLMENTS, OFFERINGS
from services.enrolment.stream import worker
from shared.contracts.envelope import Event
from shared.contracts.topics import CATALOGUE, PLATFORM_EVENTS, TOPICS, Topic
from shared.contracts.wire import HEADERS
from shared.kit.chunk import commit
from shared.kit.ledger import Batch, Record
from shared.testing.memory import MemoryStore
from tests.unit.enrolment import facts as a
from tests.unit.enrolment.facts import KEY


def of(topic: Topic, *events: Event) -> Batch:
    now = int(a.at(600).timestamp() * 1000)
    records = [Record(number, now, b"key", event.encode(), HEADERS) for number, event in enumerate(events)]
    return Batch(topic.name, f"id-of-{topic.name}", 0, 0, records)


def test_the_worker_hears_what_the_topics_table_says() -> None:
    assert {topic.name for topic in worker.topics} == {each.name for each in TOPICS if "enrolment" in each.heard_by}


async def test_a_chunk_becomes_documents_and_what_is_said() -> None:
    store = MemoryStore()
    chunk = [
        of(PLATFORM_EVENTS, a.registered("r1", 1), a.unregistered("u1", 2), a.registered("r1", 1)),
        of(CATALOGUE, a.published("p1", 1)),
    ]
    done = await commit(worker, chunk, store)
    types = [orjson.loads(said.value)["type"] for said in done.says]
    assert types == ["microcred.learner.enrolled.v1", "microcred.learner.unenrolled.v1"]
    assert {(said.topic, said.key) for said in done.says} == {("enrolled", a.LEARNER.encode())}
    assert store.collections[ENROLMENTS.collection][KEY]["status"] == "unenrolled"
    assert store.collections[OFFERINGS.collection][f"ou/{a.OFFERING}"]["event_id"] == "p1"
    assert (await commit(worker, chunk, store)).says == done.says
