"""Reading a topic from its beginning, as any consumer could."""

import time
from collections.abc import Iterator
from uuid import uuid4

from confluent_kafka import Consumer, KafkaException, TopicPartition

from deploy.cli.errors import Unreachable
from shared.contracts.envelope import Event
from shared.contracts.topics import Topic
from shared.contracts.wire import decode

PARTITIONS_S = 10.0
POLL_S = 0.2
SILENT_S = 1.5
BATCH = 1_000


def read_topic(bootstrap: str, topic: Topic, prefix: str = "") -> Iterator[Event]:
    """Yield all that stands on a topic now; raises `Unreachable`."""
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": f"microcred-reading-{uuid4()}",
            "enable.auto.commit": False,
            "log_level": 2,
        }
    )
    try:
        yield from _until_silent(consumer, topic, prefix)
    except KafkaException as error:
        raise Unreachable("the broker", bootstrap, error) from error
    finally:
        consumer.close()


def _until_silent(consumer: Consumer, topic: Topic, prefix: str) -> Iterator[Event]:
    # The embedded broker's end offsets cannot be trusted: the end is where nothing comes any more.
    name = prefix + topic.name
    partitions = consumer.list_topics(name, timeout=PARTITIONS_S).topics[name].partitions
    consumer.assign([TopicPartition(name, partition, 0) for partition in partitions])
    heard = time.monotonic()
    while time.monotonic() - heard < SILENT_S:
        for message in consumer.consume(BATCH, timeout=POLL_S):
            if message.error():
                raise KafkaException(message.error())
            heard = time.monotonic()
            yield decode(topic, message.value(), message.headers() or ())
