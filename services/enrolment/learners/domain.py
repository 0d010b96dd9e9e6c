"""What is known of learners beside what they learn: erased, or the same person as another. Pure.

Most learners have no document of this kind.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

#: Links that lead on and on are followed this far.
_MOST_STEPS = 16


class Mark(NamedTuple):
    """A moment and the event that said so; `time` in microseconds since 1970."""

    time: int
    event_id: str


class Link(NamedTuple):
    """As whom a learner goes since when; the first by time, then event id, stands."""

    time: int
    event_id: str
    into: str


@dataclass(frozen=True, slots=True)
class Learner:
    """One learner reference.

    `forwarded` are the ids of the events that came after the link and were said again for `link.into`; `carried` says
    for whom all that came before it was.
    """

    tenant: str
    learner_ref: str
    erased: Mark | None = None
    link: Link | None = None
    forwarded: tuple[str, ...] = ()
    carried: str | None = None

    @classmethod
    def new(cls, key: str) -> Self:
        """Return a learner of whom nothing is known; `key` is `tenant/learner_ref`."""
        tenant, learner_ref = key.split("/", 1)
        return cls(tenant, learner_ref)

    @property
    def key(self) -> str:
        """What identifies this document."""
        return f"{self.tenant}/{self.learner_ref}"

    @property
    def carrying(self) -> bool:
        """Whether facts from before the link have still to be said again."""
        return self.link is not None and self.carried != self.link.into

    def erased_at(self, mark: Mark) -> Self:
        """Return the learner erased; the same object if an earlier erasure is known."""
        return self if self.erased is not None and self.erased <= mark else replace(self, erased=mark)

    def linked(self, link: Link) -> Self:
        """Return the learner linked; the same object if an earlier link is known."""
        return self if self.link is not None and self.link <= link else replace(self, link=link)


class Standing(NamedTuple):
    """Under which reference a learner goes, and whether they are erased under any on the way there."""

    learner_ref: str
    erased: bool


def standing(learner_ref: str, find: Callable[[str], Learner | None]) -> Standing:
    """Follow a learner's links to their end; of links in a circle the least reference is the end."""
    seen: dict[str, Learner | None] = {}
    at = learner_ref
    while at not in seen and len(seen) < _MOST_STEPS:
        seen[at] = known = find(at)
        if known is None or known.link is None:
            return Standing(at, _any_erased(seen))
        at = known.link.into
    circle = list(seen)[list(seen).index(at) :] if at in seen else [at]
    return Standing(min(circle), _any_erased(seen))


def _any_erased(seen: Mapping[str, Learner | None]) -> bool:
    return any(each is not None and each.erased is not None for each in seen.values())
