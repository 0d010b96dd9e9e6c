"""All topics in one table: name, key, events, who publishes, who hears."""

from dataclasses import dataclass

from shared.contracts.assessment import LearnerAssessed, LearnerPassed, PassWithdrawn
from shared.contracts.decisions import (
    CorrectionDecided,
    ReawardDecided,
    ReinstatementDecided,
    RenewalDecided,
    RevocationDecided,
    SuspensionDecided,
)
from shared.contracts.enrolment import LearnerEnrolled, LearnerUnenrolled, OfferingPublished
from shared.contracts.envelope import Event
from shared.contracts.fanout import OfferingArrived
from shared.contracts.issuance import (
    CredentialCorrected,
    CredentialIssued,
    CredentialReinstated,
    CredentialRenewed,
    CredentialRevoked,
    CredentialSuspended,
)
from shared.contracts.once import UseTried
from shared.contracts.platform import (
    IdentityChecked,
    LearnerRegistered,
    LearnerUnregistered,
    LearningRecognised,
    ResultReported,
    ResultVoided,
    VerdictReported,
)

PARTITIONS = 12


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: its name, what its key is, and the events that may stand on it.

    On a `compacted` topic the next record of a key takes the place of the one before. The broker is told to wait for
    ever before it removes that one: read models are made anew from it.
    """

    name: str
    key: str
    events: tuple[type[Event], ...]
    published_by: str
    heard_by: tuple[str, ...]
    compacted: bool = False


PLATFORM_EVENTS = Topic(
    "platform.events",
    "learner_ref",
    (
        LearnerRegistered,
        LearnerUnregistered,
        ResultReported,
        ResultVoided,
        VerdictReported,
        LearningRecognised,
        IdentityChecked,
    ),
    "enrolment",
    ("enrolment", "assessment"),
)
CATALOGUE = Topic(
    "catalogue",
    "tenant/offering",
    (OfferingPublished,),
    "enrolment",
    ("enrolment", "assessment", "issuance", "analytics"),
    compacted=True,
)
ENROLLED = Topic(
    "enrolled", "learner_ref", (LearnerEnrolled, LearnerUnenrolled), "enrolment", ("assessment", "analytics")
)
ASSESSED = Topic("assessed", "learner_ref", (LearnerAssessed,), "assessment", ("analytics",))
PASSED = Topic("passed", "learner_ref", (LearnerPassed, PassWithdrawn), "assessment", ("issuance", "analytics"))
DECISIONS = Topic(
    "decisions",
    "learner_ref",
    (
        RevocationDecided,
        SuspensionDecided,
        ReinstatementDecided,
        RenewalDecided,
        CorrectionDecided,
        ReawardDecided,
    ),
    "issuance",
    ("issuance",),
)
ISSUED = Topic(
    "issued",
    "learner_ref",
    (
        CredentialIssued,
        CredentialRevoked,
        CredentialSuspended,
        CredentialReinstated,
        CredentialRenewed,
        CredentialCorrected,
    ),
    "issuance",
    ("analytics",),
)
ASSESSMENT_FANOUT = Topic("assessment.fanout", "learner_ref", (OfferingArrived,), "assessment", ("assessment",))
ISSUANCE_FANOUT = Topic("issuance.fanout", "learner_ref", (OfferingArrived,), "issuance", ("issuance",))
ISSUANCE_USES = Topic("issuance.uses", "once", (UseTried,), "issuance", ("issuance",))

TOPICS = (
    PLATFORM_EVENTS,
    CATALOGUE,
    ENROLLED,
    ASSESSED,
    PASSED,
    DECISIONS,
    ISSUED,
    ASSESSMENT_FANOUT,
    ISSUANCE_FANOUT,
    ISSUANCE_USES,
)
SERVICES = ("enrolment", "assessment", "issuance", "analytics")


def dead_letters_of(service: str) -> str:
    """Return the name of the topic where a service lays what it cannot take."""
    return f"{service}.dead-letters"
