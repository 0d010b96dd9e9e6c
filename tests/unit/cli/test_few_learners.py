"""The demonstration as the tests run it: few learners, whose figures tell a wrong rule as those of thousands do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from deploy.cli.demo_data.courses import courses
from deploy.cli.demo_data.population import population
from deploy.cli.demo_data.stories import Attempt, Membership, Story
from deploy.cli.demo_data.truth import expected_funnel
from deploy.cli.funnel import Funnel
from shared.contracts.policy import Policy

#: A seed that was looked for: of a hundred, one or two show so few learners in whom all of the rules below meet.
LEARNERS = 400
SEED = 2

Stories = Sequence[Story]
Policies = Mapping[str, Policy]


def _attempts(stories: Stories, policies: Policies, *, change: Callable[[Attempt], Attempt | None]) -> Funnel:
    changed = [
        replace(story, attempts=tuple(new for old in story.attempts if (new := change(old)) is not None))
        for story in stories
    ]
    return expected_funnel(changed, policies)


def _moves(
    stories: Stories, policies: Policies, *, change: Callable[[Sequence[Membership]], Sequence[Membership]]
) -> Funnel:
    return expected_funnel([replace(each, memberships=tuple(change(each.memberships))) for each in stories], policies)


def _counted_as(stories: Stories, policies: Policies, *, attempts: str) -> Funnel:
    return expected_funnel(
        stories, {name: each.model_copy(update={"attempts": attempts}) for name, each in policies.items()}
    )


def _without_the_late_one(stories: Stories, policies: Policies) -> Funnel:
    late = {course.offering.offering for course in courses() if course.published_late}
    return expected_funnel(stories, {name: each for name, each in policies.items() if name not in late})


WRONG: dict[str, Callable[[Stories, Policies], Funnel]] = {
    "what was taken back counts": partial(_attempts, change=lambda each: replace(each, voided_at=None)),
    "what was carried over is nothing": partial(_attempts, change=lambda each: None if each.carried_over else each),
    "what was carried over is shown here": partial(_attempts, change=lambda each: replace(each, carried_over=False)),
    "no mark is no points": partial(_attempts, change=lambda each: replace(each, score=each.score or 0.0)),
    "all scores are percent": partial(_attempts, change=lambda each: replace(each, max_score=100.0)),
    "who leaves is still there": partial(_moves, change=lambda moves: moves[:1]),
    "who comes back is not there": partial(_moves, change=lambda moves: moves[:2]),
    "the best counts everywhere": partial(_counted_as, attempts="best"),
    "the last counts everywhere": partial(_counted_as, attempts="last"),
    "the mean counts everywhere": partial(_counted_as, attempts="mean"),
    "what is published late never is": _without_the_late_one,
}


def test_each_wrong_rule_gives_other_figures() -> None:
    stories = list(population(LEARNERS, SEED, courses()))
    policies = {course.offering.offering: course.offering.policy for course in courses()}
    right = expected_funnel(stories, policies)

    assert [name for name, wrong in WRONG.items() if wrong(stories, policies) == right] == []
