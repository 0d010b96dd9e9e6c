"""What is in the air between the fetch and the acknowledgement: bounded, in order, and finished only by `done`."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST_BYTES = 8 * 1024 * 1024
"""What a chunk may hold: two of the largest records at the least, and far below what a small database's cache takes."""

MOST_OPEN = 2
"""Fetches for each lane, one being folded and one waiting: a slow database slows the fetch and fills no memory."""

Partition = tuple[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class Fetch:
    """What one fetch brought: the records of each partition, and the position that they were fetched from."""

    records: Mapping[Any, Sequence[Any]]
    begins: Mapping[Any, int]


def cut(records: Mapping[Any, Sequence[Any]], begins: Mapping[Any, int], most_bytes: int) -> Iterator[Fetch]:
    """Yield what one fetch brought in pieces of about so many bytes at the most, each partition in order.

    Compressed records of no size on the wire may be large in memory; a transaction must not grow with them.
    """
    piece: dict[Any, list[Any]] = {}
    start = dict(begins)
    held = 0
    for partition, some in records.items():
        for record in some:
            size = len(record.value or b"")
            if piece and held + size > most_bytes:
                yield Fetch(piece, {each: start[each] for each in piece})
                start.update({each: taken[-1].offset + 1 for each, taken in piece.items()})
                piece, held = {}, 0
            piece.setdefault(partition, []).append(record)
            held += size
    if piece:
        yield Fetch(piece, {each: start[each] for each in piece})


class Flights:
    """The fetches that are open, and the positions that are finished but not yet told to the broker."""

    def __init__(self, *, lanes: int = 1) -> None:
        """Start with room for so many lanes."""
        self._most_open = MOST_OPEN * lanes
        self._open: set[Fetch] = set()
        self._room = asyncio.Event()
        self._room.set()
        self.finished: dict[Any, int] = {}
        self.positions: dict[Any, int] = {}
        """Up to where each of our partitions is folded, as far as this process knows."""
        self.forgotten = 0
        """How often reading began anew: what was fetched before that is of no use after it."""

    async def room(self, timeout_s: float) -> bool:
        """Wait until another fetch may be opened; tell whether it may."""
        if self._room.is_set():
            return True
        try:
            # Not wait_for: one that is cancelled at the moment of its success swallows the cancellation.
            async with asyncio.timeout(timeout_s):
                await self._room.wait()
        except TimeoutError:
            return False
        return True

    def opened(self, fetch: Fetch) -> None:
        """Note a fetch that was handed over."""
        self._open.add(fetch)
        self._update()

    def open_records(self) -> dict[Any, int]:
        """Return how many records of each partition are in the air."""
        counts: dict[Any, int] = {}
        for fetch in self._open:
            for partition, records in fetch.records.items():
                counts[partition] = counts.get(partition, 0) + len(records)
        return counts

    def behind(self, unfetched: Mapping[Any, int]) -> dict[Any, int]:
        """Return how many records of each partition are not folded, of which so many are not fetched either."""
        counts = self.open_records()
        return {partition: behind + counts.get(partition, 0) for partition, behind in unfetched.items()}

    def read_past(self, places: Mapping[Any, int]) -> dict[Any, int]:
        """Return those of the places where reading stands up to which is not folded, though nothing is in the air."""
        counts = self.open_records()
        return {
            partition: place
            for partition, place in places.items()
            if partition not in counts and place > self.positions.get(partition, place)
        }

    def folded(self, fetch: Fetch, ends: Mapping[Any, int]) -> None:
        """Note that a part of a fetch is folded and said, up to these positions; a forgotten fetch moves nothing.

        By part, since fetches may end in another order than they came in; the parts of one partition do not.
        """
        if fetch in self._open:
            self.finished.update(ends)
            self.positions.update(ends)

    def done(self, fetch: Fetch) -> None:
        """Note that there is nothing left of a fetch."""
        self._open.discard(fetch)
        self._update()

    def forget(self) -> None:
        """Forget all that is open: reading goes on from the ledger's positions."""
        self.forgotten += 1
        self._open.clear()
        self._update()

    def begun(self, positions: Mapping[Any, int]) -> None:
        """Note the ledger's positions, from which on reading begins; the broker may not know them."""
        self.positions.update(positions)
        # Whoever had them before may have been killed between folding and telling; without a new record nobody would.
        self.finished.update({partition: position for partition, position in positions.items() if position})

    def told(self, offsets: Mapping[Any, int]) -> None:
        """Note that the broker knows these positions."""
        for partition, offset in offsets.items():
            if self.finished.get(partition) == offset:
                del self.finished[partition]

    def drop(self, partitions: set[Any]) -> None:
        """Forget the positions of partitions that are not ours any more."""
        for partition in partitions:
            self.finished.pop(partition, None)
            self.positions.pop(partition, None)

    def _update(self) -> None:
        if len(self._open) < self._most_open:
            self._room.set()
        else:
            self._room.clear()
