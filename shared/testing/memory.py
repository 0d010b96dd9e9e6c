"""In-memory twins of the ports to database and broker; they pass the same conformance tests as the real ones."""

import copy
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self, TypeVar

from shared.contracts.envelope import Event
from shared.kit.errors import ConflictError
from shared.kit.fold import said
from shared.kit.ledger import Saying
from shared.kit.store import Document, Increment, Unit
from shared.testing.matching import in_order, matches

T = TypeVar("T")
_ATTEMPTS = 20


class MemoryStore:
    """A database in a dictionary, with snapshot transactions and write conflicts."""

    def __init__(self, name: bytes = b"memory") -> None:
        """Start empty; `name` is what its transactions are known by."""
        self.name = name
        self.collections: dict[str, dict[str, Document]] = {}
        self.versions: dict[tuple[str, str], int] = {}

    def of_another(self, name: bytes) -> Self:
        """Return what another process has of this database."""
        store = type(self)(name)
        store.collections, store.versions = self.collections, self.versions
        return store

    def put(self, collection: str, document: Document) -> None:
        """Lay down a document, for a test."""
        key = str(document["_id"])
        self.collections.setdefault(collection, {})[key] = copy.deepcopy(document)
        self.versions[collection, key] = self.versions.get((collection, key), 0) + 1

    def take(self, collection: str, key: str) -> None:
        """Take a document away."""
        del self.collections[collection][key]
        self.versions[collection, key] = self.versions.get((collection, key), 0) + 1

    async def transact(self, work: Callable[[Unit], Awaitable[T]]) -> T:
        """Run work on a snapshot and lay down what it wrote, or run it again on a conflict."""
        for _ in range(_ATTEMPTS):
            unit = _MemoryUnit(self)
            result = await work(unit)
            try:
                unit.commit()
            except ConflictError:
                continue
            return result
        raise ConflictError(f"still in conflict after {_ATTEMPTS} attempts")

    async def holder(self) -> bytes:
        """Return what this store's transactions are known by."""
        return self.name

    async def end(self, holder: bytes) -> None:
        """Return: an open transaction holds up nobody here, and meets the conflict when it wants to commit."""

    async def prepare(self, indexes: Mapping[str, Sequence[Sequence[tuple[str, int]]]]) -> None:
        """Make the collections; a dictionary needs no index."""
        for collection in indexes:
            self.collections.setdefault(collection, {})

    async def get(self, collection: str, id: str) -> Document | None:  # noqa: A002 - the port's name
        """Return one document, or None."""
        return copy.deepcopy(self.collections.get(collection, {}).get(id))

    async def find(
        self,
        collection: str,
        where: Mapping[str, Any],
        *,
        sort: Sequence[tuple[str, int]] = (("_id", 1),),
        limit: int = 100,
    ) -> list[Document]:
        """Return at most `limit` documents in the order of `sort`."""
        found = [each for each in self.collections.get(collection, {}).values() if matches(each, where)]
        return copy.deepcopy(in_order(found, sort)[:limit])

    async def count(self, collection: str, where: Mapping[str, Any]) -> int:
        """Return how many documents match."""
        return sum(matches(each, where) for each in self.collections.get(collection, {}).values())

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator["_MemorySnapshot"]:
        """Open a snapshot; its moment is that of the first scan."""
        yield _MemorySnapshot(self)

    async def drop(self, collection: str) -> None:
        """Drop a collection; one that is not there is no error."""
        for key in self.collections.pop(collection, {}):
            self.versions[collection, key] = self.versions.get((collection, key), 0) + 1

    async def ping(self) -> None:
        """Return: memory always answers."""

    async def close(self) -> None:
        """Keep everything: a test looks at it afterwards."""


class _MemoryUnit:
    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._snapshot = copy.deepcopy(store.collections)
        self._versions = dict(store.versions)
        self._written: dict[tuple[str, str], Document | None] = {}

    async def load(self, collection: str, ids: Collection[str]) -> dict[str, Document]:
        held = self._snapshot.get(collection, {})
        return {key: held[key] for key in ids if key in held}

    async def write(self, collection: str, new: Sequence[Document], changed: Sequence[Document]) -> None:
        for document in (*new, *changed):
            self._lay(collection, dict(document))

    async def add(self, collection: str, increments: Iterable[Increment]) -> None:
        held = self._snapshot.setdefault(collection, {})
        for increment in increments:
            document = dict(held.get(increment.id) or {"_id": increment.id, **increment.names})
            for name, number in increment.add.items():
                document[name] = document.get(name, 0) + number
            self._lay(collection, document)

    async def remove(self, collection: str, ids: Collection[str]) -> None:
        held = self._snapshot.setdefault(collection, {})
        for key in ids:
            if held.pop(key, None) is not None:
                self._written[collection, key] = None

    def _lay(self, collection: str, document: Document) -> None:
        self._snapshot.setdefault(collection, {})[document["_id"]] = document
        self._written[collection, document["_id"]] = document

    def commit(self) -> None:
        for place in self._written:
            if self._store.versions.get(place, 0) != self._versions.get(place, 0):
                raise ConflictError(f"{place[0]}/{place[1]} was written meanwhile")
        for (collection, key), document in self._written.items():
            if document is None:
                self._store.take(collection, key)
            else:
                self._store.put(collection, document)


class _MemorySnapshot:
    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._seen: dict[str, dict[str, Document]] | None = None

    async def scan(self, collection: str, after: str = "") -> AsyncIterator[Document]:
        if self._seen is None:
            self._seen = copy.deepcopy(self._store.collections)
        for key, document in sorted(self._seen.get(collection, {}).items()):
            if key > after:
                yield document


class MemoryPublisher:
    """A broker in a list."""

    def __init__(self) -> None:
        """Start with an empty log."""
        self.log: list[Saying] = []
        self.events: list[Event] = []

    async def publish(self, events: Sequence[Event]) -> None:
        """Append events, each to its topic."""
        self.events.extend(events)
        await self.say([said(event) for event in events])

    async def say(self, sayings: Sequence[Saying]) -> None:
        """Append records."""
        self.log.extend(sayings)

    async def close(self) -> None:
        """Keep the log: a test looks at it afterwards."""
