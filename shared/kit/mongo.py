"""MongoDB behind the store port. Motor is named in this module only, since it is past its end of life."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar

import structlog
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorClientSession, AsyncIOMotorDatabase
from pymongo import ReadPreference, WriteConcern
from pymongo.errors import (
    CollectionInvalid,
    ConfigurationError,
    ConnectionFailure,
    DocumentTooLarge,
    InvalidName,
    InvalidOperation,
    OperationFailure,
    PyMongoError,
)
from pymongo.read_concern import ReadConcern

from shared.kit.errors import ChunkTooLarge, ConflictError, StoreUnavailable
from shared.kit.mongo_sessions import MongoSnapshot, MongoUnit, Sessions, ids_in
from shared.kit.store import Document, Unit

T = TypeVar("T")
_log = structlog.get_logger(__name__)

_TOO_LARGE_FOR_CACHE = 388
#: What is as wrong the second time.
_MISTAKES = (ConfigurationError, DocumentTooLarge, InvalidName, InvalidOperation)
_FIRST_PAUSE_S = 0.01
_LONGEST_PAUSE_S = 2.0
_SERVER_ANSWER_MS = 5_000


class MongoStore:
    """One service's database.

    `patience_s` is how long a transaction is tried again while the database is away, steps down or is in conflict.
    """

    def __init__(self, url: str, database: str, *, patience_s: float = 120.0) -> None:
        """Connect lazily; must be made on the event loop that uses it."""
        self._client: AsyncIOMotorClient[Document] = AsyncIOMotorClient(
            url,
            serverSelectionTimeoutMS=_SERVER_ANSWER_MS,
            retryWrites=True,
            compressors=[],
            tz_aware=True,
            appname="microcred",
        )
        majority: dict[str, Any] = {"write_concern": WriteConcern("majority"), "read_concern": ReadConcern("majority")}
        self._database: AsyncIOMotorDatabase[Document] = self._client.get_database(database, **majority)
        # Without causal consistency: a transaction waits for nothing that an earlier one of its session has read.
        self._sessions = Sessions(partial(self._client.start_session, causal_consistency=False))
        self._patience_s = patience_s

    async def transact(self, work: Callable[[Unit], Awaitable[T]]) -> T:
        """Run `work` in one transaction; on a conflict or a change of primary run it again from its load."""
        deadline = time.monotonic() + self._patience_s
        pause = _FIRST_PAUSE_S
        while True:
            try:
                return await self._attempt(work)
            except (ConflictError, PyMongoError) as error:
                if isinstance(error, OperationFailure) and error.code == _TOO_LARGE_FOR_CACHE:
                    raise ChunkTooLarge(f"the database's cache does not hold this transaction: {error}") from error
                if not _passes(error):
                    raise
                if time.monotonic() > deadline:
                    raise StoreUnavailable(f"no transaction succeeded for {self._patience_s:g} s: {error}") from error
                _note(error, pause)
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - jitter, not a secret
            pause = min(pause * 2, _LONGEST_PAUSE_S)

    async def _attempt(self, work: Callable[[Unit], Awaitable[T]]) -> T:
        async with self._sessions.one() as session:
            session.start_transaction(
                read_concern=ReadConcern("snapshot"),
                write_concern=WriteConcern("majority"),
                read_preference=ReadPreference.PRIMARY,
            )
            try:
                result = await work(MongoUnit(self._database, session))
            except BaseException:
                await _abort(session)
                raise
            await self._commit(session, time.monotonic() + self._patience_s)
            return result

    async def _commit(self, session: AsyncIOMotorClientSession, deadline: float) -> None:
        while True:
            try:
                await session.commit_transaction()
            except PyMongoError as error:
                if not error.has_error_label("UnknownTransactionCommitResult") or time.monotonic() > deadline:
                    raise
                # The answer was lost, not the commit: asking again is safe, and the ledger knows if it is not.
                await asyncio.sleep(_FIRST_PAUSE_S)
            else:
                return

    async def holder(self) -> bytes:
        """Return the ids of the sessions that this store's transactions run in."""
        return await self._sessions.holder()

    async def end(self, holder: bytes) -> None:
        """Abort what is open in a holder's sessions: those of the same user, which needs no privilege."""
        try:
            await self._client.admin.command("killSessions", ids_in(holder))
        except PyMongoError as error:
            _log.warning("store.not_ended", error=type(error).__name__, reason=str(error)[:300])
        else:
            _log.info("store.ending", holder=holder.hex()[:32])  # MongoDB does not tell whether there was anything

    async def prepare(self, indexes: Mapping[str, Sequence[Sequence[tuple[str, int]]]]) -> None:
        """Make collections and indexes that are missing."""
        there = set(await self._guard(self._database.list_collection_names()))
        for collection in indexes.keys() - there:
            try:
                await self._guard(self._database.create_collection(collection))
            except CollectionInvalid:
                continue  # another process was faster, before we looked
            except OperationFailure as error:
                if error.code != 48:  # noqa: PLR2004 - NamespaceExists: another process was faster, after we looked
                    raise
        for collection, wanted in indexes.items():
            for keys in wanted:
                await self._guard(self._database[collection].create_index(list(keys)))

    async def get(self, collection: str, id: str) -> Document | None:  # noqa: A002 - the port's name
        """Return one document, or None."""
        return await self._guard(self._database[collection].find_one({"_id": id}))

    async def find(
        self,
        collection: str,
        where: Mapping[str, Any],
        *,
        sort: Sequence[tuple[str, int]] = (("_id", 1),),
        limit: int = 100,
    ) -> list[Document]:
        """Return at most `limit` documents in the order of `sort`."""
        cursor = self._database[collection].find(where).sort(list(sort)).limit(limit)
        return await self._guard(cursor.to_list(None))

    async def count(self, collection: str, where: Mapping[str, Any]) -> int:
        """Return how many documents match."""
        return await self._guard(self._database[collection].count_documents(where))

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[MongoSnapshot]:
        """Open a snapshot; its moment is that of the first scan."""
        async with await self._client.start_session(snapshot=True) as session:
            yield MongoSnapshot(self._database, session)

    async def drop(self, collection: str) -> None:
        """Drop a collection; one that is not there is no error."""
        await self._guard(self._database.drop_collection(collection))

    async def ping(self) -> None:
        """Return when the database answers."""
        await self._guard(self._client.admin.command("ping"))

    async def close(self) -> None:
        """Give the connections back."""
        await self._sessions.close()
        self._client.close()

    async def _guard(self, answer: Awaitable[T]) -> T:
        try:
            return await answer
        except ConnectionFailure as error:
            raise StoreUnavailable(f"the database does not answer: {error}") from error


async def _abort(session: AsyncIOMotorClientSession) -> None:
    try:
        await session.abort_transaction()
    except PyMongoError:
        return  # the next transaction of this session ends it, or whoever takes over, or the server after its time


def _note(error: Exception, pause: float) -> None:
    # A conflict is daily work; what still fails after the first pauses is for people to know.
    if pause >= _LONGEST_PAUSE_S:
        _log.warning("store.retrying", error=type(error).__name__, reason=str(error)[:300])


def _passes(error: Exception) -> bool:
    """Tell whether trying again can help: with all that is not our own mistake, as a full disk or a new primary."""
    return isinstance(error, ConflictError | PyMongoError) and not isinstance(error, _MISTAKES)
