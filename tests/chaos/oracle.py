"""What must stand in the database and on the topics: computed in memory from the topics alone, apart from workers."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pymongo import MongoClient

from shared.contracts.topics import TOPICS, dead_letters_of
from shared.kit.chunk import commit
from shared.kit.ledger import LEDGER, Batch, Record, Saying
from shared.kit.store import Document
from shared.kit.topics_admin import TopicsAdmin
from shared.kit.worker import Worker
from shared.testing.memory import MemoryStore
from shared.testing.topic_reader import read_topic

_SLICE = 400


@dataclass
class Oracle:
    """Folds what stands on a worker's topics, topic by topic in the order of the worker's table."""

    worker: Worker
    store: MemoryStore = field(default_factory=MemoryStore)
    said: list[Saying] = field(default_factory=list)

    async def fold(self, bootstrap: str, prefix: str, expected: Mapping[str, int]) -> None:
        """Fold the records of these topics, `{topic: how many}`, in slices like a worker that never stops."""
        ids = TopicsAdmin(bootstrap, prefix=prefix).ids(list(expected))
        for topic, number in expected.items():
            records = read_topic(bootstrap, prefix + topic, at_least=number)
            for partition in sorted({each.partition for each in records}):
                mine = [
                    Record(each.offset, each.timestamp, each.key, each.value, each.headers)
                    for each in records
                    if each.partition == partition
                ]
                await self._fold(topic, ids[topic], partition, mine)

    async def _fold(self, topic: str, topic_id: str, partition: int, records: Sequence[Record]) -> None:
        for start in range(0, len(records), _SLICE):
            piece = records[start : start + _SLICE]
            begins = 0 if start == 0 else piece[0].offset
            committed = await commit(self.worker, [Batch(topic, topic_id, partition, begins, piece)], self.store)
            self.said += committed.says

    def documents(self) -> dict[str, dict[str, Document]]:
        """Return every document that must be there, by collection and id; the ledger aside."""
        return {name: dict(held) for name, held in self.store.collections.items() if name != LEDGER and held}


def documents_of(mongo_url: str, database: str) -> dict[str, dict[str, Document]]:
    """Return every document that is there, by collection and id; the ledger aside."""
    with MongoClient[dict[str, Any]](mongo_url, tz_aware=True) as client:
        held = client[database]
        found = {
            name: {document["_id"]: document for document in held[name].find()} for name in held.list_collection_names()
        }
    return {name: documents for name, documents in found.items() if documents and name != LEDGER}


def outputs_of(
    bootstrap: str, prefix: str, worker: Worker, said: Iterable[Saying]
) -> tuple[Counter[Any], Counter[Any]]:
    """Return what must stand on the worker's output topics, and what does; each record once, however often said."""
    must = {(each.topic, each.key, each.value) for each in said}
    topics = {topic.name for topic in TOPICS if topic.published_by == worker.service} | {
        dead_letters_of(worker.service)
    }
    topics -= {topic.name for topic in worker.topics}
    does = {
        (topic, each.key, each.value)
        for topic in topics
        for each in read_topic(bootstrap, prefix + topic, at_least=sum(one[0] == topic for one in must))
    }
    return Counter(must), Counter(does)
