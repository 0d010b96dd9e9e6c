"""Reading the log beside the service: no group is joined, nothing is committed."""

import time
from collections.abc import Sequence

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from shared.kit.ledger import Record
from shared.kit.rebuild.errors import LogIncomplete, NothingComes
from shared.kit.rebuild.merge import Lane
from shared.kit.topics_admin import BrokerUnavailable

_ANSWER_S = 15.0
_SILENCE_S = 120.0
_AT_ONCE = 2_000
#: A lane that holds this much pauses until half of it is folded: others are behind.
_MOST_RECORDS = 2_000
_MOST_BYTES = 4 * 1024 * 1024


def first_offsets(bootstrap: str, prefix: str, topics: Sequence[str]) -> dict[tuple[str, int], int]:
    """Return the first offset that the log holds, of every partition.

    Raises:
        BrokerUnavailable: the broker did not answer.

    """
    consumer = _consumer(bootstrap)
    try:
        firsts = {}
        for topic in topics:
            for partition in consumer.list_topics(prefix + topic, timeout=_ANSWER_S).topics[prefix + topic].partitions:
                low, _ = consumer.get_watermark_offsets(TopicPartition(prefix + topic, partition), timeout=_ANSWER_S)
                firsts[topic, partition] = max(low, 0)
    except KafkaException as error:
        raise BrokerUnavailable(f"the broker does not say where topics begin: {error}") from error
    else:
        return firsts
    finally:
        consumer.close()


class LogReader:
    """Feeds lanes from their positions on."""

    def __init__(self, bootstrap: str, prefix: str, lanes: Sequence[Lane]) -> None:
        """Begin to fetch in the background."""
        self._prefix = prefix
        self._lanes = {(prefix + lane.topic, lane.partition): lane for lane in lanes}
        self._paused: set[tuple[str, int]] = set()
        self._heard_at = time.monotonic()
        self._consumer = _consumer(bootstrap)
        self._consumer.assign([TopicPartition(*place, lane.position) for place, lane in self._lanes.items()])

    def read(self, timeout_s: float) -> None:
        """Hand over what has come, or comes within this time.

        Raises:
            LogIncomplete: the log begins above a position.
            NothingComes: lanes wait, and nothing has come for two minutes.

        """
        self._pause_and_resume()
        messages = self._consumer.consume(_AT_ONCE, timeout_s)
        for message in messages:
            self._take(message)
        if messages or not timeout_s:
            self._heard_at = time.monotonic()
        elif time.monotonic() - self._heard_at > _SILENCE_S:
            waiting = [f"{lane.topic}/{lane.partition}" for lane in self._lanes.values() if not lane.ended]
            raise NothingComes(_SILENCE_S, waiting[:5])

    def close(self) -> None:
        """Let the broker go."""
        self._consumer.close()

    def _take(self, message: Message) -> None:
        topic, partition, offset = message.topic(), message.partition(), message.offset()
        lane = self._lanes.get((topic or "", partition if partition is not None else -1))
        error = message.error()
        if lane is None or offset is None:
            return  # about the connection, which is tried again by itself
        if error is None:
            headers = tuple(message.headers() or ())
            lane.read(Record(offset, message.timestamp()[1], message.key(), message.value(), headers))
        elif error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - its public name
            lane.frontier = max(lane.frontier, offset)
        elif error.code() in {KafkaError._AUTO_OFFSET_RESET, KafkaError.OFFSET_OUT_OF_RANGE}:  # noqa: SLF001
            raise LogIncomplete(lane.topic, lane.partition, lane.position)

    def _pause_and_resume(self) -> None:
        for place, lane in self._lanes.items():
            full = max(len(lane.held) / _MOST_RECORDS, lane.bytes / _MOST_BYTES)
            if full > 1 and place not in self._paused:
                self._consumer.pause([TopicPartition(*place)])
                self._paused.add(place)
            elif full < 0.5 and place in self._paused:  # noqa: PLR2004 - half
                self._consumer.resume([TopicPartition(*place)])
                self._paused.discard(place)


def _consumer(bootstrap: str) -> Consumer:
    return Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": "microcred-rebuild",  # the client wants a name; nothing is committed in it
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "auto.offset.reset": "error",
            # As the workers read: a rebuild must see what they saw.
            "isolation.level": "read_uncommitted",
            "fetch.wait.max.ms": 100,
            "queued.max.messages.kbytes": 32_768,
            "socket.keepalive.enable": True,
            "log_level": 2,
        }
    )
