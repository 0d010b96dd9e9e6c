"""What must come out: the funnel, from the facts themselves.

Written apart from the services, with exact fractions and without order of arrival, so that agreement means something.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from deploy.cli.demo_data.stories import Attempt, Story
from deploy.cli.funnel import Cohort, Funnel, Stages, funnel_of
from shared.contracts.policy import Policy


def expected_funnel(stories: Iterable[Story], policies: Mapping[str, Policy]) -> Funnel:
    """Return the funnel that these stories must end in; `policies` by offering, absent where never published."""
    return funnel_of(
        (cohort_of(story), stages_of(story, policies.get(story.offering)))
        for story in stories
        if any(each.joined for each in story.memberships)
    )


def cohort_of(story: Story) -> Cohort:
    """Return the offering and the month in which the learner first joined it."""
    first = min(each.at for each in story.memberships if each.joined)
    return story.offering, f"{first:%Y-%m}"


def stages_of(story: Story, policy: Policy | None) -> Stages:
    """Return the stages that one journey reached, each 0 or 1."""
    enrolled_now = max(story.memberships, key=lambda each: (each.at, each.id)).joined
    counted = [] if policy is None else counted_attempts(story.attempts, policy)
    passed = policy is not None and enrolled_now and is_pass(counted, policy)
    assessed = any(not each.carried_over for each in counted)
    return Stages(enrolled=1, assessed=int(assessed), passed=int(passed), issued=int(passed), left=1 - enrolled_now)


def is_pass(counted: list[Attempt], policy: Policy) -> bool:
    """Tell whether these attempts make a pass: what was carried over is recognised, and alone passes nobody."""
    weighty = {component.id for component in policy.components if component.weight}
    shown_here = any(each.component in weighty and not each.carried_over for each in counted)
    return shown_here and grade(counted, policy) >= Fraction(policy.pass_mark)


def counted_attempts(attempts: Iterable[Attempt], policy: Policy) -> list[Attempt]:
    """Return the attempts at components of the policy that are marked and were not voided."""
    known = {component.id for component in policy.components}
    return [each for each in attempts if each.component in known and each.score is not None and each.voided_at is None]


def grade(counted: Iterable[Attempt], policy: Policy) -> Fraction:
    """Return the grade in percent: the weighted mean of the components, where one without attempts is 0."""
    attempts = list(counted)
    points = Fraction(0)
    for component in policy.components:
        tries = [each for each in attempts if each.component == component.id]
        if tries:
            points += Fraction(component.weight) * component_percent(tries, policy)
    return points / Fraction(sum(component.weight for component in policy.components))


def component_percent(tries: list[Attempt], policy: Policy) -> Fraction:
    """Return what one component is worth, in percent: its best, its latest or its mean attempt.

    What was carried over stands in where nothing was shown here.
    """
    tries = [each for each in tries if not each.carried_over] or [max(tries, key=percent)]
    percents = [percent(each) for each in tries]
    if policy.attempts == "best":
        return max(percents)
    if policy.attempts == "last":
        return percent(max(tries, key=lambda each: (each.at, each.id)))
    return sum(percents, Fraction(0)) / len(percents)


def percent(attempt: Attempt) -> Fraction:
    """Return the score in percent of its maximum, without rounding."""
    return 100 * Fraction(str(attempt.score)) / Fraction(str(attempt.max_score))
