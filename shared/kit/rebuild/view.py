"""The store as a generation sees it that is not live: its own collections, and ledger documents of its own."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from shared.kit.generations import GENERATION, named
from shared.kit.ledger import LEDGER
from shared.kit.rebuild.plan import mine
from shared.kit.store import Document, Increment, Unit, WholeStore

T = TypeVar("T")


class View:
    """A store for the chunk function; whoever took the rebuild over ends it for everybody else."""

    def __init__(self, store: WholeStore, building: Mapping[str, Any], by: str) -> None:
        """See the generation that is built, as process `by`."""
        self._store = store
        self._of: Mapping[str, int] = building["of"]
        self._ledger: int = building["ledger"]
        self._by = by

    def name(self, collection: str) -> str:
        """Return the name of a collection in this generation."""
        return named(collection, self._of.get(collection, self._ledger))

    async def transact(self, work: Callable[[Unit], Awaitable[T]]) -> T:
        """Run `work` in one transaction.

        Raises:
            Superseded: another process has taken this rebuild over.

        """

        async def ours(unit: Unit) -> T:
            mine((await unit.load(LEDGER, [GENERATION])).get(GENERATION), self._by)
            return await work(_Named(unit, self.name))

        return await self._store.transact(ours)

    async def holder(self) -> bytes:
        """Return what this store's transactions are known by."""
        return await self._store.holder()

    async def end(self, holder: bytes) -> None:
        """Abort what a holder's transactions have left open."""
        await self._store.end(holder)

    async def prepare(self, indexes: Mapping[str, Sequence[Sequence[tuple[str, int]]]]) -> None:
        """Make collections and indexes that are missing."""
        await self._store.prepare({self.name(collection): keys for collection, keys in indexes.items()})

    async def get(self, collection: str, id: str) -> Document | None:  # noqa: A002 - the port's name
        """Return one document, or None."""
        return await self._store.get(self.name(collection), id)

    async def find(
        self,
        collection: str,
        where: Mapping[str, Any],
        *,
        sort: Sequence[tuple[str, int]] = (("_id", 1),),
        limit: int = 100,
    ) -> list[Document]:
        """Return at most `limit` documents in the order of `sort`."""
        return await self._store.find(self.name(collection), where, sort=sort, limit=limit)

    async def count(self, collection: str, where: Mapping[str, Any]) -> int:
        """Return how many documents match."""
        return await self._store.count(self.name(collection), where)

    async def ping(self) -> None:
        """Return when the database answers."""
        await self._store.ping()

    async def close(self) -> None:
        """Leave the store open: it is not ours."""


class _Named:
    """A transaction under other names."""

    def __init__(self, unit: Unit, name: Callable[[str], str]) -> None:
        self._unit = unit
        self._name = name

    async def load(self, collection: str, ids: Collection[str]) -> dict[str, Document]:
        return await self._unit.load(self._name(collection), ids)

    async def write(self, collection: str, new: Sequence[Document], changed: Sequence[Document]) -> None:
        if collection == LEDGER:  # what was said is on the log already, and is never said again from here
            new, changed = ([{**each, "says": b""} for each in some] for some in (new, changed))
        await self._unit.write(self._name(collection), new, changed)

    async def add(self, collection: str, increments: Iterable[Increment]) -> None:
        await self._unit.add(self._name(collection), increments)

    async def remove(self, collection: str, ids: Collection[str]) -> None:
        await self._unit.remove(self._name(collection), ids)
