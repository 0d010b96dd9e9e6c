"""The group's offsets show the lag and decide nothing: late, refused, deleted or moved, the ledger stands."""

import asyncio
from typing import Any

from aiokafka.errors import CommitFailedError
from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition

from shared.contracts.topics import PLATFORM_EVENTS
from tests.integration.kit.rig import PARTITIONS, Rig, until


async def test_the_groups_offsets_follow_within_a_second(rig: Rig):
    await rig.start(rig.engine())
    await rig.publish(200)
    await rig.read_up()
    ledger = await rig.ledger()

    async def told() -> bool:
        return await rig.committed() == {partition: at or None for partition, at in ledger.items()}

    assert await until(told, 3, "the group's offsets do not follow") < 1.2


async def test_a_commit_that_fails_is_no_failure(rig: Rig):
    engine = await rig.start(rig.engine())
    consumer = engine._app.consumer._thread._ensure_consumer()
    commit, refused = consumer.commit, 0

    async def refuse(_: Any) -> None:
        nonlocal refused
        refused += 1
        raise CommitFailedError("the group has already rebalanced")

    consumer.commit = refuse
    await rig.publish(200)
    await rig.read_up()
    await asyncio.sleep(1)
    assert refused
    assert set((await rig.committed()).values()) == {None}
    consumer.commit = commit
    ledger = await rig.ledger()

    async def told() -> bool:
        return await rig.committed() == {partition: at or None for partition, at in ledger.items()}

    await until(told, 3, "what could not be told was forgotten")
    assert not engine._failed.done()


async def test_the_next_worker_tells_what_a_killed_one_could_not_without_a_new_record(rig: Rig):
    await rig.publish(200)
    async with rig.running():
        await rig.read_up()
    ledger = await rig.ledger()
    await asyncio.to_thread(_change_offsets, rig, "the beginning")
    await rig.start(rig.engine())

    async def told() -> bool:
        return await rig.committed() == {partition: at or None for partition, at in ledger.items()}

    await until(told, 10, "the lag of a partition without new records stays for ever")


async def test_group_offsets_that_an_operator_changes_change_nothing(bootstrap, mongo_url, fresh_name, session_s):
    changes = ("deleted", "the beginning", "beyond the position")
    async with asyncio.TaskGroup() as together:
        for number, to in enumerate(changes):
            rig = Rig(bootstrap, mongo_url, f"{fresh_name}{number}", session_s=session_s)
            together.create_task(_survives(rig, to))


async def _survives(rig: Rig, to: str) -> None:
    async with rig:
        await rig.publish(400)
        async with rig.running():
            await rig.read_up()
        await asyncio.to_thread(_change_offsets, rig, to)
        await rig.publish(400)
        engine = await rig.start(rig.engine())
        await rig.read_up(30)
        assert await rig.counted() == (800, 0), to
        await engine.said_all(400)


def _change_offsets(rig: Rig, to: str) -> None:
    if to == "deleted":
        futures: Any = rig.admin.delete_consumer_groups([rig.group], request_timeout=10)
    else:
        offset = 0 if to == "the beginning" else 150
        places = [TopicPartition(rig.prefix + PLATFORM_EVENTS.name, each, offset) for each in range(PARTITIONS)]
        futures = rig.admin.alter_consumer_group_offsets([ConsumerGroupTopicPartitions(rig.group, places)])
    for future in futures.values():
        future.result(10)
