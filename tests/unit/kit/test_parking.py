"""What waits behind a refused record: in order, until somebody decides; and nothing else waits."""

from typing import Any

import pytest

from shared.contracts.topics import PLATFORM_EVENTS
from shared.kit.chunk import Committed, commit
from shared.kit.commands import Command, command_record
from shared.kit.ledger import Batch, Record
from shared.kit.letters import Letter
from shared.kit.worker import Worker
from shared.testing.counting import Refusing, numbered_result, refusing_worker
from shared.testing.memory import MemoryStore

NOW = 1_900_000_000_000
V2 = b'{"type":"microcred.result.reported.v2"}'


class Log:
    """One partition, and a worker that reads it."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self.store = MemoryStore()
        self.records: list[Record] = []
        self.next = 0

    def append(self, *values: bytes, key: bytes | None = b"a") -> None:
        for value in values:
            self.records.append(Record(len(self.records), NOW, key, value))

    def tell(self, number: int, *scores: int) -> None:
        """Append results of learner `a` (0) or `b` (1)."""
        name = "ab"[number]
        self.append(*(numbered_result(name, score).encode() for score in scores), key=name.encode())

    async def decide(self, do: Any, offset: int, *, attempts: int = 1, service: str = "assessment") -> None:
        id_ = f"platform.events/0/{offset}"
        document = await self.store.get("letters", id_)
        assert document is not None
        command = Command(do, service, id_, attempts, "operator", "why")
        said = command_record(command, Letter.load(document), compacted=False)
        self.records.append(Record(len(self.records), NOW + 60_000, said.key, said.value, said.headers))

    async def fold(self) -> Committed:
        batch = Batch(PLATFORM_EVENTS.name, "topic-id", 0, self.next, self.records[self.next :])
        self.next = len(self.records)
        return await commit(self.worker, [batch], self.store)

    async def count(self, learner: str) -> tuple[int, int]:
        document = await self.store.get("counts", learner)
        return (document["events"], document["disorder"]) if document else (0, 0)

    async def letter(self, offset: int) -> Any:
        return await self.store.get("letters", f"platform.events/0/{offset}")

    def waiting(self) -> int:
        return len(self.store.collections.get("parked_records", {}))


@pytest.fixture
def handlers() -> Refusing:
    return Refusing({3})


@pytest.fixture
def log(handlers: Refusing) -> Log:
    return Log(refusing_worker(handlers))


async def test_what_follows_a_refused_record_of_a_learner_waits_and_other_learners_go_on(log):
    log.tell(0, 1, 2, 3, 4, 5)
    log.tell(1, 1, 2)
    committed = await log.fold()
    assert (await log.count("a"), await log.count("b")) == ((2, 0), (2, 0))
    assert (committed.refused, committed.parked, log.waiting()) == (1, 2, 2)
    assert (await log.store.get("ledger", "topic-id/0"))["parked"] == 1


async def test_later_chunks_wait_too(log):
    log.tell(0, 1, 2, 3, 4)
    await log.fold()
    log.tell(0, 5, 6)
    assert (await log.fold()).parked == 2
    assert (await log.count("a"))[0] == 2


async def test_a_redrive_takes_the_record_first_and_then_all_that_waited_in_order(log, handlers):
    log.tell(0, 1, 2, 3, 4, 5)
    await log.fold()
    handlers.refused.clear()
    await log.decide("redrive", 2)
    log.tell(0, 6)
    await log.fold()
    assert await log.count("a") == (6, 0)
    letter = await log.letter(2)
    assert (letter["status"], letter["settled"]) == ("redriven", {"by": "operator", "why": "why"})
    assert (log.waiting(), log.store.collections["parked"]) == (0, {})
    assert (await log.store.get("ledger", "topic-id/0"))["parked"] == 0


async def test_a_redrive_that_is_refused_again_counts_the_attempt_and_goes_on_waiting(log):
    log.tell(0, 3, 4)
    first = await log.fold()
    await log.decide("redrive", 0)
    again = await log.fold()
    told = [dict(letter.headers) for letter in (*first.says, *again.says)]
    assert [one["dlq-attempts"] for one in told] == [b"1", b"2"]
    assert told[0]["dlq-first-failed"] == told[1]["dlq-first-failed"]
    assert (log.waiting(), (await log.letter(0))["status"]) == (1, "open")


async def test_a_discard_lets_the_others_go_on_without_the_record(log):
    log.tell(0, 1, 2, 3, 4, 5)
    await log.fold()
    await log.decide("discard", 2)
    await log.fold()
    assert await log.count("a") == (4, 0)
    assert (await log.letter(2))["status"] == "discarded"


async def test_a_command_that_comes_twice_or_too_late_does_nothing(log, handlers):
    log.tell(0, 3, 4)
    await log.fold()
    handlers.refused.clear()
    await log.decide("redrive", 0)
    await log.decide("redrive", 0)
    await log.decide("discard", 0)
    committed = await log.fold()
    assert (await log.count("a"), committed.refused) == ((2, 0), 0)
    assert (await log.letter(0))["status"] == "redriven"


async def test_a_command_for_another_service_is_passed_over(log, handlers):
    log.tell(0, 3)
    await log.fold()
    handlers.refused.clear()
    await log.decide("redrive", 0, service="enrolment")
    await log.fold()
    assert ((await log.letter(0))["status"], await log.count("a")) == ("open", (0, 0))


async def test_one_that_waited_may_be_refused_itself_and_what_is_behind_it_waits_on(log, handlers):
    handlers.refused = {3, 5}
    log.tell(0, 3, 4, 5, 6)
    await log.fold()
    handlers.refused = {5}
    await log.decide("redrive", 0)
    await log.fold()
    assert (await log.count("a"), log.waiting()) == ((2, 0), 1)
    handlers.refused = set()
    await log.decide("redrive", 2)
    await log.fold()
    assert (await log.count("a"), log.waiting()) == ((4, 0), 0)


async def test_bytes_that_say_nothing_hold_nobody_up(log):
    log.tell(0, 1)
    log.append(b"{", b"\xff", key=b"a")
    log.tell(0, 2)
    committed = await log.fold()
    assert (committed.refused, committed.parked, await log.count("a")) == (2, 0, (2, 0))


async def test_a_newer_version_parks_and_a_record_without_a_key_does_not(log):
    log.append(V2)
    log.append(V2, key=None)
    log.tell(0, 1)
    log.append(numbered_result("c", 1).encode(), key=None)
    committed = await log.fold()
    assert (committed.refused, committed.parked) == (2, 1)
    assert await log.count("c") == (1, 0)


@pytest.mark.parametrize("cut", range(1, 9))
async def test_a_log_that_is_read_again_in_other_pieces_ends_in_the_same_state(log, cut, handlers):
    handlers.refused = {3, 5}
    log.tell(0, 1, 3, 4, 5, 6)
    await log.fold()
    await log.decide("discard", 1)
    log.tell(0, 7)
    await log.fold()
    await log.decide("discard", 3)
    await log.fold()
    again = Log(log.worker)
    for start in range(0, len(log.records), cut):
        again.records = log.records[: start + cut]
        await again.fold()
    for collection in ("counts", "parked", "parked_records"):
        assert again.store.collections.get(collection, {}) == log.store.collections[collection]
    for id_, letter in log.store.collections["letters"].items():
        assert {**again.store.collections["letters"][id_], "first_failed": 0} == {**letter, "first_failed": 0}


async def test_a_record_from_the_future_is_taken_once_its_time_has_come(log):
    late = numbered_result("a", 1).encode().replace(b"2026-01-01T00:00:00Z", b"2030-03-17T18:46:40Z")
    log.append(late)
    log.records[0] = log.records[0]._replace(timestamp=NOW)
    await log.fold()
    assert (await log.letter(0))["error"] == "EventFromFuture"
    await log.decide("redrive", 0)
    log.records[-1] = log.records[-1]._replace(timestamp=NOW + 10_000_000)
    await log.fold()
    assert (await log.count("a"), (await log.letter(0))["status"]) == ((1, 0), "redriven")
