"""The funnel as figures: who enrolled, was assessed, passed, was issued, left; by offering and cohort month."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields

Cohort = tuple[str, str]
"""Offering and month of enrolment, as `2025-03`."""


@dataclass(frozen=True, slots=True)
class Stages:
    """How many learners of a cohort reached each stage; `left` are those who are not enrolled any more."""

    enrolled: int = 0
    assessed: int = 0
    passed: int = 0
    issued: int = 0
    left: int = 0

    def __add__(self, other: "Stages") -> "Stages":
        """Sum stage by stage."""
        return Stages(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


Funnel = dict[Cohort, Stages]
STAGES = tuple(field.name for field in fields(Stages))


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that is not what it must be."""

    cohort: Cohort
    stage: str
    expected: int
    found: int


def funnel_of(journeys: Iterable[tuple[Cohort, Stages]]) -> Funnel:
    """Sum journeys by cohort."""
    funnel: Funnel = {}
    for cohort, stages in journeys:
        funnel[cohort] = funnel.get(cohort, Stages()) + stages
    return funnel


def by_offering(funnel: Funnel) -> dict[str, Stages]:
    """Sum the months of each offering."""
    offerings: dict[str, Stages] = {}
    for (offering, _), stages in sorted(funnel.items()):
        offerings[offering] = offerings.get(offering, Stages()) + stages
    return offerings


def total(funnel: Funnel) -> Stages:
    """Sum all cohorts."""
    return sum(funnel.values(), Stages())


def differences(expected: Funnel, found: Funnel) -> list[Difference]:
    """Return every figure in which two funnels differ; a cohort that one of them lacks counts as zeros."""
    return [
        Difference(cohort, stage, must, may)
        for cohort in sorted(expected.keys() | found.keys())
        for stage, must, may in zip(
            STAGES,
            astuple(expected.get(cohort, Stages())),
            astuple(found.get(cohort, Stages())),
            strict=True,
        )
        if must != may
    ]
