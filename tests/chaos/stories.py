"""What happened to made-up learners, as the events that each service hears."""

from typing import Any

from deploy.cli.demo_data.courses import courses
from deploy.cli.demo_data.generate import generate
from shared.contracts.assessment import LearnerPassed, Pass, PassWithdrawn, Withdrawal
from shared.contracts.enrolment import LearnerEnrolled, OfferingPublished
from shared.contracts.envelope import Event, derived_id, utc

TENANT = "uni"


def reported(learners: int) -> tuple[list[Event], list[Any]]:
    """Return offerings, and what platforms report of so many learners."""
    events = generate(learners, 7, TENANT).events
    offered: list[Event] = [event for event in events if isinstance(event, OfferingPublished)]
    return offered, [event for event in events if not isinstance(event, OfferingPublished)]


def enrolled_by(event: Any) -> LearnerEnrolled:
    """Return what enrolment says of a registration."""
    return LearnerEnrolled(
        id=derived_id("enrolled", event.id),
        source="test",
        time=event.time,
        tenant=event.tenant,
        learner_ref=event.learner_ref,
        data={"offering": event.data.offering, "registration_id": event.id},
    )


def passed(number: int, offering: str) -> LearnerPassed:
    return LearnerPassed(
        id=f"pass-{number}",
        source="test",
        time=utc("2026-01-01T00:00:00Z"),
        tenant=TENANT,
        learner_ref=f"learner-{number}",
        data=Pass(offering=offering, grade_percent=70, policy_version="0" * 12, ordinal=1),
    )


def withdrawn(number: int, offering: str) -> PassWithdrawn:
    return PassWithdrawn(
        id=f"withdrawal-{number}",
        source="test",
        time=utc("2026-01-02T00:00:00Z"),
        tenant=TENANT,
        learner_ref=f"learner-{number}",
        data=Withdrawal(offering=offering, pass_id=f"pass-{number}", reason="result voided"),
    )


def passes(number_of_them: int) -> list[Event]:
    """Return so many passes, every nineteenth of them taken back."""
    names = [course.offering.offering for course in courses()]
    events: list[Event] = []
    for number in range(number_of_them):
        offering = names[number % len(names)]
        events.append(passed(number, offering))
        if number % 19 == 0:
            events.append(withdrawn(number, offering))
    return events
