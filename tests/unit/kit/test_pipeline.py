"""Chunks in turn: the next one is folded while the last one is said, and written only when the log has that."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from shared.contracts.topics import PLATFORM_EVENTS
from shared.kit.chunk import Committed
from shared.kit.errors import PublishFailed
from shared.kit.ledger import Batch, Record, Saying
from shared.kit.pipeline import Pipeline
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


class Bench:
    """A pipeline, and what became of its chunks."""

    def __init__(self, overlap_s: float = 1.0) -> None:
        self.store, self.publisher = MemoryStore(), Slow()
        self.done: list[int] = []
        self.failures: list[Exception] = []
        self.acks = 0
        self.pipeline = Pipeline(
            counting_worker(), self.store, self.publisher, self.failures.append, overlap_s=overlap_s
        )

    async def take(self, number: int) -> None:
        """Take the chunk of five events with this number."""

        def done(_: Committed, __: float) -> None:
            self.done.append(number)

        begins = number * 5
        records = [
            Record(begins + n, 1_900_000_000_000, None, numbered_result("a", begins + n).encode()) for n in range(5)
        ]
        await self.pipeline.take([Batch(PLATFORM_EVENTS.name, "id", 0, begins, records)], done, self._ack)

    async def _ack(self) -> None:
        self.acks += 1

    async def position(self) -> int:
        document = await self.store.get("ledger", "id/0")
        return int(document["next"]) if document else 0


async def still(what: Callable[[], Awaitable[int]], value: int) -> None:
    for _ in range(20):
        await asyncio.sleep(0)
        assert await what() == value


async def test_a_chunk_is_done_only_when_the_log_has_what_it_says():
    bench = Bench()
    await bench.take(0)
    await still(bench.position, 5)
    assert (bench.done, bench.acks) == ([], 0)
    bench.publisher.acknowledge.set()
    await bench.pipeline.settled()
    assert (bench.done, bench.acks, len(bench.publisher.log)) == ([0], 1, 1)


async def test_the_next_chunk_writes_nothing_before_that():
    bench = Bench()
    await bench.take(0)
    second = asyncio.create_task(bench.take(1))
    await still(bench.position, 5)
    assert not second.done()
    bench.publisher.acknowledge.set()
    await second
    await bench.pipeline.settled()
    assert (await bench.position(), bench.done) == (10, [0, 1])


async def test_while_the_log_is_away_no_transaction_stays_open():
    bench = Bench(overlap_s=0.01)
    await bench.take(0)
    second = asyncio.create_task(bench.take(1))
    await asyncio.sleep(0.05)
    bench.publisher.acknowledge.set()
    await second
    await bench.pipeline.settled()
    assert (await bench.position(), bench.done) == (10, [0, 1])


async def test_what_the_log_refused_stops_all_that_follows_and_can_be_said_again():
    bench = Bench()
    bench.publisher.broken = True
    await bench.take(0)
    bench.publisher.acknowledge.set()
    with pytest.raises(PublishFailed):
        await bench.take(1)
    assert [type(failure) for failure in bench.failures] == [PublishFailed]
    assert (await bench.position(), bench.done, bench.acks) == (5, [], 1)
