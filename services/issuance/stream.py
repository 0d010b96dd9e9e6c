"""Kafka in: which event meets which document through which handler."""

from services.issuance.credential import Names
from services.issuance.domain import Effect
from services.issuance.handlers import SOURCE, Issuing
from services.issuance.interfaces.uses import USES, tried, uses_key
from services.issuance.keys.ring import KeyRing
from services.issuance.marks import BITS, CHANGES, bits, facts
from services.issuance.news import DECIDED, Decided
from services.issuance.order import Order
from services.issuance.store import AWARDS, OFFERINGS, PUBLICATIONS
from shared.contracts.assessment import LearnerPassed, PassWithdrawn
from shared.contracts.enrolment import OfferingPublished
from shared.contracts.envelope import derived_id
from shared.contracts.fanout import OfferingArrived
from shared.contracts.once import UseTried
from shared.contracts.platform import Registration
from shared.contracts.topics import CATALOGUE, DECISIONS, ISSUANCE_FANOUT, ISSUANCE_USES, PASSED
from shared.kit.store import Document
from shared.kit.worker import Worker

AwardFact = LearnerPassed | PassWithdrawn | OfferingArrived | Decided


def worker_for(keys: KeyRing, names: Names, order: Order, withdrawal: Effect = "revoke") -> Worker:
    """Return the worker that issues with these keys below these names, with status entries in this order."""
    issuing = Issuing(keys, names, order, withdrawal)
    worker = Worker("issuance", settles=keys.settle)
    worker.hears(CATALOGUE, OFFERINGS, {OfferingPublished: issuing.offering_published}, key=lambda event: event.key)
    worker.hears(CATALOGUE, PUBLICATIONS, {OfferingPublished: issuing.publication_kept}, key=publication_key)
    worker.hears(
        PASSED,
        AWARDS,
        {LearnerPassed: issuing.passed, PassWithdrawn: issuing.withdrawn},
        key=award_key,
        beside=(OFFERINGS, offering_key),
    )
    worker.hears(
        DECISIONS,
        AWARDS,
        dict.fromkeys(DECIDED.values(), issuing.decided),
        key=award_key,
        beside=(OFFERINGS, offering_key),
    )
    worker.hears(
        ISSUANCE_FANOUT, AWARDS, {OfferingArrived: issuing.arrived}, key=award_key, beside=(OFFERINGS, offering_key)
    )
    worker.hears(ISSUANCE_USES, USES, {UseTried: tried}, key=uses_key)
    worker.counts(AWARDS, BITS, bits, indexes=((("list", 1), ("purpose", 1), ("_id", 1)),))
    worker.counts(AWARDS, CHANGES, facts, indexes=((("list", 1),),))
    worker.sweeps(model=AWARDS, known=OFFERINGS, topic=ISSUANCE_FANOUT, arrived=arrival)
    return worker


def award_key(event: AwardFact) -> str:
    """Return the award that an event is about."""
    return f"{event.tenant}/{event.learner_ref}/{event.data.offering}"


def offering_key(event: AwardFact) -> str:
    """Return the offering that an event is about."""
    return f"{event.tenant}/{event.data.offering}"


def publication_key(event: OfferingPublished) -> str:
    """Return the name of one publication."""
    return f"{event.key}#{event.id}"


def arrival(waiting: Document, offering: Document) -> OfferingArrived:
    """Return what an award that waits is told when its offering is known; the same pair, the same event."""
    return OfferingArrived(
        id=derived_id("arrived", waiting["_id"], *(one["id"] for one in waiting["held"])),
        source=SOURCE,
        time=offering["published"],
        tenant=waiting["tenant"],
        learner_ref=waiting["learner_ref"],
        data=Registration(offering=waiting["offering"]),
    )
