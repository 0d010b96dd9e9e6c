"""Finding a credential on the log, as any consumer of `issued` could."""

from collections.abc import Iterator
from uuid import uuid4

from confluent_kafka import Consumer, KafkaException, TopicPartition

from deploy.cli.errors import Unreachable
from shared.contracts.envelope import Event
from shared.contracts.issuance import CredentialIssued
from shared.contracts.topics import ISSUED
from shared.contracts.wire import decode

TIMEOUT_S = 10.0
POLL_S = 1.0
BATCH = 1_000


def standing_credential(bootstrap: str, tenant: str) -> str | None:
    """Return the id of a credential of an institution that was not revoked, the first by id; None for none."""
    issued: set[str] = set()
    revoked: set[str] = set()
    for event in read(bootstrap):
        if event.tenant == tenant:
            kind = issued if isinstance(event, CredentialIssued) else revoked
            kind.add(event.data.credential_id)
    return min(issued - revoked, default=None)


def read(bootstrap: str) -> Iterator[Event]:
    """Yield all that stands on `issued` now; raises `Unreachable`."""
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": f"microcred-demo-{uuid4()}",
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "log_level": 2,
        }
    )
    try:
        yield from _to_the_end(consumer)
    except KafkaException as error:
        raise Unreachable("the broker", bootstrap, error) from error
    finally:
        consumer.close()


def _to_the_end(consumer: Consumer) -> Iterator[Event]:
    partitions = consumer.list_topics(ISSUED.name, timeout=TIMEOUT_S).topics[ISSUED.name].partitions
    ends = {}
    for partition in partitions:
        low, high = consumer.get_watermark_offsets(TopicPartition(ISSUED.name, partition), timeout=TIMEOUT_S)
        if high > low:
            ends[partition] = high
    consumer.assign([TopicPartition(ISSUED.name, partition, 0) for partition in ends])
    while ends:
        for message in consumer.consume(BATCH, timeout=POLL_S):
            if message.error():
                raise KafkaException(message.error())
            if message.offset() + 1 >= ends.get(message.partition(), 0):
                ends.pop(message.partition(), None)
            yield decode(ISSUED, message.value(), message.headers() or ())
