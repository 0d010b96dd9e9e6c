"""Who is enrolled, as of the latest word on each run, whatever the order in which words arrive. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple, Self

Status = Literal["enrolled", "unenrolled"]
#: A platform that ends a place and changes its mode in one go tells both within so many microseconds.
_ONE_GO = 1_000_000


class Change(NamedTuple):
    """A registration or its end, by the platform's event; `time` in microseconds since 1970.

    `term` is the run that it is about, `role` as what the learner takes it, both as far as the platform says so. One
    that `may_be_a_mode` is a registration or only another mode of the one before: the platform says both alike.
    """

    time: int
    event_id: str
    enrolled: bool
    term: str | None = None
    role: str | None = None
    may_be_a_mode: bool = False


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One learner's place on an offering, by every change of it: credit is the offering's, a place is on a run.

    Of each run the latest change stands, by time, then event id. `told` is the time of the last word that was said
    later than what it tells of, since a later one was said before it; 0 where none had to be.
    """

    tenant: str
    learner_ref: str
    offering: str
    history: tuple[Change, ...] = ()
    told: int = 0

    @classmethod
    def new(cls, key: str) -> Self:
        """Return an enrolment without history; `key` is `tenant/learner_ref/offering`."""
        tenant, learner_ref, offering = key.split("/", 2)
        return cls(tenant, learner_ref, offering)

    @property
    def key(self) -> str:
        """What identifies this document."""
        return f"{self.tenant}/{self.learner_ref}/{self.offering}"

    @property
    def place(self) -> Change | None:
        """The latest registration that nothing has ended, with the term and the role that it goes on with."""
        return place_after(self.history)

    @property
    def enrolled(self) -> bool:
        """Whether the learner has a place now, on any run."""
        return self.place is not None

    @property
    def status(self) -> Status:
        """The same in a word."""
        return "enrolled" if self.enrolled else "unenrolled"

    @property
    def since(self) -> int | None:
        """When the learner first got a place, in microseconds since 1970."""
        return min((change.time for change in self.history if change.enrolled), default=None)

    def changed(self, change: Change) -> Self:
        """Return the enrolment with one more change; the same object if its event is known already."""
        if any(known.event_id == change.event_id for known in self.history):
            return self
        return replace(self, history=(*self.history, change))


def place_after(history: tuple[Change, ...]) -> Change | None:
    """Return the place that is left of these changes, in whatever order they are given.

    An end ends its own run, and what was registered without one; an end that names no run ends all. A registration
    that leaves out run or role is about the place held then.
    """
    if len(history) < 2:  # noqa: PLR2004 - as most are
        return history[0] if history and history[0].enrolled else None
    held: dict[str | None, Change] = {}
    left: dict[str | None, tuple[int, str | None]] = {}
    for change in sorted(history):
        if change.enrolled:
            if not (change.may_be_a_mode and _is_a_mode_of(left.get(change.term), change)):
                _hold(held, change)
            continue
        for term in tuple(held) if change.term is None else (change.term, None):
            if term in held:
                left[term] = (change.time, held.pop(term).role)
    return max(held.values(), default=None)


def _hold(held: dict[str | None, Change], change: Change) -> None:
    if change.term is None:
        known = max(held.values(), default=None)
    else:
        unnamed = held.pop(None, None)
        known = held.get(change.term, unnamed)
    if known is not None and (change.term is None or change.role is None):
        change = change._replace(term=change.term or known.term, role=change.role or known.role)
    held[change.term] = change


def _is_a_mode_of(left: tuple[int, str | None] | None, change: Change) -> bool:
    """Tell whether a registration only repeats a place that was just left, in another mode."""
    if left is None or change.role is None:
        return False
    moment, role = left
    return change.time - moment < _ONE_GO and role not in {None, change.role}


@dataclass(frozen=True, slots=True)
class PublishedOffering:
    """An offering as it was last published; `time` in microseconds since 1970."""

    tenant: str
    offering: str
    time: int = 0
    event_id: str = ""
    policy_version: str = ""
    definition: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def new(cls, key: str) -> Self:
        """Return an offering that was never published; `key` is `tenant/offering`."""
        tenant, offering = key.split("/", 1)
        return cls(tenant, offering)

    @property
    def key(self) -> str:
        """What identifies this document."""
        return f"{self.tenant}/{self.offering}"

    def is_at(self, time: int, event_id: str) -> bool:
        """Tell whether this publication, or a later one, is what stands here."""
        return (self.time, self.event_id) >= (time, event_id)
