"""Was everything folded, and nothing twice: documents and outputs of a run against those of the oracle."""

from collections.abc import Collection, Mapping
from typing import Protocol

from confluent_kafka import Consumer, KafkaException, TopicPartition
from pymongo import MongoClient

from bench.errors import EffectsLost
from services.assessment.store import PROGRESS
from shared.contracts.topics import PARTITIONS, TOPICS
from shared.contracts.wire import decode
from shared.kit.store import Document

_TIMEOUT_S = 15.0
_PAGE = 5_000
_TOPICS = {topic.name: topic for topic in TOPICS}


class Truth(Protocol):
    """What a run must end in: every document by id, and the ids of all that is said, by topic."""

    @property
    def documents(self) -> Mapping[str, Document]:
        """The documents, as they must stand in the database."""
        ...

    @property
    def said(self) -> Mapping[str, Collection[str]]:
        """The ids of the events that must stand on each topic, each once."""
        ...


class SaidLog:
    """What stands on some topics since the last look."""

    def __init__(self, bootstrap: str, prefix: str, topics: Collection[str]) -> None:
        """Begin at the beginning."""
        self._prefix = prefix
        self._next = {(topic, number): 0 for topic in topics for number in range(PARTITIONS)}
        self._consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "bench-truth", "log_level": 2})

    def fresh(self) -> dict[str, list[str]]:
        """Return the ids of the events that were appended to each topic since, in any order."""
        ids: dict[str, list[str]] = {topic: [] for topic, _ in self._next}
        for (topic, partition), first in self._next.items():
            place = TopicPartition(self._prefix + topic, partition, first)
            _, end = self._consumer.get_watermark_offsets(place, timeout=_TIMEOUT_S)
            self._consumer.assign([place])
            ids[topic] += self._read(topic, end - first)
            self._next[topic, partition] = end
        return ids

    def _read(self, topic: str, count: int) -> list[str]:
        ids: list[str] = []
        while len(ids) < count:
            found = self._consumer.consume(count - len(ids), _TIMEOUT_S)
            error = next((message.error() for message in found if message.error()), None)
            if error or not found:
                raise KafkaException(error or f"{topic} cannot be read to its end")
            ids += [decode(_TOPICS[topic], message.value()).id for message in found]
        return ids

    def close(self) -> None:
        """Disconnect."""
        self._consumer.close()


def check_said(name: str, said: Mapping[str, list[str]], truth: Truth) -> None:
    """Raise `EffectsLost` unless everything was said exactly once."""
    for topic, expected in truth.said.items():
        ids = said[topic]
        if len(ids) != len(expected) or set(ids) != set(expected):
            raise EffectsLost(name, f"of {len(ids)} events on {topic}", len(set(expected) & set(ids)), len(expected))


def check_documents(name: str, mongo_url: str, database: str, truth: Truth) -> None:
    """Raise `EffectsLost` unless every document is equal to the oracle's; then drop the database."""
    client: MongoClient[Document] = MongoClient(mongo_url, tz_aware=True)
    with client:
        found = {document["_id"]: document for document in client[database][PROGRESS.collection].find(batch_size=_PAGE)}
        client.drop_database(database)
    right = _equal(found, truth.documents)
    if right != len(truth.documents) or len(found) != right:
        raise EffectsLost(name, f"of {len(found)} documents", right, len(truth.documents))


def _equal(found: Mapping[str, Document], expected: Mapping[str, Document]) -> int:
    return sum(found.get(key) == document for key, document in expected.items())
