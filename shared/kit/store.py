"""The port to the database: one transaction for a chunk, and reading for HTTP.

Implemented by `shared.kit.mongo.MongoStore` and by the in-memory twin `shared.testing.memory.MemoryStore`; both pass
the conformance tests of `tests/integration/kit/test_store_conformance.py`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

Document = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Increment:
    """What one chunk adds to one counter document; `names` are set when the document is new."""

    id: str
    names: Mapping[str, Any]
    add: Mapping[str, int]


class Unit(Protocol):
    """One open transaction: what it reads is one snapshot, what it writes becomes visible all at once."""

    async def load(self, collection: str, ids: Collection[str]) -> dict[str, Document]:
        """Return the documents of these ids, by id; absent ones are left out."""
        ...

    async def write(self, collection: str, new: Sequence[Document], changed: Sequence[Document]) -> None:
        """Insert and replace whole documents.

        Raises:
            ConflictError: another transaction wrote one of them since the snapshot.

        """
        ...

    async def add(self, collection: str, increments: Iterable[Increment]) -> None:
        """Add to counter documents, making those that are missing."""
        ...

    async def remove(self, collection: str, ids: Collection[str]) -> None:
        """Delete documents; absent ones do no harm.

        Raises:
            ConflictError: another transaction wrote one of them since the snapshot.

        """
        ...


class Reader(Protocol):
    """Reading outside transactions, for HTTP; `where` knows equality, $in, $gt, $gte, $lt, $lte and $exists."""

    async def get(self, collection: str, id: str) -> Document | None:  # noqa: A002 - the document's own name for it
        """Return one document, or None."""
        ...

    async def find(
        self,
        collection: str,
        where: Mapping[str, Any],
        *,
        sort: Sequence[tuple[str, int]] = (("_id", 1),),
        limit: int = 100,
    ) -> list[Document]:
        """Return at most `limit` documents in the order of `sort`."""
        ...

    async def count(self, collection: str, where: Mapping[str, Any]) -> int:
        """Return how many documents match."""
        ...

    async def ping(self) -> None:
        """Return when the database answers.

        Raises:
            StoreUnavailable: when it does not.

        """
        ...

    async def close(self) -> None:
        """Give the connections back."""
        ...


class Store(Reader, Protocol):
    """Reading, and transactions."""

    async def transact(self, work: Callable[[Unit], Awaitable[T]]) -> T:
        """Run `work` in one transaction (snapshot read, majority write); on a conflict run it again from the start.

        So it is run after a commit that was interrupted as well: it may find that it has been done.

        Raises:
            StoreUnavailable: when the database stayed away for longer than the store's patience.

        """
        ...

    async def holder(self) -> bytes:
        """Return what this store's transactions are known by to whoever may have to end them; it never changes."""
        ...

    async def end(self, holder: bytes) -> None:
        """Abort what a holder's transactions have left open: they hold up nobody then.

        A holder that lives meets a conflict. Where the database refuses, that is logged, and they last as long as the
        database lets them.
        """
        ...

    async def prepare(self, indexes: Mapping[str, Sequence[Sequence[tuple[str, int]]]]) -> None:
        """Make collections and indexes that are missing."""
        ...


class Snapshot(Protocol):
    """Reading whole collections as they were at one moment."""

    def scan(self, collection: str, after: str = "") -> AsyncIterator[Document]:
        """Yield the documents whose `_id` comes after `after`, in the order of `_id`.

        Raises:
            SnapshotExpired: the database does not remember that moment any more.

        """
        ...


class WholeStore(Store, Protocol):
    """What a rebuild needs besides: whole collections, to be compared and dropped."""

    def snapshot(self) -> AbstractAsyncContextManager[Snapshot]:
        """Open a snapshot; its moment is that of the first scan."""
        ...

    async def drop(self, collection: str) -> None:
        """Drop a collection; one that is not there is no error."""
        ...
