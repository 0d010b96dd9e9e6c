"""What folds beside: the same as here, over a line, with every error as what it was, and an end that is noticed."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.topics import PLATFORM_EVENTS
from shared.kit.apart import Apart
from shared.kit.apart_line import Answer, batches_of, messages, packed, rows_of
from shared.kit.apart_process import Folder
from shared.kit.chunk import Outcome
from shared.kit.errors import ChunkTooLarge, FolderLost, LogHole, RecordRefused
from shared.kit.lanes import Lanes, lanes_here
from shared.kit.ledger import Batch, Record, upto
from shared.testing.counting import counting_worker, numbered_result
from shared.testing.memory import MemoryPublisher, MemoryStore

WORKER = counting_worker()


class Pair:
    """Lanes here and lanes beside, over one store; the process beside is a task, and its end is only noted."""

    def __init__(self, store: MemoryStore) -> None:
        self.store, self.publisher = store, MemoryPublisher()
        ours, self.theirs = socket.socketpair()
        self.abandoned: list[bool] = []
        folder = Folder(WORKER, store, self.publisher, abandoned=lambda: self.abandoned.append(True))
        self.life = asyncio.create_task(folder.serve(self.theirs))
        # What is waited for at the end is a process; this one has nothing to do with the folding.
        self.apart = Apart(os.posix_spawn("/bin/true", ["true"], {}), ours)
        here = lanes_here(WORKER, store, self.publisher)
        self.lanes = Lanes([*here, *self.apart.lanes])
        self.done: list[tuple[int, int, int]] = []
        self.outcomes: list[Outcome] = []

    async def take(self, batches: Sequence[Batch]) -> Sequence[BaseException]:
        """Fold batches, and return what went wrong."""
        outcome: asyncio.Future[Sequence[BaseException]] = asyncio.get_running_loop().create_future()

        async def ended(errors: Sequence[BaseException]) -> None:
            outcome.set_result(errors)

        self.lanes.take(batches, self._done, ended)
        return await outcome

    def _done(self, batches: Sequence[Batch], outcome: Outcome, __: float) -> None:
        self.done += [(batch.partition, batch.begins, len(batch.records)) for batch in batches]
        self.outcomes.append(outcome)


@asynccontextmanager
async def pair(store: MemoryStore | None = None) -> AsyncIterator[Pair]:
    """Open both sides, and close them."""
    made = Pair(store or MemoryStore())
    await made.apart.open(lambda _: None)
    yield made
    await made.apart.close()
    await made.life


def batch(partition: int, begins: int, count: int = 5) -> Batch:
    """Return numbered events of the one learner of this partition."""
    values = [numbered_result(f"p{partition}", begins + number).encode() for number in range(count)]
    records = [Record(begins + number, 1_900_000_000_000, None, value) for number, value in enumerate(values)]
    return Batch(PLATFORM_EVENTS.name, "id", partition, begins, records)


async def test_half_of_the_partitions_is_folded_beside_and_each_learner_stays_in_order() -> None:
    async with pair() as both:
        takes = (both.take([batch(partition, begins) for partition in range(4)]) for begins in range(0, 50, 5))
        assert all(errors == [] for errors in await asyncio.gather(*takes))
        counts = await both.store.find("counts", {})
        assert [(each["_id"], each["events"], each["disorder"]) for each in counts] == [
            (f"p{n}", 50, 0) for n in range(4)
        ]
        for partition in range(4):
            assert [each[1:] for each in both.done if each[0] == partition] == [(n, 5) for n in range(0, 50, 5)]
        assert sum(outcome.events for outcome in both.outcomes) == 200
        assert sum(outcome.said["passed"] for outcome in both.outcomes) == len(both.publisher.log) == 40
        assert both.abandoned == []


async def test_a_hole_is_told_as_what_it_is() -> None:
    async with pair() as both:
        (error,) = await both.take([batch(3, 5)])
        assert isinstance(error, LogHole)
        assert (error.topic, error.partition, error.position) == (PLATFORM_EVENTS.name, 3, 0)
        assert "commit" in "".join(error.__notes__), "where it happened is told, too"
        assert await both.take([batch(3, 0)]) == []


class Small(MemoryStore):
    """A store that takes two records in one transaction."""

    async def transact(self, work: Any) -> Any:
        async def measured(unit: Any) -> Any:
            result = await work(unit)
            if result.events > 2:
                raise ChunkTooLarge("two at most")
            return result

        return await super().transact(measured)


async def test_what_is_taken_in_parts_comes_back_in_parts() -> None:
    async with pair(Small()) as both:
        assert await both.take([batch(2, 0), batch(6, 0, 3)]) == []
        assert sum(count for _, _, count in both.done) == 8
        assert len(both.done) > 2
        for partition, whole in ((2, 5), (6, 3)):
            ends = [(begins, begins + count) for number, begins, count in both.done if number == partition]
            assert [0, *(end for _, end in ends)] == [*(begin for begin, _ in ends), whole], "no gap, nothing twice"


async def test_what_transactions_are_known_by_is_told() -> None:
    async with pair() as both:
        assert await both.apart.holder() == await both.store.holder()


async def test_when_it_ends_untold_the_worker_hears_of_it_and_so_does_whoever_waits() -> None:
    both = Pair(MemoryStore())
    heard: asyncio.Future[BaseException] = asyncio.get_running_loop().create_future()
    await both.apart.open(heard.set_result)
    both.life.cancel()
    both.theirs.shutdown(socket.SHUT_RDWR)
    assert isinstance(await asyncio.wait_for(heard, 5), FolderLost)
    assert [type(error) for error in await both.take([batch(2, 0)])] == [FolderLost]
    await both.apart.close()


async def test_what_goes_wrong_while_it_is_heard_ends_the_worker_and_leaves_nobody_waiting() -> None:
    both = Pair(MemoryStore())
    heard: asyncio.Future[BaseException] = asyncio.get_running_loop().create_future()
    await both.apart.open(heard.set_result)

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await asyncio.wait_for(both.apart.fold(0, [batch(2, 0)], broken), 5)
    assert isinstance(await asyncio.wait_for(heard, 5), ZeroDivisionError)
    await both.apart.close()
    await both.life


async def test_when_the_worker_is_gone_it_is_abandoned() -> None:
    both = Pair(MemoryStore())
    await both.apart.open(lambda _: None)
    assert await both.apart.holder()
    both.apart._writer.close()  # type: ignore[union-attr]  # as the kernel does when a process is killed
    await asyncio.wait_for(both.life, 5)
    assert both.abandoned == [True]


class Odd(Exception):
    """An error that holds what lives in one process only."""

    def __init__(self) -> None:
        super().__init__("odd words")
        self.lock = asyncio.Lock()
        self.cannot = lambda: None


@pytest.mark.parametrize("error", [RecordRefused("data.score", "too high"), LogHole("t", 1, 2, 3), ValueError("v")])
async def test_an_error_arrives_as_what_it_was(error: Exception) -> None:
    (arrived,) = await _sent(Answer(7, error))
    assert type(arrived.error) is type(error)
    assert arrived.error.args == error.args
    assert {**arrived.error.__dict__, "__notes__": 0} == {**error.__dict__, "__notes__": 0}


async def test_of_an_error_that_cannot_cross_the_words_do() -> None:
    (arrived,) = await _sent(Answer(7, Odd()))
    assert "odd words" in str(arrived.error)


async def _sent(*sent: Answer) -> list[Any]:
    reader = asyncio.StreamReader()
    for each in sent:
        reader.feed_data(packed(each))
    reader.feed_eof()
    return [message async for message in messages(reader)]


RECORDS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 6)), max_size=4, unique_by=lambda each: each[0])


@given(RECORDS, st.dictionaries(st.integers(0, 3), st.integers(0, 20)))
def test_cutting_loses_and_doubles_no_record(some: list[tuple[int, int]], ends: Mapping[int, int]) -> None:
    batches = [Batch("t", "id", partition, 10, _numbered(count)) for partition, count in some]
    below, left = upto(batches, {("t", partition): end for partition, end in ends.items()})
    for cut in (*below, *left):
        assert cut.records
    for whole in batches:
        parts = [each for each in (*below, *left) if each.partition == whole.partition]
        assert [record for part in parts for record in part.records] == list(whole.records)
        assert all(part.begins <= part.records[0].offset for part in parts)
        assert all(each.ends <= ends.get(each.partition, 0) for each in below if each.partition == whole.partition)


@given(RECORDS)
def test_batches_are_the_same_on_the_other_side(some: list[tuple[int, int]]) -> None:
    batches = [Batch("t", "id", partition, 10, _numbered(count)) for partition, count in some]
    assert batches_of(rows_of(batches)) == batches


def _numbered(count: int) -> list[Record]:
    return [Record(10 + number, 1, b"k", b"v", (("h", b"1"),)) for number in range(count)]
