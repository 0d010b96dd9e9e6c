"""The log changes under a worker that runs: it ends with the reason and the cure, and does not read on."""

import asyncio
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException

from shared.contracts.topics import PLATFORM_EVENTS
from shared.kit.errors import LogReplaced, LogShortened
from shared.kit.topic_ids import TopicIds
from tests.integration.kit.rig import SESSION_S, Rig, Watched, until


async def test_a_topic_that_is_deleted_and_made_again_ends_the_worker(rig: Rig):
    engine = await _at_the_end(rig, events=200)
    await _made_again(rig)
    ended = asyncio.create_task(engine.wait_failed())
    while not ended.done():
        await rig.publish(4)
        await asyncio.wait({ended}, timeout=0.5)
    assert isinstance(ended.result(), LogReplaced)


async def test_a_takeover_of_other_partitions_does_not_forget_which_log_it_was(rig: Rig):
    """A deleted topic's partitions are taken away first: the takeover after that is not about them."""
    engine = await _at_the_end(rig, events=200)
    await _made_again(rig)
    with pytest.raises(LogReplaced):
        await engine.resume({})
    assert isinstance(await asyncio.wait_for(engine.wait_failed(), 30), LogReplaced)


async def _made_again(rig: Rig) -> None:
    for future in rig.admin.delete_topics([rig.prefix + PLATFORM_EVENTS.name], request_timeout=15).values():
        await asyncio.to_thread(future.result, 15)
    await asyncio.sleep(1)
    try:
        await asyncio.to_thread(rig.make_topics, [PLATFORM_EVENTS.name])
    except KafkaException as error:
        # The embedded broker makes every topic that it is asked for, and the worker may have asked meanwhile.
        if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
            raise


async def test_a_position_beyond_the_end_that_the_ledger_does_not_hold_is_sought_back(rig: Rig, *, embedded: bool):
    engine = await _at_the_end(rig, events=200)
    await _seek_beyond(engine)
    if embedded:  # this broker is silent about a position beyond the end: nobody can know but who asks the ledger
        await asyncio.sleep(1)
        assert engine.resumed == 1
        await engine._app.consumer.seek_back()
    await until(_resumed(engine, 2), 10, "nothing was sought back")
    await rig.publish(200)
    await rig.read_up()
    assert await rig.counted() == (400, 0)
    assert not engine._failed.done()


async def test_a_ledger_beyond_the_end_ends_the_worker(rig: Rig, *, embedded: bool):
    """The broker lost records that it had acknowledged: what comes next would be taken for what was lost."""
    engine = await _at_the_end(rig, events=200)

    async def move(unit: Any) -> None:
        found = await rig.store.find("ledger", {"topic": PLATFORM_EVENTS.name})
        await unit.write("ledger", (), [{**each, "next": each["next"] + 1_000} for each in found])

    await rig.store.transact(move)
    await engine._app.consumer.seek_back()
    if embedded:  # silent, as above; its log and the database begin anew together, so that this cannot come about
        await asyncio.sleep(2)
        assert not engine._failed.done()
    else:
        assert isinstance(await asyncio.wait_for(engine.wait_failed(), 15), LogShortened)


class _Promised(TopicIds):
    """Ids of topics of which the broker does not know yet, as one does not that is the last to hear of them."""

    async def learn(self) -> None:
        self.known = dict.fromkeys((PLATFORM_EVENTS.name,), "promised")

    async def check(self) -> None:
        pass

    check_at_once = check


async def test_a_topic_of_which_the_broker_hears_late_is_read_all_the_same(rig: Rig, *, embedded: bool):
    for future in rig.admin.delete_topics([rig.prefix + PLATFORM_EVENTS.name], request_timeout=15).values():
        await asyncio.to_thread(future.result, 15)
    engine = rig.engine()
    engine._ids = _Promised(rig.topics, [PLATFORM_EVENTS.name], lambda: False)
    starting = asyncio.create_task(rig.start(engine))
    await asyncio.sleep(SESSION_S / 2 + 2)
    if not embedded:  # which makes every topic that it is asked for
        assert not engine.assignment()
        await asyncio.to_thread(rig.make_topics, [PLATFORM_EVENTS.name])
    await rig.publish(200)
    await rig.read_up()
    assert await rig.counted() == (200, 0)
    await starting


async def _at_the_end(rig: Rig, events: int) -> Watched:
    await rig.publish(events)
    engine = await rig.start(rig.engine())
    await rig.read_up()
    return engine


async def _seek_beyond(engine: Watched) -> None:
    for tp in engine._app.consumer.assignment():
        if tp.topic.endswith(PLATFORM_EVENTS.name):
            await engine._app.consumer._thread.seek_wait({tp: 10_000})


def _resumed(engine: Watched, times: int) -> Any:
    async def resumed() -> bool:
        return engine.resumed >= times

    return resumed
