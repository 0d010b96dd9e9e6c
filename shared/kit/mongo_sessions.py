"""What goes on within one session of MongoDB: a transaction's reads and writes, and reading at one moment.

Database and session are Motor's and come in untyped: Motor is named in `mongo.py` only.
"""

from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from typing import Any

from pymongo import DeleteMany, InsertOne, ReplaceOne, UpdateOne
from pymongo.errors import BulkWriteError, ConnectionFailure, OperationFailure

from shared.kit.errors import ConflictError, SnapshotExpired
from shared.kit.store import Document, Increment

_WRITE_CONFLICT = 112
_DUPLICATE_KEY = 11000
#: SnapshotTooOld and SnapshotUnavailable: by default a moment is remembered for five minutes.
_SNAPSHOT_GONE = {239, 246}


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
        except BulkWriteError as error:
            if any(fault.get("code") in {_WRITE_CONFLICT, _DUPLICATE_KEY} for fault in error.details["writeErrors"]):
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
