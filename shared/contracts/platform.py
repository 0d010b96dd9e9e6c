"""What platforms report, on `platform.events`: canonical, and free of personal data."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from shared.contracts.achievement import Evidence
from shared.contracts.envelope import Contract, Identifier, Instant, LearnerEvent
from shared.contracts.texts import Title

Score = Annotated[float, Field(ge=0, le=1_000_000)]


class Registration(Contract):
    """A learner's place on an offering, in which role and term; neither may name a person."""

    offering: Identifier
    role: Title | None = None
    term: Title | None = None


STANDING_MARK = "grade"
"""How every format calls the attempt that a gradebook's mark is of: it keeps one for each learner and column."""


class Result(Contract):
    """A mark for one attempt at one component; `score` is absent while the work is not marked.

    `attempt` is the platform's own name of the attempt: results of one component and attempt are one attempt, of which
    the latest word stands, over whichever route it came. A mark that is not `final` counts for nothing yet.
    """

    offering: Identifier
    component: Identifier
    attempt: Identifier | None = None
    final: bool = True
    score: Score | None = None
    max_score: Annotated[float, Field(gt=0, le=1_000_000)] = 100.0
    carried_over: bool = False
    evidence: Annotated[tuple[Evidence, ...], Field(max_length=5)] = ()

    @model_validator(mode="after")
    def _within_the_maximum(self) -> Self:
        if self.score is not None and self.score > self.max_score:
            raise ValueError(
                f"score {self.score:g} is above max_score {self.max_score:g}: send the raw score and its maximum"
            )
        return self


class Voiding(Contract):
    """The withdrawal of a result: `result_id` is the id of the event that reported it."""

    offering: Identifier
    result_id: Identifier


class Verdict(Contract):
    """The platform's own decision on a whole offering, which counts where the policy leaves the decision to it.

    `by` is what says it, where that says it again and again: only a change of its word is a decision.
    """

    offering: Identifier
    passed: bool
    by: Literal["passing status", "certificate"] | None = None


class Recognition(Contract):
    """Learning that was shown elsewhere: recognised for one component, or for the whole offering, and never a pass."""

    offering: Identifier
    component: Identifier | None = None
    reason: Title
    evidence: Annotated[tuple[Evidence, ...], Field(max_length=5)] = ()


class IdentityCheck(Contract):
    """A check of who sat an attempt, or of who holds the account; `attempt` as in `Result`.

    Without `component` it is about the account: it then holds from `time` until `expires`.
    """

    offering: Identifier | None = None
    component: Identifier | None = None
    attempt: Identifier | None = None
    verified: bool
    method: Title | None = None
    expires: Instant | None = None


class LearnerRegistered(LearnerEvent):
    """A learner registered for an offering; `time` is when."""

    type: Literal["microcred.learner.registered.v1"] = "microcred.learner.registered.v1"
    data: Registration


class LearnerUnregistered(LearnerEvent):
    """A learner left an offering; `time` is when."""

    type: Literal["microcred.learner.unregistered.v1"] = "microcred.learner.unregistered.v1"
    data: Registration


class ResultReported(LearnerEvent):
    """An attempt at a component, handed in at `time`, with its mark if there is one."""

    type: Literal["microcred.result.reported.v1"] = "microcred.result.reported.v1"
    data: Result


class ResultVoided(LearnerEvent):
    """A result that must not count; it may arrive before the result itself."""

    type: Literal["microcred.result.voided.v1"] = "microcred.result.voided.v1"
    data: Voiding


class VerdictReported(LearnerEvent):
    """The platform says that a learner has passed an offering, or has not; the latest by `time`, then id, stands."""

    type: Literal["microcred.verdict.reported.v1"] = "microcred.verdict.reported.v1"
    data: Verdict


class LearningRecognised(LearnerEvent):
    """Prior learning was recognised."""

    type: Literal["microcred.learning.recognised.v1"] = "microcred.learning.recognised.v1"
    data: Recognition


class IdentityChecked(LearnerEvent):
    """Somebody's identity was checked, with success or not."""

    type: Literal["microcred.identity.checked.v1"] = "microcred.identity.checked.v1"
    data: IdentityCheck
