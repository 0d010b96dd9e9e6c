"""The read model of learners in MongoDB, and reading it: who is erased, and who is the same person as whom."""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from services.enrolment.learners.domain import Learner, Link, Mark, Standing, standing
from services.enrolment.learners.identity import IDENTITIES, Check
from shared.contracts.envelope import LearnerEvent
from shared.kit.bindings import Model
from shared.kit.store import Document, Reader

MOST_AT_ONCE = 1_000
REMEMBERED_S = 1.0
_FAR = 16


def learner_key(event: LearnerEvent) -> str:
    """Return the `_id` of the learner that an event is about."""
    return f"{event.tenant}/{event.learner_ref}"


def _load(document: Document) -> Learner:
    erased, link = document.get("erased"), document.get("link")
    return Learner(
        document["tenant"],
        document["learner_ref"],
        Mark(*erased) if erased else None,
        Link(*link) if link else None,
        tuple(document.get("forwarded", ())),
        document.get("carried"),
    )


def _dump(learner: Learner) -> Document:
    document: Document = {"tenant": learner.tenant, "learner_ref": learner.learner_ref}
    if learner.erased is not None:
        document["erased"] = list(learner.erased)
    if learner.link is not None:
        document |= {"link": list(learner.link), "into": learner.link.into}
    if learner.forwarded:
        document["forwarded"] = list(learner.forwarded)
    if learner.carried is not None:
        document["carried"] = learner.carried
    if learner.carrying:
        document["carrying"] = True
    return document


LEARNERS: Model[Learner] = Model(
    "learners",
    Learner.new,
    _load,
    _dump,
    indexes=((("tenant", 1), ("into", 1)), (("carrying", 1), ("_id", 1))),
)


@dataclass(frozen=True, slots=True)
class LearnerBook:
    """Reading learners; the tenant comes from the caller's token."""

    reader: Reader
    tenant: str

    async def get(self, learner_ref: str) -> Learner | None:
        """Return what is known of a learner, or None where there is nothing but what they learn."""
        document = await self.reader.get(LEARNERS.collection, f"{self.tenant}/{learner_ref}")
        return None if document is None else LEARNERS.load(document)

    async def check_of(self, learner_ref: str) -> Check | None:
        """Return the latest check of who holds the learner's account."""
        document = await self.reader.get(IDENTITIES.collection, f"{self.tenant}/{learner_ref}")
        return None if document is None else IDENTITIES.load(document).check

    async def linked_into(self, learner_ref: str) -> list[Learner]:
        """Return the learners that go as this one."""
        where = {"tenant": self.tenant, "into": learner_ref}
        found = await self.reader.find(LEARNERS.collection, where, limit=MOST_AT_ONCE)
        return [LEARNERS.load(each) for each in found]

    async def known(self, refs: Collection[str]) -> dict[str, Learner]:
        """Return what is known of these learners and of those that they are linked to; of most that is nothing."""
        found: dict[str, Learner] = {}
        asked = set(refs)
        for _ in range(_FAR):
            where = {"_id": {"$in": [f"{self.tenant}/{ref}" for ref in sorted(asked)]}}
            documents = await self.reader.find(LEARNERS.collection, where, limit=len(asked))
            fresh = {each.learner_ref: each for each in map(LEARNERS.load, documents)}
            found |= fresh
            asked = {each.link.into for each in fresh.values() if each.link} - found.keys()
            if not asked:
                break
        return found

    async def all_known(self) -> dict[str, Learner] | None:
        """Return all learners of the institution that are erased or linked, or None where those are too many."""
        where = {"_id": {"$gt": f"{self.tenant}/", "$lt": f"{self.tenant}0"}}
        documents = await self.reader.find(LEARNERS.collection, where, limit=MOST_AT_ONCE + 1)
        if len(documents) > MOST_AT_ONCE:
            return None
        return {each.learner_ref: each for each in map(LEARNERS.load, documents)}


@dataclass(slots=True)
class Standings:
    """Under which reference learners go, remembered for a moment; `clock` counts seconds."""

    reader: Reader
    clock: Callable[[], float] = time.monotonic
    _whole: dict[str, tuple[float, dict[str, Learner] | None]] = field(default_factory=dict)

    async def of(self, tenant: str, refs: Collection[str]) -> Mapping[str, Standing]:
        """Return the standing of those of these learners that are linked or erased; most are neither.

        Of an institution with few such learners all are remembered, so that most requests ask nothing.
        """
        book = LearnerBook(self.reader, tenant)
        until, whole = self._whole.get(tenant, (0.0, None))
        if until <= self.clock():
            whole = await book.all_known()
            if len(self._whole) >= MOST_AT_ONCE:
                self._whole.clear()
            self._whole[tenant] = (self.clock() + REMEMBERED_S, whole)
        known = await book.known(refs) if whole is None else whole
        return {ref: standing(ref, known.get) for ref in refs if ref in known} if known else {}
