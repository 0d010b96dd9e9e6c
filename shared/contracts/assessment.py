"""What assessment publishes: graded attempts on `assessed`, passes on `passed`."""

from typing import Annotated, Literal

from pydantic import Field

from shared.contracts.envelope import Contract, Identifier, LearnerEvent

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
    """A met policy. `ordinal` counts the passes of this enrolment: 2 and more follow a withdrawal."""

    offering: Identifier
    grade_percent: Grade
    policy_version: PolicyVersion
    ordinal: Annotated[int, Field(ge=1)]


class Withdrawal(Contract):
    """A pass that no longer stands, and what took it away."""

    offering: Identifier
    pass_id: Identifier
    reason: Literal["result voided", "learner unenrolled", "later attempt"]


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
