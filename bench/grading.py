"""The work that the contenders share: `assessed` in, one document for each learner, `passed` out.

The state, its document, the grading and the outcome are the assessment service's own.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from services.assessment.domain import Attempt, Component, Policy, scores
from services.assessment.facts.progress import Progress
from services.assessment.grading.outcomes import passed
from services.assessment.store import PROGRESS
from shared.contracts.assessment import LearnerAssessed
from shared.contracts.topics import ASSESSED
from shared.kit.bindings import Folded, Model
from shared.kit.moments import microseconds
from shared.kit.worker import Worker

TENANT = "bench"
OFFERING = "statistics-1"
COMPONENTS = ("quiz", "essay", "project", "exam")
POLICY = Policy(
    version="b" * 12,
    components=tuple(Component(name, Decimal(25)) for name in COMPONENTS),
    pass_mark=Decimal(80),
    attempts="best",
)


def learner_assessed(progress: Progress, event: LearnerAssessed) -> Folded[Progress]:
    """Count the attempt, grade the offering anew, and say the pass when the policy is met for the first time."""
    data = event.data
    attempt = Attempt(data.result_id, data.component, microseconds(event.time), data.score_percent, 100.0)
    after = progress.with_attempt(attempt)
    if after is progress:
        return Folded(progress)
    grade = after.grade(POLICY)
    if after.passed or not POLICY.met_by(grade):
        return Folded(after)
    after = after._replace(passed=True, ordinal=after.ordinal + 1, policy_version=POLICY.version)
    return Folded(after, (passed(after, POLICY, scores(POLICY, after.counted), event),))


def key_of(event: LearnerAssessed) -> str:
    """Return the `_id` of the document that an event is folded into."""
    return f"{event.tenant}/{event.learner_ref}/{event.data.offering}"


def grading_worker(model: Model[Progress] = PROGRESS, handler: Callable[..., Folded[Any]] = learner_assessed) -> Worker:
    """Return the worker; another model or handler may measure the real one."""
    worker = Worker("assessment")
    worker.hears(ASSESSED, model, {LearnerAssessed: handler}, key=key_of)
    return worker
