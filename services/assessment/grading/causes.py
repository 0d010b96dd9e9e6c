"""The events that a pass rests on: they follow from the facts and rulings as they stand, in whatever order these came.

Pure. What was taken back, and what the policy left aside, is none of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from services.assessment.domain import Attempt, Policy
from services.assessment.facts.circumstances import (
    Check,
    Circumstances,
    Extension,
    Migration,
    Recognition,
    Release,
    Verdict,
)
from services.assessment.facts.progress import Progress
from services.assessment.facts.tries import Try
from services.assessment.grading.judging import Judgement, standing
from shared.contracts.assessment import MOST_CAUSES
from shared.contracts.platform import (
    IdentityChecked,
    LearnerRegistered,
    LearnerUnregistered,
    LearningRecognised,
    ResultReported,
    VerdictReported,
)
from shared.contracts.rulings import AllMigrated, AllReleased, ExtensionGranted, LearnerMigrated, ResultsReleased
from shared.kit.moments import moment

_Row = tuple[int, str, str, str | None]
"""Time, event id, type, component."""
_TYPES: dict[type[Any], str] = {
    Verdict: VerdictReported.TYPE,
    Recognition: LearningRecognised.TYPE,
    Check: IdentityChecked.TYPE,
    Extension: ExtensionGranted.TYPE,
}


def causes(
    progress: Progress, policy: Policy, judged: Judgement | None, rulings: Sequence[Release | Migration]
) -> tuple[list[dict[str, Any]], int | None]:
    """Return what a pass rests on as its contract has it, the oldest first, and how many older ones are left out.

    `rulings` are the releases on all learners, and the migrations that led to the policy version.
    """
    held = standing(progress)
    rows = [*_places(progress), *_found(progress, policy, judged, held, rulings)]
    rows.sort(key=lambda row: row[:3])
    told = [
        {"event_id": id_, "type": type_, "time": moment(time), "component": component}
        for time, id_, type_, component in rows[-MOST_CAUSES:]
    ]
    return told, max(len(rows) - MOST_CAUSES, 0) or None


def _places(progress: Progress) -> Iterator[_Row]:
    first: dict[tuple[str, bool], int] = {}
    for time, id_, enrolled in sorted(progress.placements):
        first.setdefault((id_, enrolled), time)  # it is said again, later, where more came to light of it
    for (id_, enrolled), time in first.items():
        yield time, id_, LearnerRegistered.TYPE if enrolled else LearnerUnregistered.TYPE, None


def _found(
    progress: Progress,
    policy: Policy,
    judged: Judgement | None,
    held: Circumstances,
    rulings: Sequence[Release | Migration],
) -> Iterator[_Row]:
    tries = {each.attempt.id: each for each in progress.tries} if held.words else {}
    counting = judged.counting if judged else [each for each in progress.counted if each.component in policy.weights]
    shown = [tries.get(each.id) or _alone(each) for each in counting]
    if judged:
        elsewhere = {part.component.id for part in judged.parts if part.recognised}
        brought = [each for each in tries.values() if each.carried_over and each.attempt.component in elsewhere]
        releases = list(_releases(judged, held, rulings))
        shown += [
            each for each in brought if each.final and (_covers(releases, each) or not judged.rules.awaits_release)
        ]
        yield from map(_row, _circumstances(judged, held, elsewhere))
        yield from (each for each, release in releases if _of_use(release, judged, shown))
    for each in shown:
        for result in (progress.attempts[id_] for id_ in each.ids):
            yield result.time, result.id, ResultReported.TYPE, result.component
    for ruling in rulings:
        if isinstance(ruling, Migration):
            own = ruling.id in held.migrations
            yield ruling.time, ruling.id, LearnerMigrated.TYPE if own else AllMigrated.TYPE, None


def _alone(attempt: Attempt) -> Try:
    return Try(attempt, None, attempt.time, final=True, carried_over=False, ids=(attempt.id,))


def _circumstances(
    judged: Judgement, held: Circumstances, elsewhere: set[str]
) -> Iterator[Verdict | Recognition | Check | Extension]:
    if judged.decides == "platform" and judged.verdict is not None:
        yield judged.verdict
    yield from (each for each in held.recognitions.values() if each.stands_in(elsewhere))
    asked = {each.id for each in judged.rules.components if each.identity}
    yield from (each for each in held.checks.values() if each.component in asked)
    if judged.rules.late is not None:
        granted = sorted(held.extensions.values(), key=lambda each: (each.time, each.id))
        latest = {each.component: each for each in granted}
        yield from (latest[each.id] for each in judged.rules.components if each.id in latest)


def _releases(
    judged: Judgement, held: Circumstances, rulings: Sequence[Release | Migration]
) -> Iterator[tuple[_Row, Release]]:
    if judged.rules.awaits_release:
        everybody = [each for each in rulings if isinstance(each, Release)]
        for type_, releases in ((ResultsReleased.TYPE, held.releases.values()), (AllReleased.TYPE, everybody)):
            yield from (((each.time, each.id, type_, each.component), each) for each in releases)


def _covers(releases: Iterable[tuple[_Row, Release]], attempt: Try) -> bool:
    return any(release.covers(attempt.attempt.component, attempt.told) for _, release in releases)


def _of_use(release: Release, judged: Judgement, shown: Sequence[Try]) -> bool:
    """Tell whether a release covers anything that the pass rests on."""
    verdict = judged.verdict if judged.decides == "platform" else None
    covered = any(release.covers(each.attempt.component, each.told) for each in shown)
    return covered or (verdict is not None and release.component is None and verdict.time <= release.time)


def _row(fact: Verdict | Recognition | Check | Extension) -> _Row:
    return fact.time, fact.id, _TYPES[type(fact)], getattr(fact, "component", None)
