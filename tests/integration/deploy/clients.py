"""A producer, a consumer and a transaction, each with a bound on its wait."""

from typing import Any

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic
from pymongo import MongoClient

SECONDS = 20


def create(bootstrap: str, topic: str) -> None:
    """Make a topic of one partition."""
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.create_topics([NewTopic(topic, 1, 1)], request_timeout=SECONDS)[topic].result(SECONDS)


def produce(bootstrap: str, topic: str, value: bytes) -> None:
    """Append one record, acknowledged by all replicas."""
    failures: list[Any] = []
    producer = Producer({"bootstrap.servers": bootstrap, "acks": "all"})
    producer.produce(topic, value, on_delivery=lambda error, _: failures.append(error))
    assert producer.flush(SECONDS) == 0
    assert failures == [None]


def first(bootstrap: str, topic: str) -> bytes:
    """Read the record at offset 0."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "reader", "enable.auto.commit": False})
    try:
        consumer.assign([TopicPartition(topic, 0, 0)])
        message = consumer.poll(SECONDS)
        assert message is not None
        assert message.error() is None
        return bytes(message.value())
    finally:
        consumer.close()


def counted_twice(url: str, database: str) -> int:
    """Write two documents in one transaction, roll a third back, and count."""
    with MongoClient[dict[str, Any]](url) as client:
        things = client[database]["things"]
        with client.start_session() as session:
            with session.start_transaction():
                things.insert_many([{"n": 1}, {"n": 2}], session=session)
            session.start_transaction()
            things.insert_one({"n": 3}, session=session)
            session.abort_transaction()
        return things.count_documents({})
