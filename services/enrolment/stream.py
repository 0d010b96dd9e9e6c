"""Kafka in: which event meets which document through which handler."""

from services.enrolment import handlers
from services.enrolment.store import ENROLMENTS, OFFERINGS, VERSIONS, enrolment_key
from shared.contracts.enrolment import OfferingPublished
from shared.contracts.platform import LearnerRegistered, LearnerUnregistered
from shared.contracts.topics import CATALOGUE, PLATFORM_EVENTS
from shared.kit.worker import Worker

worker = Worker("enrolment")
worker.hears(CATALOGUE, OFFERINGS, {OfferingPublished: handlers.offering_published}, key=lambda event: event.key)
worker.hears(CATALOGUE, VERSIONS, {OfferingPublished: handlers.version_published}, key=lambda event: event.key)
worker.hears(
    PLATFORM_EVENTS,
    ENROLMENTS,
    {LearnerRegistered: handlers.learner_registered, LearnerUnregistered: handlers.learner_unregistered},
    key=enrolment_key,
)
