"""What every platform format is handed, and what it hands back. Pure: a format's file does no I/O."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from shared.contracts.envelope import LearnerEvent


class Account(NamedTuple):
    """Who it was, in the platform's words: an account, and who gives out such accounts (a home page, an issuer)."""

    home: str
    name: str


class Place(NamedTuple):
    """What of ours a platform means: an offering, and its component; `component` is absent where none is meant."""

    offering: str
    component: str | None


class Courses(Protocol):
    """Which offering a platform's course, run or activity belongs to."""

    def course(self, name: str) -> Place:
        """Return the offering of a run or a course, with the component that the grade of the whole counts for.

        Raises:
            ContractError: no offering, or more than one, is delivered by what is so named.

        """

    def activity(self, name: str, course: str | None = None) -> Place:
        """Return the component of an activity, within the course where its name alone does not tell.

        Raises:
            ContractError: as for `course`.

        """


@dataclass(frozen=True, slots=True)
class Sender:
    """For whom a payload speaks: the token's institution and platform, never the payload's own words.

    `platform` is None for a token that speaks for all platforms of its institution.
    """

    tenant: str
    platform: str | None
    courses: Courses
    learner_ref: Callable[[Account], str]
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class Translated:
    """Canonical events of one payload, and the personal data that was stripped of it: for the vault, by learner."""

    events: tuple[LearnerEvent, ...] = ()
    people: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
