"""The read models in MongoDB: enrolments with their history as short rows, offerings as last published, their versions.

Both `_id`s begin with the tenant, so that a range of them is one institution's, or one learner's, without an index of
its own: `/` ends a name there, and `0` is the character after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.enrolment.catalogue.versions import Content, Publication, Versions
from services.enrolment.domain import Change, Enrolment, PublishedOffering, Status
from services.enrolment.door.courses import names_of
from shared.contracts.platform import LearnerRegistered, LearnerUnregistered
from shared.kit.bindings import Model
from shared.kit.store import Document, Reader


def enrolment_key(event: LearnerRegistered | LearnerUnregistered) -> str:
    """Return the `_id` of the enrolment that an event is about."""
    return f"{event.tenant}/{event.learner_ref}/{event.data.offering}"


def _load_enrolment(document: Document) -> Enrolment:
    return Enrolment(
        document["tenant"],
        document["learner_ref"],
        document["offering"],
        tuple(Change(*row) for row in document["history"]),
        document.get("told", 0),
    )


def _dump_enrolment(enrolment: Enrolment) -> Document:
    document = {
        "tenant": enrolment.tenant,
        "learner_ref": enrolment.learner_ref,
        "offering": enrolment.offering,
        "status": enrolment.status,
        "history": [_row(change) for change in enrolment.history],
    }
    return {**document, "told": enrolment.told} if enrolment.told else document


def _row(change: Change) -> list[Any]:
    """Return a change as a row without what it does not say: rows of three are what was stored at first."""
    if change.may_be_a_mode:
        return list(change)
    said = 5 if change.role is not None else 4 if change.term is not None else 3
    return list(change[:said])


def _load_offering(document: Document) -> PublishedOffering:
    return PublishedOffering(**{name: value for name, value in document.items() if name not in {"_id", "names"}})


def _dump_offering(offering: PublishedOffering) -> Document:
    return {
        "tenant": offering.tenant,
        "offering": offering.offering,
        "time": offering.time,
        "event_id": offering.event_id,
        "policy_version": offering.policy_version,
        "definition": dict(offering.definition),
        "names": names_of(offering.definition),
    }


def _load_versions(document: Document) -> Versions:
    return Versions(
        document["tenant"],
        document["offering"],
        tuple(map(Publication._make, document["publications"])),
        {name: Content(*row) for name, row in document["contents"].items()},
        tuple(document["floor"]) if "floor" in document else None,
    )


def _dump_versions(versions: Versions) -> Document:
    document = {
        "tenant": versions.tenant,
        "offering": versions.offering,
        "publications": [list(each) for each in versions.publications],
        "contents": {name: list(content) for name, content in versions.contents.items()},
    }
    return document if versions.floor is None else {**document, "floor": list(versions.floor)}


ENROLMENTS: Model[Enrolment] = Model(
    "enrolments",
    Enrolment.new,
    _load_enrolment,
    _dump_enrolment,
    indexes=((("tenant", 1), ("offering", 1), ("learner_ref", 1)),),
)
OFFERINGS: Model[PublishedOffering] = Model(
    "offerings",
    PublishedOffering.new,
    _load_offering,
    _dump_offering,
    # `names`: every name by which a platform may mean the offering.
    indexes=((("tenant", 1), ("names", 1)),),
)
VERSIONS: Model[Versions] = Model("offering_versions", Versions.new, _load_versions, _dump_versions)


@dataclass(frozen=True, slots=True)
class Enrolments:
    """Reading enrolments; the tenant comes from the caller's token."""

    reader: Reader
    tenant: str

    async def of_learner(
        self, learner_ref: str, offering: str | None, status: Status | None, after: str, limit: int
    ) -> list[Enrolment]:
        """Return a learner's enrolments whose keys come after `after`."""
        where: dict[str, Any] = {"_id": _range(f"{self.tenant}/{learner_ref}", after)}
        if offering is not None:
            where["offering"] = offering
        if status is not None:
            where["status"] = status
        return await self._page(where, limit)

    async def of_offering(self, offering: str, status: Status | None, after: str, limit: int) -> list[Enrolment]:
        """Return an offering's enrolments whose keys come after `after`."""
        # By learner and not by `_id`: a range of that holds all offerings, and the planner might read them.
        last = after.split("/", 2)[1] if after else ""
        where: dict[str, Any] = {"tenant": self.tenant, "offering": offering, "learner_ref": {"$gt": last}}
        if status is not None:
            where["status"] = status
        return await self._page(where, limit, by="learner_ref")

    async def _page(self, where: dict[str, Any], limit: int, *, by: str = "_id") -> list[Enrolment]:
        found = await self.reader.find(ENROLMENTS.collection, where, sort=((by, 1),), limit=limit)
        return [ENROLMENTS.load(each) for each in found]


@dataclass(frozen=True, slots=True)
class Offerings:
    """Reading offerings; the tenant comes from the caller's token."""

    reader: Reader
    tenant: str

    async def get(self, offering: str) -> PublishedOffering | None:
        """Return an offering as it was last published, or None."""
        document = await self.reader.get(OFFERINGS.collection, f"{self.tenant}/{offering}")
        return None if document is None else OFFERINGS.load(document)

    async def versions(self, offering: str) -> Versions | None:
        """Return the publications of an offering that are kept, or None."""
        document = await self.reader.get(VERSIONS.collection, f"{self.tenant}/{offering}")
        return None if document is None else VERSIONS.load(document)

    async def page(self, after: str, limit: int) -> list[PublishedOffering]:
        """Return the institution's offerings whose keys come after `after`."""
        where = {"_id": _range(self.tenant, after)}
        return [OFFERINGS.load(each) for each in await self.reader.find(OFFERINGS.collection, where, limit=limit)]

    async def delivered_by(self, names: Sequence[str], limit: int) -> list[PublishedOffering]:
        """Return offerings that one of these names of platforms may mean."""
        where = {"tenant": self.tenant, "names": {"$in": list(names)}}
        return [OFFERINGS.load(each) for each in await self.reader.find(OFFERINGS.collection, where, limit=limit)]


def _range(prefix: str, after: str) -> dict[str, str]:
    return {"$gt": max(after, f"{prefix}/"), "$lt": f"{prefix}0"}
