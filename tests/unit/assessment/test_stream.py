"""The worker's table, driven by the kit's chunk function over an in-memory database."""

from collections.abc import Sequence

import orjson

from services.assessment.store import PROGRESS
from services.assessment.stream import worker
from shared.contracts.envelope import Event
from shared.contracts.topics import ASSESSMENT_FANOUT, CATALOGUE, ENROLLED, PLATFORM_EVENTS, TOPICS, Topic
from shared.contracts.wire import HEADERS
from shared.kit.chunk import commit
from shared.kit.ledger import Batch, Record, Saying
from shared.kit.sweeper import Sweeper
from shared.testing.memory import MemoryPublisher, MemoryStore
from tests.unit.assessment import facts as an
from tests.unit.assessment.facts import KEY


def batch(topic: Topic, *values: bytes, begins: int = 0) -> Batch:
    now = int(an.at(600).timestamp() * 1000)
    records = [Record(begins + number, now, b"key", value, HEADERS) for number, value in enumerate(values)]
    return Batch(topic.name, f"id-of-{topic.name}", 0, begins, records)


def of(topic: Topic, *events: Event) -> Batch:
    return batch(topic, *(event.encode() for event in events))


def kinds(says: Sequence[Saying]) -> list[str]:
    return [orjson.loads(said.value)["type"].removeprefix("microcred.") for said in says]


def test_the_worker_hears_what_the_topics_table_says() -> None:
    assert {topic.name for topic in worker.topics} == {each.name for each in TOPICS if "assessment" in each.heard_by}


async def test_one_chunk_of_all_topics_grades_and_passes() -> None:
    store = MemoryStore()
    chunk = [
        of(PLATFORM_EVENTS, an.result("r1", 60)),
        of(ENROLLED, an.enrolled()),
        of(CATALOGUE, an.offering()),
    ]
    done = await commit(worker, chunk, store)
    assert kinds(done.says) == ["learner.assessed.v1", "learner.passed.v1"]
    assert [said.topic for said in done.says] == ["assessed", "passed"]
    assert all(said.key == an.LEARNER.encode() for said in done.says)
    again = await commit(worker, chunk, store)
    assert (again.says, again.skipped) == (done.says, 3)


async def test_what_waits_for_an_offering_is_swept_up_when_it_is_there() -> None:
    store, publisher = MemoryStore(), MemoryPublisher()
    sweeper = Sweeper(worker.sweeping[0], store, publisher)
    await commit(worker, [of(ENROLLED, an.enrolled()), of(PLATFORM_EVENTS, an.result("r1", 60))], store)
    assert await sweeper.sweep() == 0
    await commit(worker, [of(CATALOGUE, an.offering())], store)
    assert await sweeper.sweep() == 1
    (arrival,) = publisher.log
    assert (arrival.topic, arrival.key) == (ASSESSMENT_FANOUT.name, an.LEARNER.encode())
    done = await commit(worker, [batch(ASSESSMENT_FANOUT, arrival.value)], store)
    assert kinds(done.says) == ["learner.assessed.v1", "learner.passed.v1"]
    assert await sweeper.sweep() == 0


async def test_what_cannot_be_read_becomes_a_dead_letter_and_the_rest_goes_on() -> None:
    store = MemoryStore()
    good = an.result("r1", 60).encode()
    bad = [
        b"{",
        b"\xff",
        good.replace(b"60.0", b"NaN"),
        good.replace(b"60.0", b"101"),
        good.replace(b"result.reported.v1", b"result.rumoured.v1"),
        good.replace(b"2026-03-01", b"2999-03-01"),
        b"[" * 5_000,
        b" " * 1024 * 1024 + good,
    ]
    done = await commit(worker, [batch(PLATFORM_EVENTS, *bad, good)], store)
    assert done.refused == len(bad)
    assert {said.topic for said in done.says} == {"assessment.dead-letters"}
    assert [said.value for said in done.says] == bad
    assert PROGRESS.load(store.collections[PROGRESS.collection][KEY]).attempts.keys() == {"r1"}
