"""Databases that hold journeys already: learners who are enrolled and have handed in every component once."""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

from orjson import dumps, loads
from pymongo import MongoClient, WriteConcern

from bench.errors import EffectsLost
from bench.grading import COMPONENTS
from bench.shipped import Truth, enrolment, offering, result
from services.assessment.store import OFFERINGS, PROGRESS
from shared.contracts.envelope import Event, derived_id
from shared.kit.ledger import LEDGER
from shared.kit.store import Document

_HANDED_IN = datetime(2025, 12, 1, tzinfo=UTC)
_AT_ONCE = 5_000
_MARK = 60.0


def learner(number: int) -> str:
    """Return the name of a stored learner."""
    return f"learner-{number:07d}"


def journeys(numbers: Iterable[int]) -> Truth:
    """Return what these learners' first events end in."""
    truth = Truth()
    for event in _first_events(numbers):
        truth.fold(event)
    for said in truth.said.values():
        said.clear()  # said long ago
    return truth


def _first_events(numbers: Iterable[int]) -> Iterator[Event]:
    yield offering()
    for number in numbers:
        name = learner(number)
        yield enrolment(name)
        for place, component in enumerate(COMPONENTS):
            # Numbers below zero: the results to come count from zero.
            yield result(name, -1 - place, _HANDED_IN + timedelta(days=place), _MARK, component)


def alike(journey: Document, number: int) -> Document:
    """Return the journey of another learner; folding a million of them one by one would take longer than the bench."""
    name = learner(number)
    attempts = [[derived_id(name, -1 - place), *rest] for place, (_, *rest) in enumerate(loads(journey["attempts"]))]
    return {
        **journey,
        "_id": f"{journey['tenant']}/{name}/{journey['offering']}",
        "learner_ref": name,
        "placements": [[time, derived_id(name, "registered"), there] for time, _, there in journey["placements"]],
        "attempts": dumps(attempts).decode(),
    }


class Stored:
    """One database with journeys in it; what the runs touch is put back before each of them."""

    def __init__(self, mongo_url: str, name: str, numbers: Collection[int]) -> None:
        """Store the journeys, past the engine: it is not they that are measured."""
        self.name = name
        self._count = len(numbers)
        self._client: MongoClient[Document] = MongoClient(mongo_url, tz_aware=True)
        self._database = self._client.get_database(name, write_concern=WriteConcern("majority"))
        waiting = iter(numbers)
        pattern = journeys([0])
        self._database[OFFERINGS.collection].insert_many(pattern.offerings)
        (like,) = pattern.documents.values()
        while some := [alike(like, number) for number in islice(waiting, _AT_ONCE)]:
            self._database[PROGRESS.collection].insert_many(some, ordered=False)

    def put_back(self, documents: Collection[Document]) -> None:
        """Put these documents back to how they were stored, and forget how far the log was folded."""
        self._database[LEDGER].delete_many({})
        progress = self._database[PROGRESS.collection]
        ids = [document["_id"] for document in documents]
        progress.delete_many({"_id": {"$in": ids}})
        progress.insert_many(documents, ordered=False)
        # A checkpoint now, so that no run pays for what was written before it.
        self._client.admin.command("fsync")

    def check(self, name: str, expected: Collection[Document]) -> None:
        """Raise `EffectsLost` unless these documents are as they must be, and no other was made."""
        progress = self._database[PROGRESS.collection]
        ids = [document["_id"] for document in expected]
        found = {document["_id"]: document for document in progress.find({"_id": {"$in": ids}})}
        right = sum(found.get(document["_id"]) == document for document in expected)
        if right != len(expected):
            raise EffectsLost(name, "documents", right, len(expected))
        if (count := progress.estimated_document_count()) != self._count:
            raise EffectsLost(name, "stored documents", count, self._count)

    @property
    def gigabytes(self) -> float:
        """The size of the journeys, uncompressed, in GiB."""
        return float(self._database.command("collStats", PROGRESS.collection)["size"]) / 2**30

    def close(self) -> None:
        """Disconnect."""
        self._client.close()
