"""Which event meets which document through which handler."""

from typing import Any

from services.analytics import handlers
from services.analytics.projections.funnel import contributions
from services.analytics.store import FUNNEL, JOURNEYS, OFFERINGS
from shared.contracts.assessment import LearnerAssessed, LearnerPassed, PassWithdrawn
from shared.contracts.enrolment import LearnerEnrolled, LearnerUnenrolled, OfferingPublished
from shared.contracts.issuance import CredentialIssued, CredentialRevoked
from shared.contracts.topics import ASSESSED, CATALOGUE, ENROLLED, ISSUED, PASSED
from shared.kit.worker import Worker


def journey_of(event: Any) -> str:
    """Return the key of the journey that a learner's event belongs to."""
    return f"{event.tenant}/{event.learner_ref}/{event.data.offering}"


worker = Worker("analytics")
worker.hears(
    CATALOGUE, OFFERINGS, {OfferingPublished: handlers.offering_published}, key=lambda published: published.key
)
worker.hears(
    ENROLLED,
    JOURNEYS,
    {LearnerEnrolled: handlers.learner_enrolled, LearnerUnenrolled: handlers.learner_unenrolled},
    key=journey_of,
)
worker.hears(ASSESSED, JOURNEYS, {LearnerAssessed: handlers.learner_assessed}, key=journey_of)
worker.hears(
    PASSED,
    JOURNEYS,
    {LearnerPassed: handlers.learner_passed, PassWithdrawn: handlers.pass_withdrawn},
    key=journey_of,
)
worker.hears(
    ISSUED,
    JOURNEYS,
    {CredentialIssued: handlers.credential_issued, CredentialRevoked: handlers.credential_revoked},
    key=journey_of,
)
worker.counts(JOURNEYS, FUNNEL, contributions, indexes=((("tenant", 1), ("_id", 1)),))
