"""Generations of read models: one document says which collections are the live ones, and everybody follows it.

Generation 1 of `progress` is the collection `progress`, generation n is `progress.n`. The document
`{_id: "generation", current: {collection: n}, hold, ...}` in the collection `ledger` says which is live; what it does
not name is in generation 1. A worker reads it in the transaction of each chunk, together with its positions: it
follows a switch from one chunk to the next, and no chunk is ever written half here and half there.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from shared.kit.ledger import LEDGER
from shared.kit.store import Document, Increment, Store, Unit

T = TypeVar("T")
GENERATION = "generation"
HOLD_S = 3.0
"""How long a worker waits for one switch: a rebuild that died stops nobody for longer."""
CACHED_S = 0.5
"""How long HTTP may go on reading where it read before."""
_PAUSE_S = 0.05


def named(collection: str, generation: int) -> str:
    """Return the name of a collection in one generation."""
    return collection if generation == 1 else f"{collection}.{generation}"


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which generation of each collection is live, and the switch that workers are asked to wait for."""

    current: Mapping[str, int]
    hold: str | None = None

    @classmethod
    def of(cls, document: Document | None) -> "Pointer":
        """Return what the generation document says."""
        document = document or {}
        return cls(document.get("current", {}), document.get("hold"))

    def name(self, collection: str) -> str:
        """Return the name under which a collection is live; the ledger has one name for ever."""
        return collection if collection == LEDGER else named(collection, self.current.get(collection, 1))


class Generations:
    """A store in which every collection is that of its live generation."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        """Read and write what this store holds; `clock` counts seconds."""
        self._store = store
        self._clock = clock
        self._pointer = Pointer({})
        self._read_at = float("-inf")
        self._hold: tuple[str | None, float] = (None, 0.0)

    async def transact(self, work: Callable[[Unit], Awaitable[T]]) -> T:
        """Run `work` in one transaction; while a rebuild is about to switch, wait for it first."""
        while True:
            try:
                return await self._store.transact(lambda unit: work(_LiveUnit(unit, self._waits_for)))
            except _Held:
                await asyncio.sleep(_PAUSE_S)

    async def holder(self) -> bytes:
        """Return what this store's transactions are known by."""
        return await self._store.holder()

    async def end(self, holder: bytes) -> None:
        """Abort what a holder's transactions have left open."""
        await self._store.end(holder)

    def _waits_for(self, hold: str) -> bool:
        if self._hold[0] != hold:
            self._hold = (hold, self._clock())
        return self._clock() - self._hold[1] < HOLD_S

    async def prepare(self, indexes: Mapping[str, Sequence[Sequence[tuple[str, int]]]]) -> None:
        """Make collections and indexes that are missing in the live generation."""
        pointer = await self._live()
        await self._store.prepare({pointer.name(collection): keys for collection, keys in indexes.items()})

    async def get(self, collection: str, id: str) -> Document | None:  # noqa: A002 - the port's name
        """Return one document, or None."""
        return await self._store.get((await self._live()).name(collection), id)

    async def find(
        self,
        collection: str,
        where: Mapping[str, Any],
        *,
        sort: Sequence[tuple[str, int]] = (("_id", 1),),
        limit: int = 100,
    ) -> list[Document]:
        """Return at most `limit` documents in the order of `sort`."""
        return await self._store.find((await self._live()).name(collection), where, sort=sort, limit=limit)

    async def count(self, collection: str, where: Mapping[str, Any]) -> int:
        """Return how many documents match."""
        return await self._store.count((await self._live()).name(collection), where)

    async def ping(self) -> None:
        """Return when the database answers."""
        await self._store.ping()

    async def close(self) -> None:
        """Give the connections back."""
        await self._store.close()

    async def _live(self) -> Pointer:
        if self._clock() - self._read_at > CACHED_S:
            now = self._clock()
            self._pointer = Pointer.of(await self._store.get(LEDGER, GENERATION))
            self._read_at = now
        return self._pointer


class _Held(Exception):
    """A switch is about to come: the transaction is given up and tried again."""


class _LiveUnit:
    """A transaction that learns which generation is live in its own snapshot."""

    def __init__(self, unit: Unit, waits_for: Callable[[str], bool]) -> None:
        self._unit = unit
        self._waits_for = waits_for
        self._pointer: Pointer | None = None

    async def load(self, collection: str, ids: Collection[str]) -> dict[str, Document]:
        if collection != LEDGER:
            return await self._unit.load(await self._name(collection), ids)
        # A chunk begins by loading its positions: one find brings both.
        found = await self._unit.load(LEDGER, [*ids, GENERATION])
        self._learn(found.pop(GENERATION, None))
        return found

    async def write(self, collection: str, new: Sequence[Document], changed: Sequence[Document]) -> None:
        await self._unit.write(await self._name(collection), new, changed)

    async def add(self, collection: str, increments: Iterable[Increment]) -> None:
        await self._unit.add(await self._name(collection), increments)

    async def remove(self, collection: str, ids: Collection[str]) -> None:
        await self._unit.remove(await self._name(collection), ids)

    async def _name(self, collection: str) -> str:
        pointer = self._pointer or self._learn((await self._unit.load(LEDGER, [GENERATION])).get(GENERATION))
        return pointer.name(collection)

    def _learn(self, document: Document | None) -> Pointer:
        self._pointer = Pointer.of(document)
        if self._pointer.hold is not None and self._waits_for(self._pointer.hold):
            raise _Held
        return self._pointer
