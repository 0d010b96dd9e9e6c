"""Kafka in: which event meets which document through which handler."""

from services.enrolment import handlers
from services.enrolment.learners import handlers as learner_handlers
from services.enrolment.learners.identity import IDENTITIES, account_key, identity_checked
from services.enrolment.learners.store import LEARNERS, learner_key
from services.enrolment.store import ENROLMENTS, OFFERINGS, VERSIONS, enrolment_key
from services.enrolment.xapi.voids import STATEMENTS, statement_key, statement_said, statement_voided
from shared.contracts.enrolment import OfferingPublished
from shared.contracts.fanout import StatementVoided
from shared.contracts.learners import LearnerCarried, LearnerErased, LearnerLinked
from shared.contracts.platform import (
    IdentityChecked,
    LearnerRegistered,
    LearnerUnregistered,
    LearningRecognised,
    ResultReported,
    VerdictReported,
)
from shared.contracts.topics import CATALOGUE, ENROLMENT_VOIDS, PLATFORM_EVENTS, REPORTED, RULED, RULINGS
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
worker.hears(
    PLATFORM_EVENTS,
    STATEMENTS,
    {ResultReported: statement_said, VerdictReported: statement_said, LearningRecognised: statement_said},
    key=statement_key,
)
worker.hears(ENROLMENT_VOIDS, STATEMENTS, {StatementVoided: statement_voided}, key=lambda event: event.key)
worker.hears(
    PLATFORM_EVENTS,
    LEARNERS,
    {
        LearnerErased: learner_handlers.learner_erased,
        LearnerLinked: learner_handlers.learner_linked,
        LearnerCarried: learner_handlers.learner_carried,
        **dict.fromkeys(REPORTED, learner_handlers.fact_reported),
    },
    key=learner_key,
)
worker.hears(PLATFORM_EVENTS, IDENTITIES, {IdentityChecked: identity_checked}, key=account_key)
worker.hears(RULINGS, LEARNERS, dict.fromkeys(RULED, learner_handlers.fact_reported), key=learner_key)
