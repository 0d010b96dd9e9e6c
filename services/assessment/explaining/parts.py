"""One component in words that a learner can follow: what each attempt is worth, and why. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from services.assessment.facts.progress import Progress
from services.assessment.grading.judging import Judgement
from services.assessment.grading.marking import Marked, State
from services.assessment.grading.parts import Part
from shared.contracts.policy import Group
from shared.contracts.policy import Policy as Rules
from shared.kit.moments import moment


@dataclass(frozen=True, slots=True)
class AttemptScore:
    """One attempt: `percent` as marked, `worth` after lateness and cap, `state` and `why` whether it counts."""

    number: int
    attempt: str | None
    results: tuple[str, ...]
    handed_in: datetime
    percent: float | None
    penalty_points: float
    capped: bool
    worth: float | None
    state: State
    why: str


@dataclass(frozen=True, slots=True)
class ComponentScore:
    """One component as it counts: `attempts` have a mark that stands, `unmarked` still wait for theirs."""

    id: str
    title: str | None
    weight: Decimal
    score_percent: float | None
    attempts: int
    unmarked: int
    voided: int
    missing: bool
    tries: tuple[AttemptScore, ...]
    must_reach: Decimal | None
    reached: bool
    due: datetime | None
    group: str | None
    dropped: bool
    recognised: Literal["recognised", "excused", "contributes", "not recognisable", "beyond the share"] | None
    why: tuple[str, ...]


def explained(progress: Progress, judged: Judgement) -> tuple[ComponentScore, ...]:
    """Explain every component of a policy, in its order."""
    groups = {component: group for group in judged.rules.groups for component in group.components}
    return tuple(_component(progress, judged.rules, part, groups.get(part.component.id)) for part in judged.parts)


def _component(progress: Progress, rules: Rules, part: Part, group: Group | None) -> ComponentScore:
    component = part.component
    here = [each for each in progress.attempts.values() if each.component == component.id]
    return ComponentScore(
        id=component.id,
        title=component.title,
        weight=component.weight,
        score_percent=None if part.score is None else float(part.score),
        attempts=sum(each.percent is not None for each in part.marked),
        unmarked=sum(each.state == "unmarked" for each in part.marked),
        voided=sum(each.id in progress.voided for each in here),
        missing=part.score is None and not part.recognised,
        tries=tuple(_attempt(rules, each) for each in part.marked),
        must_reach=component.must_reach,
        reached=part.reached,
        due=None if part.due is None else moment(part.due),
        group=group.id if group else None,
        dropped=part.dropped,
        recognised=part.elsewhere.state if part.elsewhere else None,
        why=tuple(_why(rules, part, group)),
    )


def _attempt(rules: Rules, marked: Marked) -> AttemptScore:
    return AttemptScore(
        number=marked.number,
        attempt=marked.attempt.name,
        results=marked.attempt.ids,
        handed_in=moment(marked.attempt.attempt.time),
        percent=None if marked.percent is None else float(marked.percent),
        penalty_points=float(marked.penalty),
        capped=marked.capped,
        worth=None if marked.worth is None else float(marked.worth),
        state=marked.state,
        why=_why_so(rules, marked),
    )


def _why_so(rules: Rules, marked: Marked) -> str:
    parts = [_STATES[marked.state].format(limit=rules.attempts_limit, rule=_RULES[rules.attempts])]
    if marked.penalty:
        parts.append(f"{_number(marked.penalty)} points off: late by {marked.late_steps} step(s)")
    if marked.capped:
        parts.append(f"a resit, capped at {rules.resit_cap} %")
    return "; ".join(parts)


_RULES = {"best": "the best one counts", "last": "the last one counts", "mean": "the mean counts"}
_STATES: dict[State, str] = {
    "counts": "it counts",
    "outdone": "another attempt counts: {rule}",
    "unmarked": "it waits for its mark",
    "provisional": "its mark is provisional and counts for nothing yet",
    "not released": "its mark counts once the institution has released the results",
    "identity not verified": "it counts only with a check of identity of this very attempt",
    "beyond the limit": "only the first {limit} attempt(s) count",
}


def _why(rules: Rules, part: Part, group: Group | None) -> Iterator[str]:
    component, elsewhere = part.component, part.elsewhere
    if elsewhere is not None:
        share = rules.recognition.most_percent if rules.recognition else 100
        score = "no mark" if elsewhere.score is None else f"{_number(elsewhere.score)} %"
        yield _ELSEWHERE[elsewhere.state].format(reason=elsewhere.reason, share=share, score=score)
    if group is not None:
        name = group.title or group.id
        what = "is not among them" if part.dropped else "is among them"
        yield f"The best {group.best} of {len(group.components)} in {name} count, and this {what}."
    if component.must_reach is not None and not part.reached:
        has = "has no mark that counts" if part.score is None else f"is at {_number(part.score)} %"
        yield f"It must reach {component.must_reach} % and {has}."


_ELSEWHERE = {
    "recognised": "Recognised ({reason}).",
    "excused": "Recognised ({reason}), not passed: its weight is taken out of the grade.",
    "contributes": "Recognised ({reason}), not passed: it contributes {score}.",
    "not recognisable": "Learning from elsewhere ({reason}) does not count: this has to be shown here.",
    "beyond the share": "Learning from elsewhere ({reason}) does not count: more than {share} % would be recognised.",
}


def _number(value: Fraction) -> str:
    return f"{float(value):g}"
