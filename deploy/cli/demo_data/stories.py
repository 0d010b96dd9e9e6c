"""The facts of one learner on one offering, before any platform reports them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Membership:
    """The learner joined or left at a moment."""

    id: str
    at: datetime
    joined: bool


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at one component; `score` is None while unmarked, `voided_at` is when it stopped to count."""

    id: str
    component: str
    at: datetime
    score: float | None
    max_score: float = 100.0
    carried_over: bool = False
    voided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """All that happened to one learner on one offering."""

    learner_ref: str
    offering: str
    memberships: tuple[Membership, ...]
    attempts: tuple[Attempt, ...]
