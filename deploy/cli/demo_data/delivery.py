"""How the reports arrive: nearly in order, some twice, some learners' in any order, some before their offering."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from deploy.cli.demo_data.courses import Course
from deploy.cli.demo_data.reports import Reporter
from shared.contracts.envelope import Event, LearnerEvent


@dataclass(frozen=True, slots=True)
class Disorder:
    """How bad the delivery is: shares of events or learners, and distances in events."""

    jitter: int = 150
    scrambled_learners: float = 0.1
    repeated: float = 0.03
    repeated_within: int = 4_000
    late_offering_after: float = 0.7


def deliver(
    reports: Iterable[LearnerEvent],
    courses: Sequence[Course],
    reporter: Reporter,
    rng: Random,
    disorder: Disorder | None = None,
) -> list[Event]:
    """Return the events as they arrive; the same reports and random numbers, the same delivery."""
    how = disorder or Disorder()
    events = sorted(reports, key=lambda event: (event.time, event.id))
    _scramble(events, how.scrambled_learners, rng)
    places = [(index + rng.uniform(0, how.jitter), event) for index, event in enumerate(events)]
    places += [
        (place + rng.uniform(0, how.repeated_within), event) for place, event in places if rng.random() < how.repeated
    ]
    arriving: list[Event] = [event for _, event in sorted(places, key=lambda pair: pair[0])]
    return _with_offerings(arriving, courses, reporter, how.late_offering_after)


def _scramble(events: list[LearnerEvent], share: float, rng: Random) -> None:
    """Let some learners' events change places with each other: results before enrolment, voids before results."""
    of_learner: dict[str, list[int]] = defaultdict(list)
    for index, event in enumerate(events):
        of_learner[event.learner_ref].append(index)
    for places in of_learner.values():
        if rng.random() < share:
            shuffled = rng.sample([events[place] for place in places], len(places))
            for place, event in zip(places, shuffled, strict=True):
                events[place] = event


def _with_offerings(
    arriving: list[Event], courses: Sequence[Course], reporter: Reporter, late_after: float
) -> list[Event]:
    """Publish the offerings first, but the late ones only when most has arrived."""
    late_at = int(len(arriving) * late_after)
    early: list[Event] = [reporter.offering(course) for course in courses if not course.published_late]
    late: list[Event] = [reporter.offering(course) for course in courses if course.published_late]
    return [*early, *arriving[:late_at], *late, *arriving[late_at:]]
