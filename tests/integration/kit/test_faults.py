"""Zombies, transactions that stay open, poison, logs that are not what they were, and a broker that is gone."""

import asyncio
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import KafkaException, TopicPartition
from pymongo import MongoClient

from deploy.local.process import Process
from deploy.local.tansu import Tansu
from shared.contracts.topics import PLATFORM_EVENTS, dead_letters_of
from shared.contracts.wire import HEADERS
from shared.kit.chunk import commit
from shared.kit.errors import LogReplaced, LogTruncated, TakenOver
from shared.kit.ledger import Batch, Record, Saying
from shared.kit.mongo import MongoStore
from shared.kit.resume import Takeover, resume
from shared.kit.secret import ensure_secret
from shared.kit.topics_admin import create_topics
from shared.testing.counting import counting_worker, numbered_result
from shared.testing.topic_reader import read_topic
from tests.integration.kit.rig import PARTITIONS, Rig

CHUNK = [
    Batch(
        PLATFORM_EVENTS.name,
        "topic-id",
        0,
        0,
        [Record(n, 1_900_000_000_000, b"a", numbered_result("a", n).encode()) for n in range(20)],
    )
]

FIRST = [replace(batch, records=batch.records[:5]) for batch in CHUNK]
AWAY_S = 5.0
MOST_TRIES = 80


class Counting:
    """A store that counts how often its work is run, and lets something happen after the first load."""

    def __init__(self, store: MongoStore) -> None:
        self.attempts = 0
        self.after_loading: Any = None
        self._store = store

    async def transact(self, work: Any) -> Any:
        async def watched(unit: Any) -> Any:
            self.attempts += 1
            return await work(_Unit(unit, self))

        return await self._store.transact(watched)

    async def holder(self) -> bytes:
        return await self._store.holder()


class _Unit:
    def __init__(self, unit: Any, owner: Counting) -> None:
        self._unit, self._owner = unit, owner

    async def load(self, collection: str, ids: Any) -> Any:
        loaded = await self._unit.load(collection, ids)
        if collection == "counts" and self._owner.after_loading is not None:
            after, self._owner.after_loading = self._owner.after_loading, None
            await after()
        return loaded

    def __getattr__(self, name: str) -> Any:
        return getattr(self._unit, name)


async def test_a_zombie_that_wakes_up_between_load_and_write_changes_nothing(rig: Rig):
    zombie, taken = Counting(rig.store), [Takeover(PLATFORM_EVENTS.name, "topic-id", 0, 0)]
    successor = MongoStore(rig.mongo_url, rig.name)
    await resume(rig.store, taken)

    async def another_worker_begins() -> None:
        await resume(successor, taken)
        await commit(counting_worker(), FIRST, successor)

    zombie.after_loading = another_worker_begins
    with pytest.raises(TakenOver):
        await commit(counting_worker(), CHUNK, zombie)  # type: ignore[arg-type]  # only transactions are used
    assert zombie.attempts == 2
    assert await rig.counted() == (5, 0)
    await commit(counting_worker(), CHUNK, successor)
    assert await rig.counted() == (20, 0)
    await successor.close()


async def test_a_worker_that_was_taken_over_from_takes_again_what_the_group_leaves_it(rig: Rig):
    await rig.publish(100)
    engine = await rig.start(rig.engine())
    await rig.read_up()
    somebody, before = MongoStore(rig.mongo_url, rig.name), engine.resumed
    known = await rig.store.find("ledger", {"topic": PLATFORM_EVENTS.name})
    places = [(each["topic"], each["_id"].rpartition("/")[0], each["partition"], 0) for each in known]
    await resume(somebody, [Takeover(*place) for place in places])
    await rig.publish(100)
    await rig.read_up()
    assert engine.resumed > before
    assert await rig.counted() == (200, 0)
    await somebody.close()


async def test_an_open_transaction_that_nobody_can_end_is_waited_for_without_hammering(rig: Rig, mongo_url: str):
    await commit(counting_worker(), CHUNK, rig.store)
    more = [Batch(PLATFORM_EVENTS.name, "topic-id", 0, 20, [Record(20, 1_900_000_000_000, b"a", _value(20))])]
    store = Counting(rig.store)
    with MongoClient[dict[str, Any]](mongo_url) as client, client.start_session() as dead:
        dead.start_transaction()
        client[rig.name]["ledger"].update_one({"_id": "topic-id/0"}, {"$set": {"half": "done"}}, session=dead)
        waiting = asyncio.create_task(commit(counting_worker(), more, store))  # type: ignore[arg-type]  # as above
        await asyncio.sleep(2)
        assert not waiting.done()
        assert store.attempts < 20
        dead.abort_transaction()
        await asyncio.wait_for(waiting, 5)
    assert await rig.counted() == (21, 0)


def _value(number: int) -> bytes:
    return numbered_result("a", number).encode()


async def test_poison_in_the_middle_is_buried_and_the_rest_goes_on(rig: Rig):
    await rig.publish(50, learners=5)
    poison = [b"{", b"\xff", b"[" * 5_000, b"", _value(1).replace(b'"tenant":"ou"', b'"tenant":"O U"')]
    await rig.publisher.say([Saying(PLATFORM_EVENTS.name, b"learner-1", value, HEADERS) for value in poison])
    await rig.publish(50, learners=5)
    await rig.start(rig.engine())
    topic = rig.prefix + dead_letters_of("assessment")
    letters = await asyncio.to_thread(read_topic, rig.bootstrap, topic, at_least=len(poison))
    assert sorted(each.value or b"" for each in letters) == sorted(poison)
    assert all(dict(each.headers)["dlq-topic"] == PLATFORM_EVENTS.name.encode() for each in letters)
    while (await rig.counted())[0] < 100:  # noqa: ASYNC110 - the test's own timeout bounds it
        await asyncio.sleep(0.05)
    assert await rig.counted() == (100, 0)


async def test_a_topic_that_was_deleted_and_made_again_is_refused_with_the_cure(rig: Rig):
    await rig.publish(100)
    async with rig.running():
        await rig.read_up()
    name = rig.prefix + PLATFORM_EVENTS.name
    for future in rig.admin.delete_topics([name], request_timeout=15).values():
        await asyncio.to_thread(future.result, 15)
    await asyncio.sleep(1)
    await asyncio.to_thread(rig.make_topics, [PLATFORM_EVENTS.name])
    with pytest.raises(LogReplaced, match="drop this service's database"):
        await rig.start(rig.engine())


async def test_a_log_that_begins_above_the_position_is_refused_with_the_cure(rig: Rig):
    await rig.publish(100, learners=40)
    async with rig.running():
        await rig.read_up()
    await rig.publish(200, learners=40)
    name = rig.prefix + PLATFORM_EVENTS.name
    cut = [TopicPartition(name, partition, -1) for partition in range(PARTITIONS)]
    futures = rig.admin.delete_records(cut, request_timeout=15)
    try:
        for future in futures.values():
            await asyncio.to_thread(future.result, 15)
    except KafkaException:
        # The embedded broker keeps every record: then nothing is missing, and nothing is refused.
        await rig.start(rig.engine())
        await rig.read_up()
        assert await rig.counted() == (300, 0)
        return
    with pytest.raises(LogTruncated, match=r"retention\.ms"):
        await rig.start(rig.engine())


@pytest.mark.one_broker  # its own
async def test_a_worker_whose_broker_is_away_tries_again_with_pauses(
    mongo_url: str, fresh_name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    with Tansu(tmp_path / "broker") as broker:
        async with Rig(broker.bootstrap, mongo_url, fresh_name) as rig, rig.running():
            await rig.publish(20)
            await rig.read_up()
            broker.process.kill()
            await asyncio.sleep(AWAY_S)
            tries = sum(each.name == "aiokafka" and "connect" in each.message for each in caplog.records)
    assert 0 < tries <= MOST_TRIES


@pytest.mark.one_broker  # its own
def test_a_worker_stops_in_time_and_in_order_while_the_broker_is_away(mongo_url: str, fresh_name: str, tmp_path: Path):
    with Tansu(tmp_path / "broker") as broker:
        create_topics(broker.bootstrap)
        ensure_secret(tmp_path / "secret")
        environment = {
            "MICROCRED_KAFKA_BOOTSTRAP": broker.bootstrap,
            "MICROCRED_MONGO_URL": mongo_url,
            "MICROCRED_DATABASE_PREFIX": fresh_name,
            "MICROCRED_TOKEN_SECRET_FILE": str(tmp_path / "secret"),
            "MICROCRED_HTTP_PORT": "0",
            "MICROCRED_SESSION_TIMEOUT_S": "6",
        }
        command = [sys.executable, "-m", "services.enrolment.main", "--role", "worker"]
        worker = Process("enrolment", command, tmp_path / "log", environment)
        deadline = time.monotonic() + 40
        while '"service.started"' not in worker.log.read_text():
            assert worker.running, worker.log.read_text()
            assert time.monotonic() < deadline, worker.log.read_text()
            time.sleep(0.1)
        broker.process.kill()
        began = time.monotonic()
        worker.signal(signal.SIGTERM)
        while worker.running and time.monotonic() - began < 40:
            time.sleep(0.1)
        took = time.monotonic() - began
        assert not worker.running, worker.log.read_text()
        assert took < 12, f"{took:.1f} s"
        broker.start()
