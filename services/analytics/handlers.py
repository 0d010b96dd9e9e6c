"""One pure function for each event: the state and the event in, the state after it out."""

from services.analytics.projections.journey import Journey
from services.analytics.projections.offering import OfferingTitle
from shared.contracts.assessment import LearnerAssessed, LearnerPassed, PassWithdrawn
from shared.contracts.enrolment import LearnerEnrolled, LearnerUnenrolled, OfferingPublished
from shared.contracts.issuance import CredentialIssued, CredentialRevoked
from shared.kit.bindings import Folded


def offering_published(known: OfferingTitle, event: OfferingPublished) -> Folded[OfferingTitle]:
    """Take the title of the latest publication."""
    return Folded(known.titled(event.data.achievement.name, event.time, event.id))


def learner_enrolled(journey: Journey, event: LearnerEnrolled) -> Folded[Journey]:
    """Note an enrolment."""
    return Folded(journey.enrolled(event.time, event.data.registration_id))


def learner_unenrolled(journey: Journey, event: LearnerUnenrolled) -> Folded[Journey]:
    """Note that the learner left."""
    return Folded(journey.unenrolled(event.time, event.data.registration_id))


def learner_assessed(journey: Journey, event: LearnerAssessed) -> Folded[Journey]:
    """Note a graded attempt, once for each result."""
    return Folded(journey.noted("graded", event.data.result_id))


def learner_passed(journey: Journey, event: LearnerPassed) -> Folded[Journey]:
    """Note a pass; its id is the event's."""
    return Folded(journey.noted("passes", event.id))


def pass_withdrawn(journey: Journey, event: PassWithdrawn) -> Folded[Journey]:
    """Note a pass that does not stand any more."""
    return Folded(journey.noted("withdrawn", event.data.pass_id))


def credential_issued(journey: Journey, event: CredentialIssued) -> Folded[Journey]:
    """Note a credential."""
    return Folded(journey.noted("credentials", event.data.credential_id))


def credential_revoked(journey: Journey, event: CredentialRevoked) -> Folded[Journey]:
    """Note a credential that does not stand any more."""
    return Folded(journey.noted("revoked", event.data.credential_id))
