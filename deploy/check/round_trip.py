"""Prove from outside the containers that broker and database do what the services need of them."""

import os
import uuid
from typing import Any

from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient, NewTopic
from pymongo import MongoClient

SECONDS = 30.0
RECORDS = 100


def kafka(bootstrap: str) -> None:
    """Create a topic, produce idempotently, and read everything back in order; raises when anything is missing."""
    topic = f"round-trip-{uuid.uuid4()}"
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)])[topic].result(SECONDS)
    producer = Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True, "compression.type": "zstd"})
    sent = [str(number).encode() for number in range(RECORDS)]
    for value in sent:
        producer.produce(topic, value)
    left = producer.flush(SECONDS)
    if left:
        raise RuntimeError(f"{left} records were not acknowledged by {bootstrap}: look at the broker's log")
    group = {"group.id": topic, "auto.offset.reset": "earliest"}
    consumer = Consumer({"bootstrap.servers": bootstrap, **group})
    consumer.subscribe([topic])
    read = [record.value() for record in consumer.consume(RECORDS, SECONDS)]
    consumer.close()
    admin.delete_topics([topic])[topic].result(SECONDS)
    if read != sent:
        raise RuntimeError(f"sent {len(sent)} records to {bootstrap} and read {len(read)}, or in another order")
    print(f"Kafka at {bootstrap}: topic made, {len(read)} records there and back")


def mongo(url: str) -> None:
    """Commit one transaction over two collections and take another back; raises when either shows otherwise."""
    with MongoClient[dict[str, Any]](url, serverSelectionTimeoutMS=SECONDS * 1000) as client:
        database = client[f"round-trip-{uuid.uuid4().hex}"]
        with client.start_session() as session:
            for fate in (session.commit_transaction, session.abort_transaction):
                session.start_transaction()
                database.left.insert_one({}, session=session)
                database.right.insert_one({}, session=session)
                fate()
        counts = (database.left.count_documents({}), database.right.count_documents({}))
        version = client.server_info()["version"]
        client.drop_database(database.name)
    if counts != (1, 1):
        raise RuntimeError(f"one transaction of two was to count at {url}, but the collections hold {counts}")
    print(f"MongoDB {version} at {url}: one transaction committed, one taken back")


if __name__ == "__main__":
    kafka(os.environ["KAFKA_BOOTSTRAP"])
    mongo(os.environ["MONGO_URL"])
