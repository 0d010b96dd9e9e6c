"""Who is enrolled, as of the latest word, whatever the order in which words arrive. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple, Self

Status = Literal["enrolled", "unenrolled"]


class Change(NamedTuple):
    """A registration or its end, by the platform's event; `time` in microseconds since 1970."""

    time: int
    event_id: str
    enrolled: bool


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One learner's place on one offering: every change of it; the latest by time, then event id, stands."""

    tenant: str
    learner_ref: str
    offering: str
    history: tuple[Change, ...] = ()

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
    def latest(self) -> Change | None:
        """The change that stands."""
        return max(self.history, default=None)

    @property
    def enrolled(self) -> bool:
        """Whether the learner has a place now."""
        return self.latest is not None and self.latest.enrolled

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
