"""The standing computed from scratch, slowly and plainly: what the folds must agree with, whatever the order."""

from collections.abc import Iterable
from fractions import Fraction

from shared.contracts.enrolment import LearnerEnrolled, LearnerUnenrolled
from shared.contracts.envelope import Event
from shared.contracts.platform import ResultReported, ResultVoided
from shared.contracts.policy import Policy


def is_enrolled(facts: Iterable[Event]) -> bool:
    places = [fact for fact in facts if isinstance(fact, LearnerEnrolled | LearnerUnenrolled)]
    latest = max(places, key=lambda fact: (fact.time, fact.data.registration_id), default=None)
    return isinstance(latest, LearnerEnrolled)


def was_enrolled(facts: Iterable[Event]) -> bool:
    return any(isinstance(fact, LearnerEnrolled) for fact in facts)


def marked(facts: Iterable[Event], policy: Policy) -> dict[str, ResultReported]:
    known = {component.id for component in policy.components}
    return {
        fact.id: fact
        for fact in facts
        if isinstance(fact, ResultReported) and fact.data.score is not None and fact.data.component in known
    }


def counted(facts: Iterable[Event], policy: Policy) -> dict[str, ResultReported]:
    facts = list(facts)
    gone = {fact.data.result_id for fact in facts if isinstance(fact, ResultVoided)}
    return {id_: fact for id_, fact in marked(facts, policy).items() if id_ not in gone}


def grade(facts: Iterable[Event], policy: Policy) -> Fraction:
    attempts = counted(facts, policy).values()
    points = Fraction(0)
    for component in policy.components:
        tries = [each for each in attempts if each.data.component == component.id]
        points += Fraction(component.weight) * _component(tries, policy)
    return points / sum(Fraction(component.weight) for component in policy.components)


def stands(facts: Iterable[Event], policy: Policy) -> bool:
    facts = list(facts)
    return is_enrolled(facts) and grade(facts, policy) >= Fraction(policy.pass_mark)


def _component(tries: list[ResultReported], policy: Policy) -> Fraction:
    if not tries:
        return Fraction(0)
    percents = [percent(each) for each in tries]
    if policy.attempts == "best":
        return max(percents)
    if policy.attempts == "mean":
        return sum(percents, Fraction(0)) / len(percents)
    return percent(max(tries, key=lambda each: (each.time, each.id)))


def percent(each: ResultReported) -> Fraction:
    return 100 * Fraction(str(each.data.score)) / Fraction(str(each.data.max_score))
