"""Reading a topic from its beginning, for oracles: everything that stands on it, in the order of each partition."""

import time
from dataclasses import dataclass

from confluent_kafka import OFFSET_BEGINNING, Consumer, Message, TopicPartition

_METADATA_S = 15.0
_POLL_S = 0.1
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Stored:
    """One record as it stands on the log; `timestamp` in milliseconds since 1970."""

    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


def read_topic(
    bootstrap: str, topic: str, *, at_least: int = 0, idle_s: float = 0.7, bound_s: float = 30
) -> list[Stored]:
    """Return all records of a topic by partition and offset.

    Reads until `at_least` are there and nothing more came for `idle_s`: the embedded broker understates where a
    topic ends, so its ends are not asked for.

    Raises:
        TimeoutError: fewer than `at_least` came within `bound_s`.

    """
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "nobody", "enable.auto.commit": False})
    try:
        partitions = consumer.list_topics(topic, timeout=_METADATA_S).topics[topic].partitions
        consumer.assign([TopicPartition(topic, partition, OFFSET_BEGINNING) for partition in partitions])
        return sorted(_read(consumer, topic, at_least, idle_s, bound_s), key=lambda each: (each.partition, each.offset))
    finally:
        consumer.close()


def _read(consumer: Consumer, topic: str, at_least: int, idle_s: float, bound_s: float) -> list[Stored]:
    found: list[Stored] = []
    started = last = time.monotonic()
    while len(found) < at_least or time.monotonic() - last < idle_s:
        messages = consumer.consume(_MOST, _POLL_S)
        found.extend(_stored(message) for message in messages if message.error() is None)
        last = time.monotonic() if messages else last
        if time.monotonic() - started > bound_s:
            raise TimeoutError(f"{topic} holds {len(found)} records after {bound_s:g} s, not {at_least}")
    return found


def _stored(message: Message) -> Stored:
    place = (message.partition() or 0, message.offset() or 0, message.timestamp()[1])
    return Stored(*place, message.key(), message.value(), tuple(message.headers() or ()))
