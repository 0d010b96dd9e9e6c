"""Chunks in turn: the next one is folded while the last one is said, and written only when the log has that."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from shared.contracts.topics import PLATFORM_EVENTS
from shared.kit.chunk import Committed, Outcome
from shared.kit.errors import ChunkTooLarge, PublishFailed
from shared.kit.ledger import Batch, Record, Saying
from shared.kit.pipeline import Pipeline
from shared.kit.store import Unit
from shared.testing.counting import counting_worker, numbered_result
from shared.testing.memory import MemoryPublisher, MemoryStore


class Slow(MemoryPublisher):
    """A log that acknowledges when it is told to, or refuses."""

    def __init__(self) -> None:
        super().__init__()
        self.acknowledge = asyncio.Event()
        self.broken = False

    async def say(self, sayings: Sequence[Saying]) -> None:
        await self.acknowledge.wait()
        if self.broken:
            raise PublishFailed("the broker is away")
        await super().say(sayings)


class Small(MemoryStore):
    """A database whose cache holds no more than so many events' effects in one transaction."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    async def transact(self, work: Callable[[Unit], Awaitable[Any]]) -> Any:
        async def bounded(unit: Unit) -> Any:
            result = await work(unit)
            if isinstance(result, Committed) and result.events > self.most:
                raise ChunkTooLarge("too large")
            return result

        return await super().transact(bounded)


class Bench:
    """A pipeline, and what became of its chunks."""

    def __init__(self, overlap_s: float = 1.0, store: MemoryStore | None = None) -> None:
        self.store, self.publisher = store or MemoryStore(), Slow()
        self.done: list[int] = []
        self.pipeline = Pipeline(counting_worker(), self.store, self.publisher, overlap_s=overlap_s)

    async def take(self, number: int) -> "asyncio.Task[None]":
        """Take the chunk of five events with this number."""
        begins = number * 5
        values = [numbered_result("a", begins + n).encode() for n in range(5)]
        records = [Record(begins + n, 1_900_000_000_000, None, value) for n, value in enumerate(values)]
        return await self.pipeline.take([Batch(PLATFORM_EVENTS.name, "id", 0, begins, records)], self._done)

    def _done(self, batches: Sequence[Batch], _: Outcome, __: float) -> None:
        self.done.append(batches[0].begins // 5)

    async def position(self) -> int:
        document = await self.store.get("ledger", "id/0")
        return int(document["next"]) if document else 0


async def still(what: Callable[[], Awaitable[int]], value: int) -> None:
    for _ in range(20):
        await asyncio.sleep(0)
        assert await what() == value


async def test_a_chunk_is_done_only_when_the_log_has_what_it_says():
    bench = Bench()
    saying = await bench.take(0)
    await still(bench.position, 5)
    assert bench.done == []
    bench.publisher.acknowledge.set()
    await saying
    assert (bench.done, len(bench.publisher.log)) == ([0], 1)


async def test_the_next_chunk_writes_nothing_before_that():
    bench = Bench()
    await bench.take(0)
    second = asyncio.create_task(bench.take(1))
    await still(bench.position, 5)
    assert not second.done()
    bench.publisher.acknowledge.set()
    await (await second)
    assert (await bench.position(), bench.done) == (10, [0, 1])


async def test_while_the_log_is_away_no_transaction_stays_open():
    bench = Bench(overlap_s=0.01)
    await bench.take(0)
    second = asyncio.create_task(bench.take(1))
    await asyncio.sleep(0.05)
    bench.publisher.acknowledge.set()
    await (await second)
    assert (await bench.position(), bench.done) == (10, [0, 1])


async def test_what_the_log_refused_stops_all_that_follows_and_can_be_said_again():
    bench = Bench()
    bench.publisher.broken = True
    saying = await bench.take(0)
    bench.publisher.acknowledge.set()
    for _ in range(2):
        with pytest.raises(PublishFailed):
            await bench.take(1)
    with pytest.raises(PublishFailed):
        await saying
    assert (await bench.position(), bench.done) == (5, [])


@pytest.mark.parametrize("most", [1, 2, 4])
async def test_what_one_transaction_cannot_hold_is_done_in_parts_each_said_once(most):
    whole, parts = Bench(), Bench(store=Small(most))
    for bench in (whole, parts):
        bench.publisher.acknowledge.set()
        for number in range(2):
            await (await bench.take(number))

    assert await parts.position() == await whole.position() == 10
    assert [said.value for said in parts.publisher.log] == [said.value for said in whole.publisher.log]


async def test_a_single_record_that_no_transaction_holds_ends_the_worker():
    bench = Bench(store=Small(0))
    bench.publisher.acknowledge.set()
    with pytest.raises(ChunkTooLarge):
        await bench.take(0)
    assert await bench.position() == 0


async def test_a_part_that_the_log_refused_lets_the_next_one_not_begin():
    bench = Bench(store=Small(3))
    bench.publisher.broken = True
    bench.publisher.acknowledge.set()
    with pytest.raises(PublishFailed):
        await bench.take(0)
    assert (await bench.position(), bench.done) == (2, [])
