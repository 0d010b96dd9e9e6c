"""Learners by the number, from a seed: who joins what, hands in what, comes late, leaves, returns, tries again."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from deploy.cli.demo_data.courses import Course
from deploy.cli.demo_data.stories import Attempt, Membership, Story
from shared.contracts.envelope import derived_id

# What platforms mark out of. All divide 100 without a remainder, and nobody tries more than twice, so that no
# percentage or mean has endless digits that a service could round across a pass mark.
MAXIMA = (100.0, 100.0, 50.0, 20.0)
SPREAD = 0.14  # of one learner's scores, as a share of the maximum
POOR = 0.6  # below this share people try again


@dataclass(frozen=True, slots=True)
class Chances:
    """How often the awkward things happen, each as a share of the cases where they can."""

    second_course: float = 0.3
    late: float = 0.12
    leaves_early: float = 0.06
    leaves_midway: float = 0.08
    returns: float = 0.3
    hands_in: float = 0.94
    unmarked: float = 0.02
    tries_again: float = 0.6
    voided: float = 0.03
    carried_over: float = 0.03


def population(learners: int, seed: int, courses: Sequence[Course], chances: Chances | None = None) -> Iterator[Story]:
    """Yield the stories of so many learners; a learner's story depends on the seed and their number alone."""
    for number in range(learners):
        rng = Random(f"{seed}/{number}")  # noqa: S311 - made-up people, no secret
        learner_ref = hashlib.sha256(f"demo/{seed}/{number}".encode()).hexdigest()[:32]
        yield from _Learner(rng, learner_ref, chances or Chances()).stories(courses)


class _Learner:
    def __init__(self, rng: Random, learner_ref: str, chances: Chances) -> None:
        self._rng = rng
        self._ref = learner_ref
        self._chances = chances
        self._ability = rng.betavariate(5, 2.6)
        self._ids = 0

    def stories(self, courses: Sequence[Course]) -> Iterator[Story]:
        weights = [course.popularity for course in courses]
        chosen = self._rng.choices(courses, weights, k=1 + self._happens("second_course"))
        for course in dict.fromkeys(chosen):
            yield self._story(course)

    def _story(self, course: Course) -> Story:
        memberships = self._memberships(course)
        gone = not memberships[-1].joined and memberships[-1].at < course.start
        attempts = [] if gone else list(self._attempts(course, memberships[0].at))
        if attempts and self._happens("carried_over"):
            attempts[0] = replace(attempts[0], carried_over=True, at=course.start - timedelta(days=200))
        return Story(self._ref, course.offering.offering, memberships, self._with_voids(attempts))

    def _memberships(self, course: Course) -> tuple[Membership, ...]:
        joins = self._moment(course.start, 1, 25) if self._happens("late") else self._moment(course.start, -50, -2)
        moments = [joins]
        if self._happens("leaves_early"):
            moments.append(joins + timedelta(days=1, minutes=self._rng.randrange(600)))
        elif self._happens("leaves_midway"):
            moments.append(self._moment(course.start, course.days // 2, course.days + 10))
        if len(moments) > 1 and self._happens("returns"):
            moments.append(moments[-1] + timedelta(days=self._rng.randint(3, 20)))
        return tuple(Membership(self._id(), at, turn % 2 == 0) for turn, at in enumerate(moments))

    def _attempts(self, course: Course, joined: datetime) -> Iterator[Attempt]:
        components = course.offering.policy.components
        for number, component in enumerate(components, 1):
            if not self._happens("hands_in"):
                continue
            due = course.start + timedelta(days=course.days * number // len(components))
            tried = self._attempt(component.id, max(due, joined))
            yield tried
            poor = tried.score is None or tried.score / tried.max_score < POOR
            if poor and self._happens("tries_again"):
                yield self._attempt(component.id, tried.at + timedelta(days=9))

    def _attempt(self, component: str, due: datetime) -> Attempt:
        share = min(1.0, max(0.0, self._rng.gauss(self._ability, SPREAD)))
        maximum = self._rng.choice(MAXIMA)
        score = None if self._happens("unmarked") else round(share * maximum * 2) / 2
        return Attempt(self._id(), component, self._moment(due, -4, 2), score, maximum)

    def _with_voids(self, attempts: list[Attempt]) -> tuple[Attempt, ...]:
        """Void some results, but never the only own mark: whether that one was ever graded is a matter of timing."""
        marked = [each for each in attempts if each.score is not None]
        own = [each for each in marked if not each.carried_over]
        victims = marked if len(own) > 1 else [each for each in marked if each.carried_over]
        if len(marked) > 1 and victims and self._happens("voided"):
            victim = self._rng.choice(victims)
            void = replace(victim, voided_at=self._moment(victim.at, 3, 12))
            return tuple(void if each is victim else each for each in attempts)
        return tuple(attempts)

    def _moment(self, around: datetime, first_day: int, last_day: int) -> datetime:
        day = self._rng.randint(first_day, last_day)
        return around + timedelta(days=day, seconds=self._rng.randrange(86_400))

    def _happens(self, what: str) -> bool:
        return self._rng.random() < float(getattr(self._chances, what))

    def _id(self) -> str:
        self._ids += 1
        return derived_id("demo", self._ref, self._ids)
