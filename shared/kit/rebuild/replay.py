"""Folding the log into a generation that is not live, exactly up to given positions and never further."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.kit.chunk import commit
from shared.kit.errors import ChunkTooLarge
from shared.kit.ledger import LEDGER, Batch, halves, ledger_id
from shared.kit.rebuild.live import require_known
from shared.kit.rebuild.merge import Lane, Merge, Partition, passed
from shared.kit.rebuild.report import Estimate
from shared.kit.rebuild.scope import Scope
from shared.kit.rebuild.view import View
from shared.kit.resume import Takeover, resume
from shared.kit.store import Unit

_POLL_S = 0.1


class Feed(Protocol):
    """Reads the log into lanes."""

    def read(self, timeout_s: float) -> None:
        """Hand over what has come, or comes within this time."""
        ...

    def close(self) -> None:
        """Let the broker go."""
        ...


@dataclass(frozen=True, slots=True)
class Log:
    """The log: each topic's id, the first offset of each partition, and what reads it into lanes."""

    ids: Mapping[str, str]
    firsts: Mapping[Partition, int]
    open: Callable[[list[Lane]], Feed]


@dataclass(frozen=True, slots=True)
class Pace:
    """How many records a chunk may have at most, and what is told about how long it takes."""

    most: int
    estimate: Estimate


class Replay:
    """One generation on its way."""

    def __init__(self, scope: Scope, view: View, log: Log, lanes: list[Lane], pace: Pace) -> None:
        """Go on from where the lanes stand; see `opened`."""
        self.ids = log.ids
        self._worker = scope.worker
        self._view = view
        self._merge = Merge(lanes, scope.apart)
        self._lanes = lanes
        self._pace = pace
        self._feed = log.open(lanes)

    @property
    def positions(self) -> dict[Partition, int]:
        """How far each partition is folded."""
        return {lane.place: lane.position for lane in self._lanes}

    def behind(self, targets: Mapping[Partition, int]) -> int:
        """Return how many records are missing to these positions, at most."""
        return sum(max(targets.get(place, 0) - position, 0) for place, position in self.positions.items())

    async def fold_to(self, targets: Mapping[Partition, int]) -> None:
        """Fold what stands below these positions, and nothing else.

        Raises:
            Superseded: another process has taken the rebuild over.

        """
        require_known(self.positions, targets)
        self._merge.aim(targets)
        while not all(lane.ended for lane in self._lanes):
            batches = self._merge.chunk(self._pace.most)
            if batches:
                await self._fold(batches)
                passed(self._lanes, batches)
                self._tell_progress()
            await asyncio.to_thread(self._feed.read, 0 if batches else _POLL_S)
        await self._level()

    async def _fold(self, batches: Sequence[Batch]) -> None:
        try:
            await commit(self._worker, batches, self._view)  # what it says was said long ago
        except ChunkTooLarge:
            first, second = halves(batches)
            if not first:
                raise
            await self._fold(first)
            await self._fold(second)

    async def _level(self) -> None:
        """Move the positions over offsets at which nothing stands: compaction and transactions leave such."""
        gaps = [lane for lane in self._lanes if lane.position < lane.target]

        async def work(unit: Unit) -> None:
            found = await unit.load(LEDGER, [ledger_id(lane.topic_id, lane.partition) for lane in gaps])
            moved = [
                {**found[ledger_id(lane.topic_id, lane.partition)], "next": lane.target, "says": b""} for lane in gaps
            ]
            await unit.write(LEDGER, (), moved)

        if gaps:
            await self._view.transact(work)
        for lane in gaps:
            lane.position = lane.target

    def _tell_progress(self) -> None:
        done, of = (sum(getattr(lane, which) for lane in self._lanes) for which in ("position", "target"))
        self._pace.estimate.at(done, of)

    def close(self) -> None:
        """Let the broker go."""
        self._feed.close()


async def opened(scope: Scope, view: View, log: Log, pace: Pace) -> Replay:
    """Return a replay that goes on where the generation stands, or begins.

    Raises:
        LogReplaced: the generation was begun on another log.
        LogTruncated: what comes next is not on the log any more.

    """
    order = {topic: number for number, topic in enumerate(log.ids)}
    places = sorted(log.firsts, key=lambda place: (order[place[0]], place[1]))
    takeovers = {place: Takeover(place[0], log.ids[place[0]], place[1], log.firsts[place]) for place in places}
    standings = await resume(view, list(takeovers.values()))
    lanes = [
        Lane(topic, log.ids[topic], partition, standings[takeovers[topic, partition]].position)
        for topic, partition in places
    ]
    return Replay(scope, view, log, lanes, pace)
