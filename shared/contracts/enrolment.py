"""What enrolment publishes: offerings on `catalogue`, and who is enrolled on `enrolled`."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from shared.contracts.achievement import Achievement
from shared.contracts.envelope import Contract, Event, Identifier, LearnerEvent
from shared.contracts.learning import Learning
from shared.contracts.policy import Policy
from shared.contracts.profile import Endorsements, Issuer
from shared.contracts.standing import Standing
from shared.contracts.terms import Terms
from shared.contracts.texts import Title

Name = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^\S+$")]
"""What a platform calls a course, a run or an activity: an address or a key, whole, as it stands in its payloads."""


class Activity(Contract):
    """One activity on a platform whose results count for a component: a block, line item, quiz or assignable unit."""

    id: Name
    component: Identifier


class CourseRun(Contract):
    """A run of a course on a platform that delivers the offering: enrolment is on the run, credit on the course.

    `whole` is the component that the grade of the course as a whole counts for, if any.
    """

    platform: Identifier | None = None
    course: Name
    run: Name | None = None
    whole: Identifier | None = None
    activities: Annotated[tuple[Activity, ...], Field(max_length=500)] = ()


class Offering(Contract):
    """A micro-credential that learners can enrol on; its own endorsements stand on each of its credentials."""

    offering: Identifier
    achievement: Achievement
    issuer: Issuer
    policy: Policy
    endorsements: Endorsements = ()
    runs: Annotated[tuple[CourseRun, ...], Field(max_length=100)] = ()
    learning: Learning | None = None
    standing: Standing | None = None
    terms: Terms | None = None

    @model_validator(mode="after")
    def _counts_for_components_that_there_are(self) -> Self:
        known = {component.id for component in self.policy.components}
        for place, outcome in enumerate(self.achievement.outcomes):
            if strange := sorted(set(outcome.assessed_by) - known):
                raise ValueError(f"achievement.outcomes.{place}: no component of the policy is named {strange[0]}")
        for place, run in enumerate(self.runs):
            named = {*(activity.component for activity in run.activities), *([run.whole] if run.whole else ())}
            if strange := sorted(named - known):
                raise ValueError(f"runs.{place}: no component of the policy is named {strange[0]}")
        return self


class Enrolment(Contract):
    """A place on an offering, and the platform's event that gave or ended it."""

    offering: Identifier
    registration_id: Identifier
    role: Title | None = None
    term: Title | None = None


class OfferingPublished(Event):
    """An offering, whole; the latest of one key stands."""

    type: Literal["microcred.offering.published.v1"] = "microcred.offering.published.v1"
    data: Offering

    @property
    def key(self) -> str:
        """The offering within its institution."""
        return f"{self.tenant}/{self.data.offering}"


class LearnerEnrolled(LearnerEvent):
    """A learner is enrolled from `time` on."""

    type: Literal["microcred.learner.enrolled.v1"] = "microcred.learner.enrolled.v1"
    data: Enrolment


class LearnerUnenrolled(LearnerEvent):
    """A learner is not enrolled from `time` on."""

    type: Literal["microcred.learner.unenrolled.v1"] = "microcred.learner.unenrolled.v1"
    data: Enrolment
