"""Kafka in: which event meets which document through which handler."""

from services.assessment import handlers
from services.assessment.outcomes import arrival
from services.assessment.store import OFFERINGS, PROGRESS, beside_key, progress_key
from shared.contracts.enrolment import LearnerEnrolled, LearnerUnenrolled, OfferingPublished
from shared.contracts.fanout import OfferingArrived
from shared.contracts.platform import ResultReported, ResultVoided
from shared.contracts.topics import ASSESSMENT_FANOUT, CATALOGUE, ENROLLED, PLATFORM_EVENTS
from shared.kit.worker import Worker

worker = Worker("assessment")
worker.hears(CATALOGUE, OFFERINGS, {OfferingPublished: handlers.offering_published}, key=lambda event: event.key)
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
    {ResultReported: handlers.result_reported, ResultVoided: handlers.result_voided},
    key=progress_key,
    beside=(OFFERINGS, beside_key),
)
worker.hears(
    ASSESSMENT_FANOUT,
    PROGRESS,
    {OfferingArrived: handlers.offering_arrived},
    key=progress_key,
    beside=(OFFERINGS, beside_key),
)
worker.sweeps(model=PROGRESS, known=OFFERINGS, topic=ASSESSMENT_FANOUT, arrived=arrival)
