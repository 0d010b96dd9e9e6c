"""Which check of identity is about which attempt: reliable at the point of assessment (CMF, 2019). Pure."""

from collections.abc import Iterable, Sequence

from services.assessment.facts.circumstances import Check
from services.assessment.facts.tries import Try


def verified(tries: Sequence[Try], checks: Iterable[Check]) -> set[str]:
    """Return the ids of the attempts at one component that somebody's identity was verified for.

    `tries` are in their order. A check is about the attempt that it names. One that names none is about the last that
    was handed in by then, else about the first; never about two. The latest word about an attempt stands.
    """
    latest: dict[str, Check] = {}
    for check in sorted(checks, key=lambda each: (each.time, each.id)):
        bound = _bound(check, tries)
        if bound is not None:
            latest[bound.attempt.id] = check
    return {id_ for id_, check in latest.items() if check.verified}


def _bound(check: Check, tries: Sequence[Try]) -> Try | None:
    if check.attempt is not None:
        return next((each for each in tries if each.named(check.attempt)), None)
    by_then = [each for each in tries if each.attempt.time <= check.time]
    return by_then[-1] if by_then else next(iter(tries), None)


def anybody_verified(checks: Iterable[Check]) -> bool:
    """Tell whether any attempt at a component was verified, results or not: for passes that the platform decides."""
    latest = {check.attempt: check for check in sorted(checks, key=lambda each: (each.time, each.id))}
    return any(check.verified for check in latest.values())
