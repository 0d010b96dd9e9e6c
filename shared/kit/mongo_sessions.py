"""MongoDB's sessions: those that transactions run in, what goes on within one, and reading at one moment.

Database and session are Motor's and come in untyped: Motor is named in `mongo.py` only.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from bson.binary import UUID_SUBTYPE, Binary
from pymongo import DeleteMany, InsertOne, ReplaceOne, UpdateOne
from pymongo.errors import ConnectionFailure, OperationFailure

from shared.kit.errors import ConflictError, SnapshotExpired
from shared.kit.store import Document, Increment

_WRITE_CONFLICT = 112
_DUPLICATE_KEY = 11000
#: SnapshotTooOld and SnapshotUnavailable: by default a moment is remembered for five minutes.
_SNAPSHOT_GONE = {239, 246}
MOST = 8
"""Transactions of one process at once: a chunk in each lane, and what people write meanwhile."""
_ID_BYTES = 16


class Sessions:
    """The few sessions that all transactions of one process run in.

    The driver's own pool gives any of hundreds. Of these few the ids can be told beforehand, once, so that whoever
    finds a transaction of a dead process in its way can end it.
    """

    def __init__(self, start: Callable[[], Awaitable[Any]]) -> None:
        """Start them when they are first wanted."""
        self._start = start
        self._ids = b""
        self._free: asyncio.LifoQueue[Any] = asyncio.LifoQueue()
        self._opening = asyncio.Lock()

    async def holder(self) -> bytes:
        """Return the ids of all of them, one after the other."""
        async with self._opening:
            while len(self._ids) < MOST * _ID_BYTES:
                session = await self._start()
                self._ids += session.session_id["id"]
                self._free.put_nowait(session)
        return self._ids

    @asynccontextmanager
    async def one(self) -> AsyncIterator[Any]:
        """Give one that nobody else uses meanwhile; wait for it if need be."""
        await self.holder()
        session = await self._free.get()
        try:
            if session.has_ended:
                # Its id may be in no ledger document: what it leaves open lasts as long as the server lets it (0110).
                session = await self._start()
            yield session
        except asyncio.CancelledError:
            # A thread of the driver may still be at work in it, and must not write into the next transaction.
            await session.end_session()
            raise
        finally:
            self._free.put_nowait(session)

    async def close(self) -> None:
        """Give back those that nobody uses."""
        while not self._free.empty():
            await self._free.get_nowait().end_session()


def ids_in(holder: bytes) -> list[dict[str, Binary]]:
    """Return a holder's sessions as MongoDB's commands want them."""
    places = range(0, len(holder), _ID_BYTES)
    return [{"id": Binary(holder[place : place + _ID_BYTES], UUID_SUBTYPE)} for place in places]


class MongoUnit:
    """What a transaction reads and writes (`shared.kit.store.Unit`)."""

    def __init__(self, database: Any, session: Any) -> None:
        """Work in a session that has begun its transaction."""
        self._database = database
        self._session = session

    async def load(self, collection: str, ids: Collection[str]) -> dict[str, Document]:
        """Return the documents that are there, by id."""
        if not ids:
            return {}
        where = {"_id": {"$in": list(ids)}}
        cursor = self._database[collection].find(where, session=self._session, batch_size=len(ids) + 1)
        return {document["_id"]: document for document in await cursor.to_list(None)}

    async def write(self, collection: str, new: Sequence[Document], changed: Sequence[Document]) -> None:
        """Insert and replace; raises `ConflictError` when somebody else was faster."""
        operations: list[Any] = [InsertOne(document) for document in new]
        operations.extend(ReplaceOne({"_id": document["_id"]}, document) for document in changed)
        await self._bulk(collection, operations)

    async def add(self, collection: str, increments: Iterable[Increment]) -> None:
        """Add to counters; those that are not there begin at 0."""
        await self._bulk(
            collection,
            [
                UpdateOne({"_id": each.id}, {"$inc": dict(each.add), "$setOnInsert": dict(each.names)}, upsert=True)
                for each in increments
            ],
        )

    async def remove(self, collection: str, ids: Collection[str]) -> None:
        """Delete documents."""
        await self._bulk(collection, [DeleteMany({"_id": {"$in": list(ids)}})] if ids else [])

    async def _bulk(self, collection: str, operations: list[Any]) -> None:
        if not operations:
            return
        try:
            await self._database[collection].bulk_write(operations, ordered=True, session=self._session)
        except OperationFailure as error:
            faults = (error.details or {}).get("writeErrors", ())
            if {error.code, *(fault.get("code") for fault in faults)} & {_WRITE_CONFLICT, _DUPLICATE_KEY}:
                raise ConflictError(f"{collection} was written meanwhile") from error
            raise


class MongoSnapshot:
    """Reading at one moment (`shared.kit.store.Snapshot`)."""

    def __init__(self, database: Any, session: Any) -> None:
        """Read in a snapshot session."""
        self._database = database
        self._session = session

    async def scan(self, collection: str, after: str = "") -> AsyncIterator[Document]:
        """Yield a collection in the order of ids; raises `SnapshotExpired` when that moment is forgotten."""
        try:
            async for document in (
                self._database[collection].find({"_id": {"$gt": after}}, session=self._session).sort("_id", 1)
            ):
                yield document
        except OperationFailure as error:
            if error.code not in _SNAPSHOT_GONE:
                raise
            raise SnapshotExpired(f"{collection} cannot be read on at that moment: {error}") from error
        except ConnectionFailure as error:
            raise SnapshotExpired(f"the database went away while {collection} was read: {error}") from error
