"""What a platform's numbers come to as a mark and its maximum. Pure.

`scaled` is what counts (xAPI Data, section 2.4.5.1: it need not be raw divided by max); raw marks are counted from
their minimum. Less than nothing counts as nothing: no mark of ours is below 0, and none above its maximum.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from services.enrolment.platforms.xapi.statement import Score
from shared.contracts.wire import MalformedEvent

Mark = tuple[float | None, float]
"""The score, absent where there is nothing to earn or nothing was marked, and what it is out of."""

UNMARKED: Mark = (None, 1.0)
_INSTANT = timedelta(microseconds=1)
_LARGEST = 1_000_000.0


def before_its_mark(moment: datetime) -> datetime:
    """Return when work was handed in: a machine grades in the same instant, and the mark must come after it."""
    return moment - _INSTANT


def mark_of(score: Score) -> Mark:
    """Return the mark of an xAPI score.

    Raises:
        MalformedEvent: the numbers contradict each other.

    """
    lowest, highest, raw = score.min, score.max, score.raw
    if lowest is not None and highest is not None and lowest >= highest:
        if lowest == highest == 0:  # nothing could be earned: Open edX calls that a success
            return UNMARKED
        raise MalformedEvent("result.score.max", f"{highest:g} is not above min {lowest:g}")
    if raw is not None:
        if lowest is not None and raw < lowest:
            raise MalformedEvent("result.score.raw", f"{raw:g} is below min {lowest:g}")
        if highest is not None and raw > highest:
            raise MalformedEvent("result.score.raw", f"{raw:g} is above max {highest:g}")
    if score.scaled is not None:
        return (max(score.scaled, 0.0), 1.0)
    if raw is None or highest is None:  # a raw mark out of nothing says nothing
        return UNMARKED
    return out_of(raw, highest, lowest or 0.0)


def out_of(given: float, highest: float, lowest: float = 0.0) -> Mark:
    """Return the mark of raw numbers, between nothing and full marks.

    Raises:
        MalformedEvent: the maximum is not above the minimum.

    """
    if highest <= lowest:
        raise MalformedEvent("result.score.max", f"{highest:g} is not above min {lowest:g}")
    if lowest:
        # Of the decimal numbers that the platform wrote: 0.3 - 0.1 is 0.2.
        bottom = Decimal(repr(lowest))
        given, highest = float(Decimal(repr(given)) - bottom), float(Decimal(repr(highest)) - bottom)
    given = min(max(given, 0.0), highest)
    return (given, highest) if highest <= _LARGEST else (given / highest, 1.0)
