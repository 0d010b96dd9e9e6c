"""How far a consumer group is behind on its topics, as its own offsets say."""

from collections.abc import Iterable
from dataclasses import dataclass

from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition

from shared.kit.topics_admin import TopicsAdmin


@dataclass(frozen=True, slots=True)
class Lag:
    """How far one group is behind on one partition; `position` is None where nothing was committed."""

    topic: str
    partition: int
    position: int | None
    end: int


class Lags(TopicsAdmin):
    """The topics of one installation, and who is how far behind on them."""

    def lag(self, group: str, topics: Iterable[str]) -> list[Lag]:
        """Return how far a group is behind on each partition of these topics (without the prefix)."""
        there = self.existing()
        places = [
            TopicPartition(self._prefix + topic, partition)
            for topic in topics
            for partition in range(there.get(self._prefix + topic, 0))
        ]
        request = [ConsumerGroupTopicPartitions(group, places)]
        offsets = self._client.list_consumer_group_offsets(request, request_timeout=self._timeout_s)
        committed = {
            (each.topic, each.partition): each.offset for each in self._await(offsets[group]).topic_partitions or []
        }
        ends = self._settled(lambda: self._ends(places), {place.topic for place in places})
        rows = []
        for (name, partition), end in ends.items():
            position = committed.get((name, partition), -1)
            rows.append(Lag(name.removeprefix(self._prefix), partition, position if position >= 0 else None, end))
        return sorted(rows, key=lambda row: (row.topic, row.partition))
