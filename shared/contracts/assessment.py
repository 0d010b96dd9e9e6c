"""What assessment publishes: graded attempts on `assessed`, passes on `passed`."""

from typing import Annotated, Literal

from pydantic import Field

from shared.contracts.achievement import ComponentResult, Evidence
from shared.contracts.envelope import Contract, Identifier, Instant, LearnerEvent
from shared.contracts.texts import Title

PolicyVersion = Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]
Grade = Annotated[float, Field(ge=0, le=100)]


class GradedAttempt(Contract):
    """One attempt in percent, and the grade of the whole offering with it counted."""

    offering: Identifier
    component: Identifier
    result_id: Identifier
    score_percent: Grade
    grade_percent: Grade
    policy_version: PolicyVersion


class Pass(Contract):
    """A met policy. `ordinal` counts the passes of this enrolment: 2 and more follow a withdrawal.

    `components` are all of the policy's, in its order; `started` and `ended` are when the learner first got a place
    or handed in something, and when they handed in last what counts. `band` names the grade, where the policy does.
    """

    offering: Identifier
    grade_percent: Grade
    policy_version: PolicyVersion
    ordinal: Annotated[int, Field(ge=1)]
    pass_mark: Grade | None = None
    components: Annotated[tuple[ComponentResult, ...], Field(max_length=200)] = ()
    evidence: Annotated[tuple[Evidence, ...], Field(max_length=20)] = ()
    started: Instant | None = None
    ended: Instant | None = None
    role: Title | None = None
    term: Title | None = None
    band: Title | None = None
    decided_by: Literal["grade", "platform"] | None = None


class Withdrawal(Contract):
    """A pass that no longer stands, and what took it away: `cause`, where that is nothing that `reason` has a word for.

    `reason` is then "later attempt": something later than the pass.
    """

    offering: Identifier
    pass_id: Identifier
    reason: Literal["result voided", "learner unenrolled", "later attempt"]
    cause: (
        Literal["verdict", "identity check", "recognition", "release", "extension", "policy migration", "policy"] | None
    ) = None


class LearnerAssessed(LearnerEvent):
    """One attempt, graded under a policy version."""

    type: Literal["microcred.learner.assessed.v1"] = "microcred.learner.assessed.v1"
    data: GradedAttempt


class LearnerPassed(LearnerEvent):
    """The policy is met: said once, and once again only after a withdrawal."""

    type: Literal["microcred.learner.passed.v1"] = "microcred.learner.passed.v1"
    data: Pass


class PassWithdrawn(LearnerEvent):
    """A pass said earlier does not stand any more."""

    type: Literal["microcred.pass.withdrawn.v1"] = "microcred.pass.withdrawn.v1"
    data: Withdrawal
