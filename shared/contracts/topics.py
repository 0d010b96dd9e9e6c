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
from shared.contracts.fanout import OfferingArrived, RulingArrived, StatementVoided
from shared.contracts.issuance import (
    CredentialCorrected,
    CredentialIssued,
    CredentialReinstated,
    CredentialRenewed,
    CredentialRevoked,
    CredentialSuspended,
)
from shared.contracts.learners import LearnerCarried, LearnerDisclosed, LearnerErased, LearnerLinked
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
from shared.contracts.rulings import (
    AllInformed,
    AllMigrated,
    AllReleased,
    ExtensionGranted,
    LearnerMigrated,
    ResultsReleased,
)

PARTITIONS = 12


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: its name, what its key is, and the events that may stand on it.

    `also_by` are services that publish on it besides: enrolment says facts of linked learners again, for whom they are.
    On a `compacted` topic the next record of a key takes the place of the one before. The broker is told to wait for
    ever before it removes that one: read models are made anew from it.
    """

    name: str
    key: str
    events: tuple[type[Event], ...]
    published_by: str
    heard_by: tuple[str, ...]
    compacted: bool = False
    also_by: tuple[str, ...] = ()

    @property
    def publishers(self) -> tuple[str, ...]:
        """Everybody who publishes on it, the first for most."""
        return self.published_by, *self.also_by


REPORTED: tuple[type[Event], ...] = (
    LearnerRegistered,
    LearnerUnregistered,
    ResultReported,
    ResultVoided,
    VerdictReported,
    LearningRecognised,
    IdentityChecked,
)
"""What platforms may say; the rest of `platform.events` is enrolment's own word."""

RULED: tuple[type[Event], ...] = (ResultsReleased, ExtensionGranted, LearnerMigrated)
"""What an institution rules on one learner; with what platforms say, these are the facts about them."""

PLATFORM_EVENTS = Topic(
    "platform.events",
    "learner_ref",
    (*REPORTED, LearnerErased, LearnerDisclosed, LearnerLinked, LearnerCarried),
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
RULINGS = Topic(
    "rulings",
    "learner_ref or tenant/offering",
    (*RULED, AllReleased, AllMigrated, AllInformed),
    "assessment",
    ("assessment", "enrolment"),
    also_by=("enrolment",),
)
ASSESSMENT_FANOUT = Topic(
    "assessment.fanout", "learner_ref", (OfferingArrived, RulingArrived), "assessment", ("assessment",)
)
ENROLMENT_VOIDS = Topic("enrolment.voids", "tenant/statement", (StatementVoided,), "enrolment", ("enrolment",))
ISSUANCE_FANOUT = Topic("issuance.fanout", "learner_ref", (OfferingArrived,), "issuance", ("issuance",))
ISSUANCE_USES = Topic("issuance.uses", "once", (UseTried,), "issuance", ("issuance",))


def bridge_of(service: str) -> str:
    """Return the name of the group that reads others' topics for a service, and of the topic that tells it what to do.

    Operators' decisions about dead letters stand there: nothing of ours may stand on a topic of somebody else's.
    """
    return f"{service}.bridge"


ENROLMENT_BRIDGE = Topic(bridge_of("enrolment"), "letter", (), "enrolment", (bridge_of("enrolment"),))

TOPICS = (
    PLATFORM_EVENTS,
    CATALOGUE,
    ENROLLED,
    ASSESSED,
    PASSED,
    DECISIONS,
    ISSUED,
    RULINGS,
    ASSESSMENT_FANOUT,
    ISSUANCE_FANOUT,
    ENROLMENT_VOIDS,
    ENROLMENT_BRIDGE,
    ISSUANCE_USES,
)
SERVICES = ("enrolment", "assessment", "issuance", "analytics")


def dead_letters_of(service: str) -> str:
    """Return the name of the topic where a service lays what it cannot take."""
    return f"{service}.dead-letters"
