"""The way of one learner through one offering: facts that may arrive in any order, and any number of times."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

Change = tuple[datetime, str, bool]
"""When, by which word of the platform, and whether the learner is enrolled since then; the order is enrolment's."""


@dataclass(frozen=True, slots=True)
class Journey:
    """What is known of one learner on one offering.

    Passes and credentials are kept by id beside what was taken back, since a withdrawal may come before what it
    withdraws. All of it is bounded by what one learner can do on one offering.
    """

    tenant: str
    learner_ref: str
    offering: str
    since: datetime | None = None
    status: Change | None = None
    graded: frozenset[str] = frozenset()
    passes: frozenset[str] = frozenset()
    withdrawn: frozenset[str] = frozenset()
    credentials: frozenset[str] = frozenset()
    revoked: frozenset[str] = frozenset()

    def enrolled(self, moment: datetime, registration_id: str) -> "Journey":
        """Note an enrolment: the earliest one names the cohort."""
        since = moment if self.since is None else min(self.since, moment)
        return self._with(since=since, status=self._latest((moment, registration_id, True)))

    def unenrolled(self, moment: datetime, registration_id: str) -> "Journey":
        """Note that the learner left."""
        return self._with(status=self._latest((moment, registration_id, False)))

    def noted(self, kind: str, id_: str) -> "Journey":
        """Note the id of a result, pass, withdrawal, credential or revocation."""
        return self._with(**{kind: getattr(self, kind) | {id_}})

    @property
    def has_left(self) -> bool:
        """Whether the latest word is that the learner left."""
        return self.status is not None and not self.status[2]

    @property
    def has_passed(self) -> bool:
        """Whether a pass stands."""
        return bool(self.passes - self.withdrawn)

    @property
    def has_credential(self) -> bool:
        """Whether a credential stands."""
        return bool(self.credentials - self.revoked)

    def _latest(self, change: Change) -> Change:
        return change if self.status is None else max(self.status, change)

    def _with(self, **facts: Any) -> "Journey":
        """Return the very same journey when nothing is new, so that nothing is written."""
        after = replace(self, **facts)
        return self if after == self else after
