"""The demonstration's offerings: one for each way of counting attempts, and some that are awkward on purpose."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

from deploy.cli.demo_data.achievements import INSTITUTION, achievement
from deploy.cli.demo_data.descriptions import learning, standing, terms
from shared.contracts.enrolment import Offering
from shared.contracts.policy import Component, Policy


@dataclass(frozen=True, slots=True)
class Course:
    """An offering and how it runs: when it starts, how long it takes, and whether it is published late."""

    offering: Offering
    start: datetime
    days: int
    popularity: int
    published_late: bool = False


def courses() -> Sequence[Course]:
    """Return the offerings of the demonstration."""
    literacy = _policy("best", 60, quiz1=10, quiz2=10, report=30, project=50)
    python = _policy("last", 50, lab1=15, lab2=15, lab3=20, exam=50)
    statistics = _policy("mean", 55, week2=15, week4=15, week6=20, week8=20, final=30)
    ethics = _policy("best", 70, warmup=0, case=100)
    security = _policy("last", 65, lab1=20, lab2=20, lab3=20, exam=40)
    return (
        _course("data-literacy", _day(2, 3), 70, literacy, 30),
        _course("python-basics", _day(3, 10), 56, python, 25),
        _course("practical-statistics", _day(1, 20), 84, statistics, 15),
        # Formative work weighs nothing, is graded all the same, and cannot pass anybody.
        _course("research-ethics", _day(4, 7), 28, ethics, 12),
        # Its policy is published when most of its results have long arrived.
        replace(_course("cloud-security", _day(3, 24), 63, security, 18), published_late=True),
    )


def _day(month: int, day: int) -> datetime:
    return datetime(2025, month, day, tzinfo=UTC)


def _policy(attempts: Literal["best", "last", "mean"], pass_mark: int, **weights: int) -> Policy:
    components = tuple(
        Component(id=name, title=_title(name), weight=Decimal(weight)) for name, weight in weights.items()
    )
    return Policy(components=components, pass_mark=Decimal(pass_mark), attempts=attempts)


def _title(component: str) -> str:
    return re.sub(r"(\d+)$", r" \1", component).capitalize()


def _course(name: str, start: datetime, days: int, policy: Policy, popularity: int) -> Course:
    criteria = f"A weighted grade of at least {policy.pass_mark} %, with the {policy.attempts} attempt counted."
    graded = [component.id for component in policy.components if component.weight]
    offering = Offering(
        offering=f"{name}-2025",
        achievement=achievement(name, days, criteria, graded),
        issuer=INSTITUTION,
        policy=policy,
        learning=learning(days),
        standing=standing(),
        terms=terms(start, days),
    )
    return Course(offering, start, days, popularity)
