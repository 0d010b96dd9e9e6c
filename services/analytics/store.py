"""The read models in MongoDB: journeys, offerings, and the funnel's counters."""

from collections.abc import Mapping
from typing import Any

from services.analytics.domain import View
from services.analytics.projections.funnel import Funnel, funnel
from services.analytics.projections.journey import Journey
from services.analytics.projections.offering import OfferingTitle
from shared.contracts.envelope import utc
from shared.kit.bindings import Model
from shared.kit.store import Document, Reader

FUNNEL = "funnel"
_PAGE = 1_000
_IDS = ("graded", "passes", "withdrawn", "credentials", "revoked")


# Moments are kept as text: BSON dates stop at milliseconds, and the order of two events may hang on less.
def _dump_journey(journey: Journey) -> Document:
    """Return the document, without the sets of ids that are empty."""
    document: Document = {"tenant": journey.tenant, "learner_ref": journey.learner_ref, "offering": journey.offering}
    if journey.since is not None:
        document["since"] = journey.since.isoformat()
    if journey.status is not None:
        moment, event_id, enrolled = journey.status
        document["status"] = {"time": moment.isoformat(), "event": event_id, "enrolled": enrolled}
    return document | {name: sorted(ids) for name in _IDS if (ids := getattr(journey, name))}


def _load_journey(document: Document) -> Journey:
    since, status = document.get("since"), document.get("status")
    return Journey(
        document["tenant"],
        document["learner_ref"],
        document["offering"],
        since and utc(since),
        status and (utc(status["time"]), status["event"], status["enrolled"]),
        **{name: frozenset(document.get(name, ())) for name in _IDS},
    )


def _new_journey(key: str) -> Journey:
    # An offering's id may hold a slash; a tenant and a learner_ref may not.
    tenant, learner_ref, offering = key.split("/", 2)
    return Journey(tenant, learner_ref, offering)


def _new_offering(key: str) -> OfferingTitle:
    tenant, offering = key.split("/", 1)
    return OfferingTitle(tenant, offering)


def _dump_offering(known: OfferingTitle) -> Document:
    document: Document = {"tenant": known.tenant, "offering": known.offering, "title": known.title}
    if known.given is not None:
        document["given"] = {"time": known.given[0].isoformat(), "event": known.given[1]}
    return document


def _load_offering(document: Document) -> OfferingTitle:
    given = document.get("given")
    return OfferingTitle(
        document["tenant"], document["offering"], document["title"], given and (utc(given["time"]), given["event"])
    )


JOURNEYS = Model("journeys", _new_journey, _load_journey, _dump_journey)
OFFERINGS = Model("offerings", _new_offering, _load_offering, _dump_offering, indexes=((("tenant", 1), ("_id", 1)),))


class Funnels:
    """Reads an institution's funnel; the tenant is always that of the token."""

    def __init__(self, reader: Reader) -> None:
        """Read from this database."""
        self._reader = reader

    async def read(self, tenant: str, view: View) -> Funnel:
        """Return the funnel as it stands; empty where nothing is known."""
        counters = await self._all(FUNNEL, {"tenant": tenant, **_where(view)})
        return funnel(view.by, counters, await self.titles(tenant))

    async def titles(self, tenant: str) -> dict[str, str]:
        """Return the titles of an institution's offerings, by id."""
        known = await self._all(OFFERINGS.collection, {"tenant": tenant})
        return {document["offering"]: document["title"] for document in known}

    async def _all(self, collection: str, where: Mapping[str, Any]) -> list[Document]:
        """Return all documents that match, read a page at a time."""
        found: list[Document] = []
        page = await self._reader.find(collection, where, limit=_PAGE)
        while page:
            found += page
            if len(page) < _PAGE:
                break
            page = await self._reader.find(collection, {**where, "_id": {"$gt": page[-1]["_id"]}}, limit=_PAGE)
        return found


def _where(view: View) -> Document:
    month = {operator: end for operator, end in (("$gte", view.since), ("$lte", view.until)) if end}
    return ({"offering": view.offering} if view.offering else {}) | ({"month": month} if month else {})
