"""What assessment publishes: graded attempts on `assessed`, passes on `passed`."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shared.contracts.achievement import ComponentResult, Evidence
from shared.contracts.envelope import Contract, Identifier, Instant, LearnerEvent
from shared.contracts.texts import Title

PolicyVersion = Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]
Grade = Annotated[float, Field(ge=0, le=100)]
MOST_CAUSES = 200


class GradedAttempt(Contract):
    """One attempt in percent, and the grade of the whole offering with it counted."""

    offering: Identifier
    component: Identifier
    result_id: Identifier
    score_percent: Grade
    grade_percent: Grade
    policy_version: PolicyVersion


class Cause(Contract):
    """One event that a pass rests on: a registration, a result that counts, a check, a verdict, a ruling.

    `time` is the event's own; `component` is the one that it is about, where it is about one.
    """

    event_id: Identifier
    type: Annotated[str, StringConstraints(max_length=100, pattern=r"^microcred(\.[a-z]+)+\.v[0-9]+$")]
    time: Instant
    component: Identifier | None = None


class Pass(Contract):
    """A met policy. `ordinal` counts the passes of this enrolment: 2 and more follow a withdrawal.

    `components` are all of the policy's, in its order; `started` and `ended` are when the learner first got a place
    or handed in something, and when they handed in last what counts. `band` names the grade, where the policy does.
    `causes` are the events that it rests on, the oldest first; of more than fit the latest, and `causes_left_out` says
    how many more there are.
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
    causes: Annotated[tuple[Cause, ...], Field(max_length=MOST_CAUSES)] = ()
    causes_left_out: Annotated[int, Field(ge=1)] | None = None


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
