"""The standing decided anew where more than marks and weights has a say: under which version, by which rules. Pure."""

from typing import NamedTuple

from services.assessment.domain import Attempt, Policy, Ratio, percent, scores
from services.assessment.domain import grade as grade_of
from services.assessment.facts.circumstances import NOTHING, Release
from services.assessment.facts.offering import Offering
from services.assessment.facts.progress import Progress
from services.assessment.grading.judging import Judgement, judge
from services.assessment.grading.outcomes import Cause, assessed, passed, withdrawn
from services.assessment.grading.versions import begun_under, judged_so_far, migrated
from shared.contracts.envelope import LearnerEvent
from shared.kit.bindings import Folded


class Decided(NamedTuple):
    """What a policy comes to: by its rules where they have a say, else by the weighted mean alone."""

    grade: Ratio
    met: bool
    scored: dict[str, Ratio]
    counting: list[Attempt]
    judged: Judgement | None = None


def decided(progress: Progress, policy: Policy, offering: Offering) -> Decided:
    """Decide a learner's facts under one policy."""
    if policy.plain and not (progress.around or NOTHING).recognises:
        counted = list(progress.counted)
        scored = scores(policy, counted)
        grade = grade_of(policy, scored)
        known = [each for each in counted if each.component in policy.weights]
        return Decided(grade, policy.met_by(grade), scored, known)
    judged = judge(progress, policy, offering)
    scored = {each.component.id: each.score.as_integer_ratio() for each in judged.parts if each.score is not None}
    return Decided(judged.grade.as_integer_ratio(), judged.met, scored, judged.counting, judged)


def settled(before: Progress, after: Progress, event: LearnerEvent, offering: Offering) -> Folded[Progress]:
    """Decide the standing anew, and say what is new about it."""
    held = (after.around or NOTHING)._replace(heard=len(offering.rulings))
    if not after.ever_enrolled:
        return Folded(after._replace(around=held))
    began = begun_under(after, offering)
    version, by, awaits = migrated(after, began, offering)
    held = held._replace(began_under=began if held.began_under or version != began else None, awaits=awaits)
    policy = offering.policies[version]
    found = decided(after, policy, offering)
    said = held.said if before.around is not None else _said_simply(before, offering)
    news = _unsaid(after, found.counting, said)
    held = held._replace(said=said.union(each.id for each in news))
    after = after._replace(around=held).standing(version, passed=after.enrolled and found.met)
    says: list[LearnerEvent] = [assessed(after, each, found.grade, event) for each in news]
    if after.passed and not before.passed:
        judged = found.judged or (judge(after, policy, offering) if policy.rules is not None else None)
        releases = (each for each in offering.rulings if isinstance(each, Release))
        says.append(passed(after, policy, found.scored, event, judged, rulings=(*releases, *by)))
    elif before.passed and not after.passed:
        moved: Cause | None = None
        if version != before.policy_version:
            moved = "policy migration" if judged_so_far(before) == began else "policy"
        says.append(withdrawn(after, event, moved))
    return Folded(after, tuple(says))


def _said_simply(before: Progress, offering: Offering) -> frozenset[str]:
    """Return what was said of a learner of whom nothing but places and marks was known until now."""
    if before.policy_version is None:
        return frozenset()
    known = offering.policies[before.policy_version].weights
    marked = (each for each in before.attempts.values() if each.score is not None and each.component in known)
    return frozenset(each.id for each in marked)


def _unsaid(progress: Progress, counting: list[Attempt], said: frozenset[str]) -> list[Attempt]:
    """Return the attempts that count and were not said yet; the same mark of one attempt is said once."""
    new = [each for each in counting if each.id not in said]
    if not new:
        return new
    alike = {each.attempt.id: each.ids for each in progress.tries}
    return [
        each for each in new if not any(_same(progress, each, other) for other in said.intersection(alike[each.id]))
    ]


def _same(progress: Progress, attempt: Attempt, other: str) -> bool:
    marks = (percent(each.score or 0.0, each.max_score) for each in (attempt, progress.attempts[other]))
    return next(marks) == next(marks)
