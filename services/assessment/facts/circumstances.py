"""What is known about a learner on an offering besides places and marks; most learners have none of it. Pure."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, Self, TypeVar

F = TypeVar("F", bound="Verdict | Recognition | Check | Release | Extension | Migration")
_NONE: Mapping[str, Any] = MappingProxyType({})


class Word(NamedTuple):
    """What a result says besides its mark: of which attempt, whether for good, whether the mark is from elsewhere."""

    attempt: str | None
    final: bool
    carried_over: bool


class Verdict(NamedTuple):
    """The platform's own decision, `by` what repeats itself; `time` here and below in microseconds since 1970."""

    id: str
    time: int
    passed: bool
    by: str | None = None


class Recognition(NamedTuple):
    """Learning shown elsewhere, for one component or for all of them."""

    id: str
    time: int
    component: str | None
    reason: str

    def stands_in(self, components: Collection[str]) -> bool:
        """Tell whether it is about one of these components."""
        return bool(components) if self.component is None else self.component in components


class Check(NamedTuple):
    """A check of who sat an attempt at a component; some platforms do not name the attempt."""

    id: str
    time: int
    component: str
    attempt: str | None
    verified: bool


class Release(NamedTuple):
    """Results handed in until `time` are released: of one component, or of all."""

    id: str
    time: int
    component: str | None

    def covers(self, component: str, time: int) -> bool:
        """Tell whether a result of a component, of this time, is released by it."""
        return time <= self.time and self.component in {None, component}


class Extension(NamedTuple):
    """Another due date of one component."""

    id: str
    time: int
    component: str
    due: int


class Migration(NamedTuple):
    """Another policy version; `replaces` is the only one that it takes the place of, where it says so."""

    id: str
    time: int
    version: str
    replaces: str | None


class Circumstances(NamedTuple):
    """All of it, each kind by event id, words by that of their result.

    `said` holds the results that were said to be assessed, `began_under` the version before any migration, `heard` how
    many rulings on all learners are counted in, and `awaits` whether one names a version that is not known yet.
    """

    words: Mapping[str, Word] = _NONE
    verdicts: Mapping[str, Verdict] = _NONE
    recognitions: Mapping[str, Recognition] = _NONE
    checks: Mapping[str, Check] = _NONE
    releases: Mapping[str, Release] = _NONE
    extensions: Mapping[str, Extension] = _NONE
    migrations: Mapping[str, Migration] = _NONE
    said: frozenset[str] = frozenset()
    began_under: str | None = None
    heard: int = 0
    awaits: bool = False

    @property
    def facts(self) -> int:
        """How many facts these are."""
        return sum(map(len, self[1:7]))

    @property
    def recognises(self) -> bool:
        """Whether any learning was shown elsewhere."""
        return bool(self.recognitions) or any(word.carried_over for word in self.words.values())

    def holds(self, id_: str) -> bool:
        """Tell whether a fact of this event id is known."""
        kinds: tuple[Mapping[str, Any], ...] = self[1:7]
        return any(id_ in kind for kind in kinds)

    def noted(self, fact: F) -> Self:
        """Return the circumstances with one more fact; the same object if its id is known already."""
        field = _FIELDS[type(fact)]
        held: Mapping[str, F] = getattr(self, field)
        grown: dict[str, Any] = {field: {**held, fact.id: fact}}
        return self if fact.id in held else self._replace(**grown)


NOTHING = Circumstances()
_FIELDS: Mapping[type, str] = {
    Verdict: "verdicts",
    Recognition: "recognitions",
    Check: "checks",
    Release: "releases",
    Extension: "extensions",
    Migration: "migrations",
}
