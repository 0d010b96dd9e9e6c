"""The funnel: in which counters a journey counts, and what the counters say together."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.analytics.domain import By, Counts, Rates, month_of
from services.analytics.projections.journey import Journey

Bucket = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One offering or month: its counts, and rates that name their denominator."""

    key: str
    title: str
    counts: Counts
    rates: Rates


@dataclass(frozen=True, slots=True)
class Funnel:
    """A funnel in rows, and all of them together."""

    by: By
    total: Row
    rows: tuple[Row, ...]


def contributions(journey: Journey) -> Iterable[tuple[Bucket, str]]:
    """Name the counters in which a journey counts one: those of its offering and its month of enrolment.

    A journey whose enrolment has not been heard of counts nowhere: it would be a part without its whole.
    """
    if journey.since is None:
        return
    month = month_of(journey.since)
    bucket = (("tenant", journey.tenant), ("offering", journey.offering), ("month", month))
    reached = {
        "enrolled": True,
        "assessed": bool(journey.graded),
        "passed": journey.has_passed,
        "issued": journey.has_credential,
        "left": journey.has_left,
    }
    yield from ((bucket, stage) for stage, counts in reached.items() if counts)


def funnel(by: By, counters: Iterable[Mapping[str, Any]], titles: Mapping[str, str]) -> Funnel:
    """Sum counter documents, which are split by partition, to a funnel; `titles` are those of offerings, by id."""
    sums: dict[str, Counts] = {}
    for counter in counters:
        key = str(counter[by])
        sums[key] = sums.get(key, Counts()) + Counts.of(counter)
    # A counter that went back to nothing (a late, earlier enrolment moved its learners) is no row.
    keys = sorted(key for key, counts in sums.items() if counts != Counts())
    labels = _labels(keys, titles if by == "offering" else {})
    rows = tuple(_row(key, labels[key], sums[key]) for key in keys)
    return Funnel(by, _row("total", "All", sum(sums.values(), Counts())), rows)


def _row(key: str, title: str, counts: Counts) -> Row:
    return Row(key, title, counts, counts.rates)


def _labels(keys: Iterable[str], titles: Mapping[str, str]) -> dict[str, str]:
    """Return the title of each key, told apart where two offerings share one."""
    named = {key: titles.get(key, key) for key in keys}
    shared = Counter(named.values())
    return {key: title if shared[title] == 1 else f"{title} ({key})" for key, title in named.items()}
