"""Where Faust and aiokafka lose or stall: one test for each trap; more of them in the files beside this one."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import pytest
from faust.types import TP, ConsumerMessage

from shared.contracts.topics import ENROLLED, PASSED, PLATFORM_EVENTS
from shared.contracts.wire import HEADERS
from shared.kit.flights import MOST_BYTES, MOST_OPEN
from shared.kit.lanes import LANES
from shared.kit.ledger import Record, Saying
from shared.kit.worker import Worker
from shared.testing.counting import COUNTS
from tests.integration.kit.rig import PARTITIONS, Rig, until

LONG_SESSION_S = 20.0


class Gated:
    """A store whose transactions wait at a gate."""

    def __init__(self, store: Any) -> None:
        self.gate = asyncio.Event()
        self.waiting = 0
        self._store = store

    async def transact(self, work: Any) -> Any:
        """Let the takeover through: it folds nothing."""
        if work.__qualname__.startswith("commit"):
            self.waiting += 1
            await self.gate.wait()
        return await self._store.transact(work)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


async def test_events_from_before_the_first_start_are_read_though_the_group_has_no_offset(rig: Rig):
    await rig.publish(100)
    await rig.start(rig.engine())
    await rig.read_up()
    assert await rig.counted() == (100, 0)


async def test_partitions_with_and_without_a_committed_offset_are_all_read_to_the_end(rig: Rig):
    await rig.publish(50, learners=1)
    async with rig.running():
        await rig.read_up()
    await rig.publish(500, learners=50)
    await rig.start(rig.engine())
    await rig.read_up()
    assert await rig.counted() == (550, 0)


async def test_workers_that_join_and_leave_lose_nothing_and_redo_nothing(rig: Rig):
    """The first fetch after a rebalance, and what is in flight before it."""
    publishing = asyncio.create_task(_publish_slowly(rig))
    first = await rig.start(rig.engine(fetch=100))
    await until(_folds(first, 300), 10, "the first worker folds nothing")
    async with rig.running(fetch=100) as second:
        await until(_folds(second, 300), 10, "the second worker folds nothing")
    before = first.folded
    await until(_folds(first, before + 300), 10, "the first worker does not take over again")
    publishing.cancel()
    await asyncio.wait({publishing})
    await rig.read_up()
    assert await rig.counted() == (rig.sent, 0)
    assert (first.skipped, second.skipped) == (0, 0)
    await first.said_all(rig.sent - second.folded)


async def _publish_slowly(rig: Rig) -> None:
    while True:
        await asyncio.shield(rig.publish(100, learners=100))
        await asyncio.sleep(0.1)


def _folds(engine: Any, events: int) -> Any:
    async def folds() -> bool:
        return bool(engine.folded >= events)

    return folds


@pytest.mark.one_broker
async def test_a_worker_that_leaves_while_another_leaves_tells_the_group_so(bootstrap, mongo_url, fresh_name):
    """The one has a chunk in hand when the other's leaving takes its partitions; nobody waits for its session's end."""
    async with Rig(bootstrap, mongo_url, fresh_name, session_s=LONG_SESSION_S) as rig:
        store = Gated(rig.store)
        store.gate.set()
        stays = await rig.start(rig.engine())
        leaves = [await rig.start(rig.engine()), await rig.start(rig.engine(store=store))]
        await until(_shared_out([stays, *leaves]), LONG_SESSION_S, "the partitions were not shared out")
        store.gate.clear()
        await rig.publish(400)
        await until(_waits(store), 10, "nothing came")
        leaving = [asyncio.create_task(leaves[1].stop())]
        await asyncio.sleep(0.3)
        leaving.append(asyncio.create_task(leaves[0].stop()))
        await asyncio.sleep(0.7)
        store.gate.set()
        await until(_shared_out([stays]), LONG_SESSION_S - 5, "the partitions were not taken over")
        await asyncio.wait(leaving)
        await rig.read_up()
        assert await rig.counted() == (400, 0)


def _shared_out(engines: Sequence[Any]) -> Any:
    async def shared_out() -> bool:
        held = [len(engine.assignment()) for engine in engines]
        return sum(held) == PARTITIONS and min(held) > 0

    return shared_out


async def test_a_slow_store_slows_the_fetch_instead_of_filling_memory(rig: Rig):
    await rig.publish(3_000)
    store = Gated(rig.store)
    engine = await rig.start(rig.engine(store=store, fetch=100))
    await asyncio.sleep(2)
    in_the_air, waiting = sum(engine.flights.open_records().values()), store.waiting
    store.gate.set()  # before anything is asserted: a worker that cannot go on cannot be stopped either
    assert 100 <= in_the_air <= MOST_OPEN * LANES * 100, "so many fetches at most"
    assert 1 <= waiting <= LANES
    await rig.read_up()
    assert await rig.counted() == (3_000, 0)


async def test_what_is_acknowledged_without_being_done_moves_no_offset(rig: Rig):
    """Faust acknowledges by itself what it skips."""
    await rig.publish(200)
    store = Gated(rig.store)
    engine = await rig.start(rig.engine(store=store))
    await until(_waits(store), 10, "nothing came")
    for message in list(engine._app.consumer.unacked):
        assert engine._app.consumer.ack(message)
        assert not engine._app.consumer.ack(message), "a second time is no acknowledgement"
    await asyncio.sleep(1)
    assert set((await rig.committed()).values()) == {None}
    store.gate.set()
    await rig.read_up()


def _waits(store: Gated) -> Any:
    async def waits() -> bool:
        return store.waiting > 0

    return waits


async def test_two_workers_have_the_same_partition_numbers_of_every_topic(bootstrap, mongo_url, fresh_name, session_s):
    topics = (PLATFORM_EVENTS, ENROLLED, PASSED)
    worker = Worker("assessment")
    for topic in topics:
        worker.hears(topic, COUNTS, {}, key=lambda event: event.learner_ref)
    async with Rig(bootstrap, mongo_url, fresh_name, [topic.name for topic in topics], session_s) as rig:
        one = await rig.start(rig.engine(worker))
        other = await rig.start(rig.engine(worker))

        async def shared_out() -> bool:
            return len(one.assignment()) == len(other.assignment()) == PARTITIONS // 2 * len(topics)

        await until(shared_out, 15, "the partitions were not shared out")
        for engine in (one, other):
            numbers = {
                topic: {n for name, n in engine.assignment() if name == rig.prefix + topic.name} for topic in topics
            }
            assert len(set(map(frozenset, numbers.values()))) == 1, numbers


async def test_records_that_were_jumped_over_are_fetched_after_all(rig: Rig):
    """A hole: aiokafka's position moved on without the records having come."""
    engine = await rig.start(rig.engine())
    await rig.publish(40)
    await rig.read_up()
    thread = engine._app.consumer._thread
    engine._app.consumer.stop_flow()
    await rig.publish(400)
    await asyncio.sleep(0.7)
    for tp in engine._app.consumer.assignment():
        if tp.topic == rig.prefix + PLATFORM_EVENTS.name:
            await thread.seek_wait({tp: (await rig.ledger())[tp.partition] + 30})
    engine._app.consumer.resume_flow()
    await rig.publish(400)
    await rig.read_up()
    assert await rig.counted() == (840, 0)
    assert engine.resumed > 1, "nothing was sought back"


async def test_records_that_were_jumped_over_are_fetched_though_nothing_comes_after_them(rig: Rig):
    engine = await rig.start(rig.engine())
    await rig.publish(40)
    await rig.read_up()
    consumer = engine._app.consumer
    consumer.stop_flow()
    await rig.publish(400)
    await asyncio.sleep(0.7)
    await consumer._thread.seek_wait(
        {TP(rig.prefix + PLATFORM_EVENTS.name, number): end for number, end in (await rig.ends()).items()}
    )
    consumer.resume_flow()
    await rig.read_up()
    assert await rig.counted() == (440, 0)


async def test_what_comes_between_a_rebalance_and_the_flow_after_it_is_not_lost(rig: Rig):
    """A fetch outlasts the rebalance, and brings what follows the positions just sought before Faust lets it flow."""
    engine = await rig.start(rig.engine())
    await rig.publish(40)
    await rig.read_up()
    consumer = engine._app.consumer
    await asyncio.sleep(0.2)  # the next fetch is on its way
    consumer.stop_flow()
    await consumer.perform_seek()
    await rig.publish(1)
    await asyncio.sleep(0.5)
    consumer.resume_flow()
    await rig.read_up(5)
    assert await rig.counted() == (41, 0)
    assert engine.resumed == 2, "what the fetch brought was sought by the ledger, and said again"


async def test_records_that_are_large_in_memory_come_in_pieces_that_a_transaction_holds(rig: Rig) -> None:
    largest = b" " * 1_000_000  # compresses to next to nothing: one fetch brings them all
    await rig.publisher.say([Saying(PLATFORM_EVENTS.name, b"learner-0", largest, HEADERS) for _ in range(40)])
    await rig.publish(20, learners=1)
    chunks: list[int] = []
    engine = rig.engine()
    count = engine.progress.chunk

    def noted(batches: Any, outcome: Any, seconds: float) -> None:
        chunks.append(sum(len(record.value or b"") for batch in batches for record in batch.records))
        count(batches, outcome, seconds)

    engine.progress.chunk = noted  # type: ignore[method-assign]
    await rig.start(engine)

    async def all_there() -> bool:
        return (await rig.counted())[0] == 20

    await until(all_there, 30, "the events behind the large records are not counted")
    assert await rig.counted() == (20, 0)
    assert max(chunks) <= MOST_BYTES


async def test_a_message_that_never_reached_the_agent_holds_up_no_stop(rig: Rig) -> None:
    """Faust tracks it, a suspended flow swallows it, and nobody acknowledges it."""
    await rig.publish(50)
    engine = await rig.start(rig.engine())
    await rig.read_up()
    record = Record(0, 1_900_000_000_000, None, b"")
    message = ConsumerMessage("t", 0, record.offset, 0.0, 0, [], None, record, None, tp=TP("t", 0), generation_id=1)
    engine._app.consumer.track_message(message)
    began = time.monotonic()
    await engine.stop()
    assert time.monotonic() - began < 5


async def test_a_fetch_while_the_flow_is_stopped_comes_to_an_end(rig: Rig):
    """Faust stops a flow before it stops the fetcher, and waits for the fetcher's last call."""
    await rig.publish(10)
    async with rig.running() as engine:
        await rig.read_up()
        consumer = engine._app.consumer
        consumer.stop_flow()
        async with asyncio.timeout(5):
            assert [message async for message in consumer.getmany(0.1)] == []
        consumer.resume_flow()


async def test_what_an_abandoned_fetch_takes_is_not_lost(rig: Rig):
    """Nobody is handed it, and the fetch beside it, which began before that, must not pass over it."""
    engine = await rig.start(rig.engine())
    for _ in range(8):  # either of both may take the first records; of one partition, so that it takes them all
        await engine.abandon_fetch()
        await rig.publish(20, learners=1)
        await rig.publish(20, learners=1)
    await rig.read_up()
    assert await rig.counted() == (rig.sent, 0)
