"""Taking partitions over from one who may have left a transaction open."""

import copy
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from shared.contracts.topics import PLATFORM_EVENTS
from shared.kit.chunk import commit
from shared.kit.errors import ConflictError, LogTruncated, TakenOver
from shared.kit.ledger import Batch, Record
from shared.kit.resume import Takeover, resume
from shared.testing.counting import counting_worker, numbered_result
from shared.testing.memory import MemoryStore

TAKEN = [Takeover(PLATFORM_EVENTS.name, "topic-id", partition, 0) for partition in range(3)]
RECORDS = [Record(number, 1_900_000_000_000, b"a", numbered_result("a", number).encode()) for number in range(3)]
DEAD = b"one that was killed"


class Process(MemoryStore):
    """What one process sees of a database that others have open transactions in, as MongoDB lets them: `held` has the
    ids of documents, each with the holder that keeps everybody else from writing it.
    """

    def __init__(self, name: bytes) -> None:
        super().__init__(name)
        self.held, self.ended = dict[str, bytes](), list[bytes]()

    async def end(self, holder: bytes) -> None:
        self.ended.append(holder)
        self.held = {key: by for key, by in self.held.items() if by != holder}

    async def transact(self, work: Callable[[Any], Awaitable[Any]]) -> Any:
        while True:
            try:
                return await super().transact(lambda unit: work(_Unit(unit, self)))
            except ConflictError:
                assert len(self.ended) < 3, "ended in vain"


class _Unit:
    def __init__(self, unit: Any, process: Process) -> None:
        self._unit, self._process = unit, process

    def __getattr__(self, name: str) -> Any:
        return getattr(self._unit, name)

    async def write(self, collection: str, new: Sequence[Any], changed: Sequence[Any]) -> None:
        if any(document["_id"] in self._process.held for document in (*new, *changed)):
            raise ConflictError("held by another transaction")
        await self._unit.write(collection, new, changed)


def holders(store: MemoryStore) -> set[bytes]:
    return {document["by"] for document in store.collections["ledger"].values()}


async def test_who_takes_over_is_told_by_the_ledger_and_chunks_leave_that_as_it_is():
    one = Process(b"one")
    await resume(one, TAKEN)
    assert holders(one) == {b"one"}
    await commit(counting_worker(), [Batch(PLATFORM_EVENTS.name, "topic-id", 0, 0, RECORDS)], one)
    assert holders(one) == {b"one"}
    other = one.of_another(b"other")
    standings = await resume(other, TAKEN)
    assert holders(other) == {b"other"}
    assert [standings[each].position for each in TAKEN] == [3, 0, 0]


async def test_who_was_taken_over_from_commits_nothing_any_more():
    """Its successor would not know that there is something to say, and says its own instead."""
    zombie = MemoryStore(b"zombie")
    await resume(zombie, TAKEN)
    successor = zombie.of_another(b"successor")
    await resume(successor, TAKEN[:1])
    before = copy.deepcopy(zombie.collections)
    taken, kept = (Batch(PLATFORM_EVENTS.name, "topic-id", partition, 0, RECORDS) for partition in (0, 1))
    with pytest.raises(TakenOver) as told:
        await commit(counting_worker(), [kept, taken], zombie)
    assert "platform.events/0" in str(told.value)
    assert zombie.collections == before
    await commit(counting_worker(), [taken], successor)
    await commit(counting_worker(), [kept], zombie)
    assert [(await successor.get("ledger", each.ledger_id) or {})["next"] for each in TAKEN] == [3, 3, 0]


async def test_of_two_that_share_a_partition_both_commit():
    worker = MemoryStore(b"the worker's own")
    await resume(worker, TAKEN, b"the process beside")
    for place, store in enumerate((worker.of_another(b"the process beside"), worker)):
        await commit(counting_worker(), [Batch(PLATFORM_EVENTS.name, "topic-id", place, 0, RECORDS)], store)


async def test_a_holder_in_the_way_is_ended_and_nobody_else():
    dead = Process(DEAD)
    alive, ours = dead.of_another(b"alive"), dead.of_another(b"ours")
    await resume(dead, TAKEN[:2])
    await resume(alive, TAKEN[2:])
    ours.held = {TAKEN[0].ledger_id: DEAD}
    await resume(ours, TAKEN[:2])
    assert ours.ended == [DEAD]


async def test_where_nothing_is_in_the_way_nobody_is_ended():
    one = Process(b"one")
    other = one.of_another(b"other")
    await resume(one, TAKEN)
    await resume(other, TAKEN)
    assert other.ended == []


async def test_ones_own_partitions_are_taken_again_without_a_write_and_nothing_of_ones_own_is_ended():
    """A seek outside a rebalance comes while chunks of the other lane are open."""
    one = Process(b"one")
    await resume(one, TAKEN)
    before = dict(one.versions)
    one.held = {TAKEN[0].ledger_id: b"one"}
    await resume(one, TAKEN)
    assert (one.versions, one.ended) == (before, [])


async def test_a_ledger_from_before_that_names_nobody_is_taken_over():
    store = Process(b"ours")
    old = {"_id": TAKEN[0].ledger_id, "topic": PLATFORM_EVENTS.name, "partition": 0, "next": 7, "says": b""}
    store.put("ledger", old)
    standings = await resume(store, TAKEN[:1])
    assert standings[TAKEN[0]].position == 7
    assert await store.get("ledger", TAKEN[0].ledger_id) == old | {"by": b"ours"}


async def test_a_log_that_is_refused_leaves_the_ledger_as_it_was():
    one = Process(b"one")
    await resume(one, TAKEN)
    with pytest.raises(LogTruncated):
        await resume(one.of_another(b"other"), [Takeover(PLATFORM_EVENTS.name, "topic-id", 0, 5)])
    assert holders(one) == {b"one"}
