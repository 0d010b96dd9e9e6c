"""An offering as grading knows it: its policies, and what was ruled on all its learners. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from services.assessment.domain import Policy
from services.assessment.facts.circumstances import Migration, Release


@dataclass(frozen=True, slots=True)
class Offering:
    """An offering's policies, every version that was ever published; the latest by time, then event id, is in force.

    `rulings` are those on all its learners, the first `told` of which every learner has been told.
    """

    tenant: str
    offering: str
    time: int = 0
    event_id: str = ""
    version: str = ""
    policies: Mapping[str, Policy] = field(default_factory=dict)
    rulings: tuple[Release | Migration, ...] = ()
    told: int = 0

    def published(self, time: int, event_id: str, policy: Policy) -> Self:
        """Return the offering with one more publication; the same object if it adds nothing."""
        latest = (time, event_id) > (self.time, self.event_id)
        if not latest and policy.version in self.policies:
            return self
        known = replace(self, policies={policy.version: policy, **self.policies})
        return replace(known, time=time, event_id=event_id, version=policy.version) if latest else known

    def ruled(self, ruling: Release | Migration) -> Self:
        """Return the offering with one more ruling on all its learners; the same object if it is known already."""
        known = any(each.id == ruling.id for each in self.rulings)
        return self if known else replace(self, rulings=(*self.rulings, ruling))
