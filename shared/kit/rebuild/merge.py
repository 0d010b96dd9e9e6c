"""All partitions in one order, by the time of their records: a result is folded under the policy of its day. Pure.

A chunk folds its batches one after the other, and models in the order of first mention. So a chunk ends where that
would turn the order around: before a record whose key stands in a later batch already, and between topics that change
what others look at beside, and those others.
"""

import heapq
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from shared.kit.ledger import Batch, Record

Partition = tuple[str, int]


@dataclass(slots=True, eq=False)
class Lane:
    """One partition on its way: `position` is folded next, all below `frontier` was read, `target` is not passed."""

    topic: str
    topic_id: str
    partition: int
    position: int
    frontier: int = 0
    target: int = 0
    held: deque[Record] = field(default_factory=deque)
    bytes: int = 0

    @property
    def place(self) -> Partition:
        """Its topic and number."""
        return self.topic, self.partition

    @property
    def ready(self) -> bool:
        """Whether its next record is known, and may be folded."""
        return bool(self.held) and self.held[0].offset < self.target

    @property
    def ended(self) -> bool:
        """Whether nothing stands between here and the target."""
        if self.held:
            return self.held[0].offset >= self.target
        return max(self.frontier, self.position) >= self.target

    def read(self, record: Record) -> None:
        """Hold a record that was read."""
        self.held.append(record)
        self.frontier = record.offset + 1
        self.bytes += len(record.value or b"")

    def take(self) -> Record:
        """Give the next record away."""
        record = self.held.popleft()
        self.bytes -= len(record.value or b"")
        return record


class Merge:
    """Makes chunks of what the lanes hold; `lanes` in the order in which records of one moment are folded."""

    def __init__(self, lanes: Sequence[Lane], apart: Iterable[str]) -> None:
        """Chunks of these lanes; topics that stand `apart` share no chunk with others."""
        self.lanes = lanes
        self._apart = frozenset(apart)

    def aim(self, targets: Mapping[Partition, int]) -> None:
        """Set how far each lane may go."""
        for lane in self.lanes:
            lane.target = max(targets.get(lane.place, 0), lane.position)

    @property
    def waiting(self) -> list[Lane]:
        """The lanes of which more must be read before it is known which record is next."""
        return [lane for lane in self.lanes if not lane.ready and not lane.ended]

    def chunk(self, most: int) -> list[Batch]:
        """Return the next chunk of at most so many records; nothing when all have ended, or one is waited for."""
        if self.waiting:
            return []
        heap = [(lane.held[0].timestamp, number) for number, lane in enumerate(self.lanes) if lane.ready]
        heapq.heapify(heap)
        chunk = _Chunk(self._apart)
        while heap and chunk.records < most:
            number = heap[0][1]
            lane = self.lanes[number]
            if not chunk.takes(lane):
                break
            if lane.ready:
                heapq.heapreplace(heap, (lane.held[0].timestamp, number))
            elif lane.ended:
                heapq.heappop(heap)
            else:
                break
        return chunk.batches()


class _Chunk:
    """A chunk that grows as long as folding it batch by batch keeps the order of what shares a key."""

    def __init__(self, apart: frozenset[str]) -> None:
        self.records = 0
        self._apart = apart
        self._taken: dict[Lane, list[Record]] = {}
        self._order: dict[Lane, int] = {}
        self._latest: dict[bytes | None, int] = {}

    def takes(self, lane: Lane) -> bool:
        """Take the next record of a lane, unless the order would be turned around."""
        first = next(iter(self._taken), lane)
        if (lane.topic in self._apart) != (first.topic in self._apart):
            return False
        order = self._order.get(lane, len(self._order))
        key = lane.held[0].key
        # A record without a key may be about anybody.
        rivals = self._latest.values() if key is None else (self._latest.get(key, -1), self._latest.get(None, -1))
        if any(rival > order for rival in rivals):
            return False
        self._order[lane] = self._latest[key] = order
        self._taken.setdefault(lane, []).append(lane.take())
        self.records += 1
        return True

    def batches(self) -> list[Batch]:
        return [
            Batch(lane.topic, lane.topic_id, lane.partition, lane.position, records)
            for lane, records in self._taken.items()
        ]


def passed(lanes: Iterable[Lane], batches: Iterable[Batch]) -> None:
    """Note that these batches are folded."""
    ends = {(batch.topic, batch.partition): batch.ends for batch in batches}
    for lane in lanes:
        lane.position = ends.get(lane.place, lane.position)
