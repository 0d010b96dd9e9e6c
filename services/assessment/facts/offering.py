"""An offering as grading knows it: its policies, when each came into force, and what was ruled on all. Pure."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from operator import itemgetter
from typing import Any, NamedTuple, Self

from services.assessment.domain import Policy
from services.assessment.facts.circumstances import Migration, Release

#: Bound of an offering's document; past it, what is published again unchanged leaves no trace.
MAX_PUBLICATIONS = 1_000


class Publication(NamedTuple):
    """Which version came into force when, by which event; `time` in microseconds since 1970."""

    time: int
    id: str
    version: str


NOT_KNOWN = Publication(-(1 << 62), "", "")
"""Stands first where it is not known any more what was in force before the next one."""

_TIME = itemgetter(0)


def in_force(publications: Sequence[Sequence[Any]], at: int) -> str:
    """Return the version of the last publication by a moment, else of the earliest; "" if it is not known any more."""
    version: str = publications[max(bisect_right(publications, at, key=_TIME) - 1, 0)][2]
    return version


@dataclass(frozen=True, slots=True)
class Offering:
    """An offering's policies, every version that was ever published; `version` is the latest by time, then event id.

    `publications` are in that order. `turned` counts those that came when others may have been judged for their time
    already, of which the first `searched` have been searched for. `rulings` are those on all its learners, the first
    `told` of which every learner has been told.
    """

    tenant: str
    offering: str
    time: int = 0
    event_id: str = ""
    version: str = ""
    policies: Mapping[str, Policy] = field(default_factory=dict)
    rulings: tuple[Release | Migration, ...] = ()
    told: int = 0
    publications: tuple[Publication, ...] = ()
    turned: int = 0
    searched: int = 0

    def published(self, time: int, event_id: str, policy: Policy) -> Self:
        """Return the offering with one more publication; the same object if it adds nothing."""
        publication = Publication(time, event_id, policy.version)
        if publication in self.publications:
            return self
        latest = (time, event_id) > (self.time, self.event_id)
        rows = _bounded(tuple(sorted((*self.publications, publication))))
        if rows == self.publications and not latest:
            return self
        turned = self.turned + bool(self.publications and in_force(self.publications, time) != policy.version)
        policies = {policy.version: policy, **self.policies}
        known = replace(self, policies=policies, publications=rows, turned=turned)
        return replace(known, time=time, event_id=event_id, version=policy.version) if latest else known

    def ruled(self, ruling: Release | Migration) -> Self:
        """Return the offering with one more ruling on all its learners; the same object if it is known already."""
        known = any(each.id == ruling.id for each in self.rulings)
        return self if known else replace(self, rulings=(*self.rulings, ruling))

    def informed(self, rulings: int, turned: int) -> Self:
        """Return the offering with everybody told of so many rulings and turns; the same object if that is no news."""
        told, searched = min(rulings, len(self.rulings)), min(turned, self.turned)
        if told <= self.told and searched <= self.searched:
            return self
        return replace(self, told=max(told, self.told), searched=max(searched, self.searched))


def _bounded(publications: tuple[Publication, ...]) -> tuple[Publication, ...]:
    """Return as many as there may be, where some say again what the one before them says: without the oldest such."""
    if len(publications) <= MAX_PUBLICATIONS:
        return publications
    again = next((later for earlier, later in pairwise(publications) if later.version == earlier.version), None)
    return tuple(each for each in publications if each is not again)
