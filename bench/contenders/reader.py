"""A topic read by a plain confluent-kafka consumer, in the batches that the chunk function wants."""

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

from bench.contenders.spec import Spec
from shared.contracts.topics import PARTITIONS, Topic
from shared.kit.ledger import Batch, Record
from shared.kit.topics_admin import TopicsAdmin

_POLL_S = 0.1
_TIMEOUT_S = 15.0


class Reader:
    """All partitions of one topic, from the beginning."""

    def __init__(self, spec: Spec, topic: Topic) -> None:
        """Connect; positions are ours, not the group's."""
        self._topic = topic.name
        self._topic_id = TopicsAdmin(spec.bootstrap, prefix=spec.prefix).ids([topic.name])[topic.name]
        self._consumer = Consumer(
            {"bootstrap.servers": spec.bootstrap, "group.id": "bench-plain", "enable.auto.commit": False}
        )
        self._places = [TopicPartition(spec.prefix + topic.name, number, 0) for number in range(PARTITIONS)]
        self._consumer.assign(self._places)
        self._ends = dict.fromkeys(range(PARTITIONS), 0)

    def batches(self, most: int) -> list[Batch]:
        """Return what the next poll brings, as the chunk function wants it."""
        found: dict[int, list[Record]] = {}
        for message in self._consumer.consume(most, _POLL_S):
            found.setdefault(message.partition() or 0, []).append(_record(message))
        batches = [
            Batch(self._topic, self._topic_id, partition, self._ends[partition], records)
            for partition, records in found.items()
        ]
        self._ends.update((batch.partition, batch.ends) for batch in batches)
        return batches

    def at_end(self) -> bool:
        """Tell whether everything that stands on the topic was read."""
        return all(
            self._consumer.get_watermark_offsets(place, timeout=_TIMEOUT_S)[1] <= self._ends[place.partition]
            for place in self._places
        )

    def close(self) -> None:
        """Disconnect."""
        self._consumer.close()


def _record(message: Message) -> Record:
    if message.error():
        raise KafkaException(message.error())
    _, timestamp = message.timestamp()
    return Record(message.offset() or 0, timestamp, message.key(), message.value(), tuple(message.headers() or ()))
