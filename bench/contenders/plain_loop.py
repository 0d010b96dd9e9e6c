"""The same chunk function without Faust: a confluent-kafka consumer in a loop. The difference is Faust's price."""

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

from bench.contenders.clock import Clock
from bench.contenders.spec import Run, Spec
from bench.grading import grading_worker
from shared.contracts.topics import ASSESSED, PARTITIONS
from shared.kit.chunk import commit
from shared.kit.ledger import Batch, Record
from shared.kit.mongo import MongoStore
from shared.kit.producer import KafkaPublisher
from shared.kit.topics_admin import TopicsAdmin

_POLL_S = 0.1


class Reader:
    """All partitions of `assessed`, from the beginning."""

    def __init__(self, spec: Spec) -> None:
        """Connect; positions are ours, not the group's."""
        self._topic_id = TopicsAdmin(spec.bootstrap, prefix=spec.prefix).ids([ASSESSED.name])[ASSESSED.name]
        self._consumer = Consumer(
            {"bootstrap.servers": spec.bootstrap, "group.id": "bench-plain", "enable.auto.commit": False}
        )
        self._consumer.assign([TopicPartition(spec.prefix + ASSESSED.name, number, 0) for number in range(PARTITIONS)])
        self._ends = dict.fromkeys(range(PARTITIONS), 0)

    def batches(self, most: int) -> list[Batch]:
        """Return what the next poll brings, as the chunk function wants it."""
        found: dict[int, list[Record]] = {}
        for message in self._consumer.consume(most, _POLL_S):
            found.setdefault(message.partition() or 0, []).append(_record(message))
        batches = [
            Batch(ASSESSED.name, self._topic_id, partition, self._ends[partition], records)
            for partition, records in found.items()
        ]
        self._ends.update((batch.partition, batch.ends) for batch in batches)
        return batches

    def close(self) -> None:
        """Disconnect."""
        self._consumer.close()


def _record(message: Message) -> Record:
    if message.error():
        raise KafkaException(message.error())
    _, timestamp = message.timestamp()
    return Record(message.offset() or 0, timestamp, message.key(), message.value(), tuple(message.headers() or ()))


async def run(spec: Spec) -> Run:
    """Fold all events, chunk by chunk."""
    clock = Clock(spec.events)
    worker = grading_worker()
    store = MongoStore(spec.mongo_url, spec.database)
    publisher = KafkaPublisher(spec.bootstrap, topic_prefix=spec.prefix)
    reader = Reader(spec)
    done = 0
    while done < spec.events:
        if not (batches := reader.batches(spec.settings.fetch_records)):
            continue
        committed = await commit(worker, batches, store)
        await publisher.say(committed.says)
        clock.effect(committed.events)
        done += committed.events
    reader.close()
    await publisher.close()
    await store.close()
    return await clock.all_done()
