"""Through the engine: the counters in the database are what the journeys there count, whatever came, and when."""

import asyncio
from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.analytics.domain import View
from services.analytics.projections.funnel import funnel
from services.analytics.store import FUNNEL, JOURNEYS, Funnels
from services.analytics.stream import worker
from shared.contracts.envelope import Event
from shared.contracts.topics import TOPICS
from shared.kit.chunk import commit
from shared.kit.ledger import Batch, Record
from shared.testing.memory import MemoryStore
from tests.property.analytics.test_journey import counted, fold, histories

PARTITION = 3
_NOW_MS = 1_900_000_000_000
_TOPIC = {event: topic.name for topic in TOPICS for event in topic.events}


async def deliver(store: MemoryStore, chunks: list[list[Event]]) -> None:
    """Give the worker each chunk, with every topic's records in one partition, and each chunk twice."""
    ends: Counter[str] = Counter()
    for chunk in chunks:
        by_topic: dict[str, list[Event]] = {}
        for event in chunk:
            by_topic.setdefault(_TOPIC[type(event)], []).append(event)
        batches = [_batch(topic, ends[topic], events) for topic, events in by_topic.items()]
        for _ in range(2):
            committed = await commit(worker, batches, store)
            assert (committed.says, committed.refused) == ((), 0)
        ends.update({topic: len(events) for topic, events in by_topic.items()})


def _batch(topic: str, begins: int, events: list[Event]) -> Batch:
    records = [
        Record(begins + number, _NOW_MS, event.key.encode(), event.encode()) for number, event in enumerate(events)
    ]
    return Batch(topic, f"id-of-{topic}", PARTITION, begins, records)


@settings(max_examples=60)
@given(histories(), st.integers(1, 5))
def test_counters_are_what_the_journey_counts(events: list[Any], size: int) -> None:
    store = MemoryStore()
    chunks = [events[start : start + size] for start in range(0, len(events), size)]

    asyncio.run(deliver(store, chunks))

    journey = fold(events)
    expected = funnel("month", _counters(journey), {})
    assert asyncio.run(Funnels(store).read("ou", View(by="month"))) == expected
    if events:
        assert JOURNEYS.load(store.collections["journeys"]["ou/learner-1/bbb/2014j"]) == journey
        assert all(document["partition"] == PARTITION for document in store.collections.get(FUNNEL, {}).values())


def _counters(journey: Any) -> list[dict[str, Any]]:
    return [{**dict(bucket), stage: 1} for bucket, stage in counted(journey)]
