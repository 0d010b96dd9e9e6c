"""Kafka in: which event meets which document through which handler."""

from services.assessment import handlers
from services.assessment.grading.telling import all_told, arrival, behind, news
from services.assessment.rulings import handlers as ruling_handlers
from services.assessment.store import OFFERINGS, PROGRESS, beside_key, progress_key
from shared.contracts.enrolment import LearnerEnrolled, LearnerUnenrolled, OfferingPublished
from shared.contracts.fanout import OfferingArrived, RulingArrived
from shared.contracts.platform import (
    IdentityChecked,
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
from shared.contracts.topics import ASSESSMENT_FANOUT, CATALOGUE, ENROLLED, PLATFORM_EVENTS, RULINGS
from shared.kit.worker import Worker

worker = Worker("assessment")
worker.hears(CATALOGUE, OFFERINGS, {OfferingPublished: handlers.offering_published}, key=lambda event: event.key)
worker.hears(
    RULINGS,
    OFFERINGS,
    {
        AllReleased: ruling_handlers.all_released,
        AllMigrated: ruling_handlers.all_migrated,
        AllInformed: ruling_handlers.all_informed,
    },
    key=lambda event: event.key,
)
worker.hears(
    RULINGS,
    PROGRESS,
    {
        ResultsReleased: ruling_handlers.results_released,
        ExtensionGranted: ruling_handlers.extension_granted,
        LearnerMigrated: ruling_handlers.learner_migrated,
    },
    key=progress_key,
    beside=(OFFERINGS, beside_key),
)
worker.hears(
    ENROLLED,
    PROGRESS,
    {LearnerEnrolled: handlers.learner_enrolled, LearnerUnenrolled: handlers.learner_unenrolled},
    key=progress_key,
    beside=(OFFERINGS, beside_key),
)
worker.hears(
    PLATFORM_EVENTS,
    PROGRESS,
    {
        ResultReported: handlers.result_reported,
        ResultVoided: handlers.result_voided,
        VerdictReported: handlers.verdict_reported,
        LearningRecognised: handlers.learning_recognised,
        IdentityChecked: handlers.identity_checked,
    },
    key=progress_key,
    beside=(OFFERINGS, beside_key),
)
worker.hears(
    ASSESSMENT_FANOUT,
    PROGRESS,
    {OfferingArrived: handlers.offering_arrived, RulingArrived: ruling_handlers.ruling_arrived},
    key=progress_key,
    beside=(OFFERINGS, beside_key),
)
worker.sweeps(model=PROGRESS, known=OFFERINGS, topic=ASSESSMENT_FANOUT, arrived=arrival)
worker.tells(PROGRESS, OFFERINGS, behind=behind, tell=(ASSESSMENT_FANOUT, news), told=(RULINGS, all_told))
