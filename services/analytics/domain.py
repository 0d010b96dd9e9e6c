"""What a funnel counts, and rates that name their denominator."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, Literal

By = Literal["offering", "month"]
RATE_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Counts:
    """How many learners of a cohort reached each stage.

    Enrolled: ever. Assessed: at least one graded attempt. Passed: a pass stands. Issued: a credential stands.
    Left: not enrolled any more. Every stage counts only learners that were enrolled.
    """

    enrolled: int = 0
    assessed: int = 0
    passed: int = 0
    issued: int = 0
    left: int = 0

    @classmethod
    def of(cls, counter: Mapping[str, Any]) -> "Counts":
        """Return the counts of one counter document; a field that is missing counts 0."""
        return cls(*(int(counter.get(stage, 0)) for stage in STAGES))

    def __add__(self, other: "Counts") -> "Counts":
        """Return both cohorts as one."""
        return Counts(*(getattr(self, stage) + getattr(other, stage) for stage in STAGES))

    @property
    def rates(self) -> "Rates":
        """All rates of these counts."""
        return Rates(*(self._rate(*name.split("_of_")) for name in RATES))

    def _rate(self, part: str, whole: str) -> float | None:
        denominator = getattr(self, whole)
        return round(getattr(self, part) / denominator, RATE_DIGITS) if denominator else None


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares from 0 to 1, each named `<part>_of_<denominator>`; null where the denominator is 0.

    `issued_of_passed` is above 1 while a withdrawn pass's credential waits to be revoked.
    """

    assessed_of_enrolled: float | None
    passed_of_enrolled: float | None
    issued_of_enrolled: float | None
    left_of_enrolled: float | None
    passed_of_assessed: float | None
    issued_of_passed: float | None


STAGES = tuple(field.name for field in fields(Counts))
RATES = tuple(field.name for field in fields(Rates))


@dataclass(frozen=True, slots=True)
class View:
    """Which part of an institution's funnel is looked at; months are `YYYY-MM`, both ends included."""

    by: By = "offering"
    offering: str | None = None
    since: str | None = None
    until: str | None = None


def month_of(moment: datetime) -> str:
    """Return the calendar month in UTC, as `YYYY-MM`."""
    return moment.astimezone(UTC).isoformat()[:7]
