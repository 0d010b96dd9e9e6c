"""Kafka in: which event meets which document through which handler."""

from services.issuance.credential import Names
from services.issuance.handlers import SOURCE, Issuing
from services.issuance.signer import Signer
from services.issuance.store import AWARDS, OFFERINGS
from shared.contracts.assessment import LearnerPassed, PassWithdrawn
from shared.contracts.enrolment import OfferingPublished
from shared.contracts.envelope import derived_id
from shared.contracts.fanout import OfferingArrived
from shared.contracts.platform import Registration
from shared.contracts.topics import CATALOGUE, ISSUANCE_FANOUT, PASSED
from shared.kit.store import Document
from shared.kit.worker import Worker

AwardFact = LearnerPassed | PassWithdrawn | OfferingArrived


def worker_for(signer: Signer, names: Names) -> Worker:
    """Return the worker that issues with this key below these names."""
    issuing = Issuing(signer, names)
    worker = Worker("issuance")
    worker.hears(CATALOGUE, OFFERINGS, {OfferingPublished: issuing.offering_published}, key=lambda event: event.key)
    worker.hears(
        PASSED,
        AWARDS,
        {LearnerPassed: issuing.passed, PassWithdrawn: issuing.withdrawn},
        key=award_key,
        beside=(OFFERINGS, offering_key),
    )
    worker.hears(
        ISSUANCE_FANOUT, AWARDS, {OfferingArrived: issuing.arrived}, key=award_key, beside=(OFFERINGS, offering_key)
    )
    worker.sweeps(model=AWARDS, known=OFFERINGS, topic=ISSUANCE_FANOUT, arrived=arrival)
    return worker


def award_key(event: AwardFact) -> str:
    """Return the award that an event is about."""
    return f"{event.tenant}/{event.learner_ref}/{event.data.offering}"


def offering_key(event: AwardFact) -> str:
    """Return the offering that an event is about."""
    return f"{event.tenant}/{event.data.offering}"


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
