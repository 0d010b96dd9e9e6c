"""Was everything folded, and nothing twice: documents and passes of a run against those of the oracle."""

from collections.abc import Mapping

from confluent_kafka import Consumer, KafkaException, TopicPartition
from pymongo import MongoClient

from bench.cohorts import Truth
from bench.errors import EffectsLost
from services.assessment.store import PROGRESS
from shared.contracts.assessment import LearnerPassed
from shared.contracts.topics import PARTITIONS, PASSED
from shared.contracts.wire import decode
from shared.kit.store import Document

_TIMEOUT_S = 15.0
_PAGE = 5_000


class PassedLog:
    """What stands on `passed` since the last look."""

    def __init__(self, bootstrap: str, prefix: str) -> None:
        """Begin at the beginning."""
        self._topic = prefix + PASSED.name
        self._next = dict.fromkeys(range(PARTITIONS), 0)
        self._consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "bench-truth", "log_level": 2})

    def fresh(self) -> list[str]:
        """Return the ids of the passes that were appended since, in any order."""
        ids: list[str] = []
        for partition, first in self._next.items():
            place = TopicPartition(self._topic, partition, first)
            _, end = self._consumer.get_watermark_offsets(place, timeout=_TIMEOUT_S)
            self._consumer.assign([place])
            ids += [self._one() for _ in range(first, end)]
            self._next[partition] = end
        return ids

    def _one(self) -> str:
        message = self._consumer.poll(_TIMEOUT_S)
        if message is None or message.error():
            raise KafkaException(message.error() if message else f"{self._topic} cannot be read to its end")
        return decode(PASSED, message.value()).id

    def close(self) -> None:
        """Disconnect."""
        self._consumer.close()


def check_passes(name: str, ids: list[str], truth: Truth) -> None:
    """Raise `EffectsLost` unless every pass was said exactly once."""
    if len(ids) != len(truth.passes) or set(ids) != truth.passes:
        raise EffectsLost(name, f"of {len(ids)} {LearnerPassed.TYPE}", len(truth.passes & set(ids)), len(truth.passes))


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
