"""What operators do to a service's offsets, its database and its log."""

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any

from confluent_kafka import ConsumerGroupTopicPartitions, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from shared.kit.lags import Lags
from tests.chaos.checker.documents import Held, held_by
from tests.chaos.errors import NotStruck, Unkept
from tests.chaos.faults.fault import Fault
from tests.chaos.ground import PARTITIONS
from tests.chaos.hand import Hand
from tests.chaos.scene import Scene

_CALL_S = 20.0
_REFUSES_WITHIN_S = 30.0
_REFUSED = "LogReplaced"


class OffsetsMoved(Fault[Scene]):
    """The group's offsets are deleted or put elsewhere while its workers are stopped."""

    def __init__(self, how: str) -> None:
        """`how` is `deleted`, `earliest` or `latest`."""
        self.name = f"offsets {'deleted' if how == 'deleted' else f'reset to {how}'}"
        self._how = how

    async def inject(self, where: Scene) -> None:
        """Stop the workers, and change the offsets."""
        for hand in list(where.crew):
            await where.dismiss(hand)
        await asyncio.to_thread(_change, where, self._how)

    async def heal(self, where: Scene) -> None:
        """Start a worker again."""
        where.hire()


class OffsetsMovedAtWork(Fault[Scene]):
    """The same is tried while the group is at work; Kafka refuses it, and nothing changes."""

    name = "offsets reset at work (Kafka refuses)"

    async def inject(self, where: Scene) -> None:
        """Try each."""
        for how in ("deleted", "earliest"):
            try:
                await asyncio.to_thread(_change, where, how)
            except KafkaException:
                continue
            raise NotStruck(f"{where.service}: Kafka let the offsets of a group at work be {how}")


class OlderDump(Fault[Scene]):
    """The service's database is put back to what it was a while ago; its positions come back with it."""

    name = "MongoDB restored from an older dump"

    async def inject(self, where: Scene) -> None:
        """Dump at a quiet moment, go on for a while, stop, and restore."""
        await where.feed.pause()
        await where.catch_up("a pause")
        dump = await asyncio.to_thread(held_by, where.ground.mongo_url, where.subject.database)
        where.feed.go()
        await where.feed.volley()
        await where.catch_up("a dump")
        for hand in list(where.crew):
            await where.dismiss(hand)
        await asyncio.to_thread(_restore, where, dump)

    async def heal(self, where: Scene) -> None:
        """Start a worker: it catches up."""
        where.hire()


class TopicMadeAnew(Fault[Scene]):
    """A topic is deleted and made again under a running worker.

    It must refuse (`LogReplaced`), end with a status that is not 0 and leave the database as it is. The operator's
    cure, to drop the database, makes it anew from what is on the log. What was said before stays said: it is checked
    here for the last time, and outputs are compared from here on.
    """

    name = "topic deleted and made again"

    async def inject(self, where: Scene) -> None:
        """Make the topic anew, and see the worker refuse."""
        await where.feed.pause()
        # Only what it folds shows that a worker is at work: one that has just been started takes over meanwhile.
        await where.feed.volley()
        await where.catch_up("a pause")
        verdict = await asyncio.to_thread(where.subject.check, where.since)
        if verdict.findings:
            raise Unkept(f"{where.service}: before the topic was made again: {verdict.findings[0]}")
        hand = where.worker
        hand.let_go = True
        before = await asyncio.to_thread(held_by, where.ground.mongo_url, where.subject.database)
        where.gone -= await asyncio.to_thread(_make_anew, where, where.story.fire)
        try:
            await self._refused(where, hand, before)
        except Unkept:
            await self.heal(where)  # what strikes next must not show this fault again
            raise

    async def _refused(self, where: Scene, hand: Hand, before: Held) -> None:
        await where.until(
            lambda: not hand.running, _REFUSES_WITHIN_S, f"{where.story.fire} was replaced, the worker ends"
        )
        where.bury(hand)
        if hand.status == 0 or _REFUSED not in hand.log.read_text(errors="replace"):
            raise Unkept(f"{where.service}: it did not refuse: status {hand.status}, {hand.last_words}")
        after = await asyncio.to_thread(held_by, where.ground.mongo_url, where.subject.database)
        if before != after:
            raise Unkept(f"{where.service}: it refused the log, and changed {list(_changed(before, after))[:5]}")

    async def heal(self, where: Scene) -> None:
        """Drop the database, as the worker's message says, and start one that makes it anew."""
        await asyncio.to_thread(_drop, where)
        where.since = await asyncio.to_thread(where.subject.output_ends)
        where.hire()
        # What is known first must be folded first again: across topics Kafka defines no order.
        await where.catch_up(self.name)
        where.feed.go()


def _changed(before: Held, after: Held) -> Iterator[str]:
    for name in sorted({**before, **after}):
        was, now = before.get(name, {}), after.get(name, {})
        yield from (f"{name}/{key}" for key in sorted({**was, **now}) if was.get(key) != now.get(key))


def _change(where: Scene, how: str) -> None:
    admin = AdminClient({"bootstrap.servers": where.ground.bootstrap, "log_level": 2})
    group = f"{where.prefix}.{where.subject.worker.service}"
    if how == "deleted":
        admin.delete_consumer_groups([group], request_timeout=_CALL_S)[group].result(_CALL_S + 1)
        return
    places = [
        TopicPartition(where.subject.prefix + topic.name, partition)
        for topic in where.subject.worker.topics
        for partition in range(PARTITIONS)
    ]
    spec = OffsetSpec.earliest() if how == "earliest" else OffsetSpec.latest()
    ends = admin.list_offsets(dict.fromkeys(places, spec), request_timeout=_CALL_S)
    moved = [
        TopicPartition(place.topic, place.partition, future.result(_CALL_S + 1).offset)
        for place, future in ends.items()
    ]
    request = [ConsumerGroupTopicPartitions(group, moved)]
    answer = admin.alter_consumer_group_offsets(request, request_timeout=_CALL_S)[group].result(_CALL_S + 1)
    refused = [each.error for each in answer.topic_partitions or [] if each.error is not None]
    if refused:
        raise KafkaException(refused[0])


def _restore(where: Scene, dump: dict[str, dict[str, dict[str, Any]]]) -> None:
    with where.ground.client() as client:
        database = client[where.subject.database]
        for name in {*database.list_collection_names(), *dump}:
            database[name].delete_many({})
            if dump.get(name):
                database[name].insert_many(dump[name].values())


def _drop(where: Scene) -> None:
    with where.ground.client() as client:
        client.drop_database(where.subject.database)


def _make_anew(where: Scene, topic: str) -> int:
    """Delete a topic and make it again; return how many records are gone."""
    admin = AdminClient({"bootstrap.servers": where.ground.bootstrap, "log_level": 2})
    name = where.subject.prefix + topic
    ours = Lags(where.ground.bootstrap, prefix=where.subject.prefix)
    gone = sum(each.end for each in ours.lag(f"{name}-nobody", [topic]))
    admin.delete_topics([name], request_timeout=_CALL_S)[name].result(_CALL_S + 1)
    _wait(lambda: name not in ours.existing())
    _wait(lambda: name in where.make_topics([topic]))
    return gone


def _wait(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _CALL_S
    while not happened():
        if time.monotonic() > deadline:
            raise NotStruck("the topic was not deleted and made again in time")
        time.sleep(0.2)
