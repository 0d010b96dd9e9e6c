"""One event at a time into MongoDB, awaited: for the peers that run in an event loop."""

from typing import TYPE_CHECKING

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import WriteConcern

from bench.contenders.one_by_one import folded
from bench.contenders.spec import Spec
from bench.grading import key_of
from services.assessment.store import PROGRESS
from shared.contracts.assessment import LearnerAssessed
from shared.contracts.envelope import Event

if TYPE_CHECKING:
    from shared.kit.store import Document


class Appender:
    """Writes events one by one; waits for a majority."""

    def __init__(self, spec: Spec) -> None:
        """Connect lazily."""
        self._client: AsyncIOMotorClient[Document] = AsyncIOMotorClient(spec.mongo_url, tz_aware=True)
        database = self._client.get_database(spec.database, write_concern=WriteConcern("majority"))
        self._progress = database[PROGRESS.collection]

    async def append(self, event: LearnerAssessed) -> tuple[Event, ...]:
        """Write one event, and return what follows from it."""
        where = {"_id": key_of(event)}
        document, says = folded(event, await self._progress.find_one(where))
        await self._progress.replace_one(where, document, upsert=True)
        return says

    def close(self) -> None:
        """Disconnect."""
        self._client.close()
