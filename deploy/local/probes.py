"""Ask a server whether it is there, with a bound on every wait."""

import socket

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

SECONDS = 2.0


def kafka_answers(bootstrap: str) -> bool:
    """Whether a broker at `bootstrap` (`host:port`) answers a metadata request and names itself in it."""
    host, _, port = bootstrap.rpartition(":")
    try:
        socket.create_connection((host, int(port)), SECONDS).close()  # else librdkafka fills the log with retries
    except OSError:
        return False
    try:
        return bool(AdminClient({"bootstrap.servers": bootstrap, "log_level": 0}).list_topics(timeout=SECONDS).brokers)
    except KafkaException:
        return False
