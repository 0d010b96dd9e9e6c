"""The checker's own reading of a topic: every partition from its beginning to its end. Apache Kafka only.

The embedded broker understates where a topic ends.
"""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from confluent_kafka import OFFSET_BEGINNING, Consumer, Message, TopicPartition

_CALL_S = 20.0
_BOUND_S = 120.0
_MOST = 5_000


@dataclass(frozen=True, slots=True)
class Stored:
    """One record as it stands on the log; `timestamp` in milliseconds since 1970, the topic without prefix."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]

    @property
    def place(self) -> str:
        """Where it stands: `topic/partition/offset`."""
        return f"{self.topic}/{self.partition}/{self.offset}"


@dataclass(frozen=True, slots=True)
class Log:
    """What stands on some topics: the records by topic, each in order of partition and offset, and the ends."""

    records: Mapping[str, list[Stored]]
    ends: Mapping[tuple[str, int], int]


def read_log(bootstrap: str, prefix: str, topics: Collection[str]) -> Log:
    """Read these topics whole.

    Raises:
        TimeoutError: the ends were not reached in two minutes.

    """
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": "checker",
            "enable.auto.commit": False,
            "fetch.message.max.bytes": 16 * 1024 * 1024,
        }
    )
    try:
        ends = _ends(consumer, prefix, topics)
        found = _read(consumer, prefix, {place: end for place, end in ends.items() if end})
    finally:
        consumer.close()
    records: dict[str, list[Stored]] = {topic: [] for topic in topics}
    for each in sorted(found, key=lambda one: (one.topic, one.partition, one.offset)):
        records[each.topic].append(each)
    return Log(records, ends)


def _ends(consumer: Consumer, prefix: str, topics: Collection[str]) -> dict[tuple[str, int], int]:
    ends: dict[tuple[str, int], int] = {}
    for topic in topics:
        partitions = consumer.list_topics(prefix + topic, timeout=_CALL_S).topics[prefix + topic].partitions
        for partition in partitions:
            _, end = consumer.get_watermark_offsets(TopicPartition(prefix + topic, partition), timeout=_CALL_S)
            ends[topic, partition] = end
    return ends


def _read(consumer: Consumer, prefix: str, missing: dict[tuple[str, int], int]) -> list[Stored]:
    consumer.assign([TopicPartition(prefix + topic, number, OFFSET_BEGINNING) for topic, number in missing])
    found: list[Stored] = []
    deadline = time.monotonic() + _BOUND_S
    while missing:
        for message in consumer.consume(_MOST, 0.2):
            if message.error() is None:
                found.append(one := _stored(message, prefix))
                if one.offset + 1 >= missing.get((one.topic, one.partition), 0):
                    missing.pop((one.topic, one.partition), None)
        if time.monotonic() > deadline:
            raise TimeoutError(f"these ends were not reached in {_BOUND_S:g} s: {missing}")
    return found


def _stored(message: Message, prefix: str) -> Stored:
    topic = (message.topic() or "").removeprefix(prefix)
    place = (topic, message.partition() or 0, message.offset() or 0, message.timestamp()[1])
    return Stored(*place, message.key(), message.value(), tuple(message.headers() or ()))
