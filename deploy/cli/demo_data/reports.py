"""The facts as a platform reports them: one event for each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from deploy.cli.demo_data.courses import Course
from deploy.cli.demo_data.stories import Attempt, Membership, Story
from shared.contracts.achievement import Evidence
from shared.contracts.enrolment import OfferingPublished
from shared.contracts.envelope import LearnerEvent, derived_id
from shared.contracts.platform import (
    LearnerRegistered,
    LearnerUnregistered,
    Registration,
    Result,
    ResultReported,
    ResultVoided,
    Voiding,
)

SOURCE = "https://platform.example/demo"
PLATFORM = "demo"
SHOWN = frozenset({"project", "report", "case"})  # what learners hand in there can be looked at
TERM = "Spring 2025"
PLANNING = timedelta(days=90)  # an offering is planned so long before it starts


@dataclass(frozen=True, slots=True)
class Reporter:
    """Writes the events of one institution."""

    tenant: str

    def offering(self, course: Course) -> OfferingPublished:
        """Return the publication of a course's offering."""
        name = course.offering.offering
        return OfferingPublished(
            id=derived_id(self.tenant, "offering", name),
            source=SOURCE,
            time=course.start - PLANNING,
            tenant=self.tenant,
            data=course.offering,
        )

    def story(self, story: Story) -> Iterator[LearnerEvent]:
        """Yield the events of one story, in no particular order."""
        for membership in story.memberships:
            yield self._membership(story, membership)
        for attempt in story.attempts:
            yield from self._attempt(story, attempt)

    def stories(self, stories: Sequence[Story]) -> Iterator[LearnerEvent]:
        """Yield the events of all stories, in no particular order."""
        for story in stories:
            yield from self.story(story)

    def _membership(self, story: Story, membership: Membership) -> LearnerEvent:
        kind = LearnerRegistered if membership.joined else LearnerUnregistered
        data = Registration(offering=story.offering, term=TERM)
        return kind(id=membership.id, time=membership.at, data=data, **self._envelope(story))

    def _attempt(self, story: Story, attempt: Attempt) -> Iterator[LearnerEvent]:
        result = Result(
            offering=story.offering,
            component=attempt.component,
            score=attempt.score,
            max_score=attempt.max_score,
            carried_over=attempt.carried_over,
            evidence=_evidence(attempt) if attempt.component in SHOWN else (),
        )
        yield ResultReported(id=attempt.id, time=attempt.at, data=result, **self._envelope(story))
        if attempt.voided_at is not None:
            voiding = Voiding(offering=story.offering, result_id=attempt.id)
            name = derived_id(attempt.id, "voided")
            yield ResultVoided(id=name, time=attempt.voided_at, data=voiding, **self._envelope(story))

    def _envelope(self, story: Story) -> dict[str, Any]:
        return {"source": SOURCE, "tenant": self.tenant, "platform": PLATFORM, "learner_ref": story.learner_ref}


def _evidence(attempt: Attempt) -> tuple[Evidence, ...]:
    return (Evidence(url=f"{SOURCE}/work/{attempt.id}", name=attempt.component.capitalize(), genre=attempt.component),)
