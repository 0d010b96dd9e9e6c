"""What peers are given that take many events at once: the same fold as ours, one find and one bulk write.

No transaction and no position: a crash between the write and the acknowledgement folds the events once more.
"""

from collections.abc import Sequence

from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection
from pymongo import InsertOne, ReplaceOne, WriteConcern

from bench.contenders.spec import Spec
from bench.grading import key_of, learner_assessed
from services.assessment.facts.progress import Progress
from services.assessment.store import PROGRESS
from shared.contracts.assessment import LearnerAssessed
from shared.contracts.envelope import Event
from shared.contracts.topics import ASSESSED
from shared.contracts.wire import decode
from shared.kit.store import Document


class Folder:
    """Folds events into the documents of one database; waits for a majority."""

    def __init__(self, spec: Spec) -> None:
        """Connect lazily."""
        self._client: AsyncIOMotorClient[Document] = AsyncIOMotorClient(spec.mongo_url, tz_aware=True)
        database = self._client.get_database(spec.database, write_concern=WriteConcern("majority"))
        self._progress: AsyncIOMotorCollection[Document] = database[PROGRESS.collection]

    async def fold(self, values: Sequence[bytes]) -> list[Event]:
        """Fold these records, and return what follows from them."""
        events = [event for value in values if isinstance(event := decode(ASSESSED, value), LearnerAssessed)]
        keys = list({key_of(event) for event in events})
        cursor = self._progress.find({"_id": {"$in": keys}}, batch_size=len(keys) + 1)
        before = {document["_id"]: PROGRESS.load(document) for document in await cursor.to_list(None)}
        states = {key: before.get(key) or Progress.new(key) for key in keys}
        says: list[Event] = []
        for event in events:
            folded = learner_assessed(states[key_of(event)], event)
            states[key_of(event)] = folded.state
            says.extend(folded.says)
        await self._progress.bulk_write([_write(key, state, before) for key, state in states.items()], ordered=False)
        return says

    def close(self) -> None:
        """Disconnect."""
        self._client.close()


def _write(key: str, state: Progress, before: dict[str, Progress]) -> InsertOne[Document] | ReplaceOne[Document]:
    document = {"_id": key, **PROGRESS.dump(state)}
    return ReplaceOne({"_id": key}, document) if key in before else InsertOne(document)
