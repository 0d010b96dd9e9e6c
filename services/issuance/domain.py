"""Awards: which passes stand, which credentials follow from them, and where each stands in a status list.

Pure. Passes and withdrawals are facts that may come in any order, any number of times: a credential stands for each
pass that was never withdrawn. A pass that is withdrawn before it could be issued is never issued.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from services.issuance.passes import Entry, Pass

Effect = Literal["revoke", "suspend", "keep"]
"""What becomes of a credential whose pass is withdrawn."""
Kind = Literal["revoke", "suspend", "reinstate", "renew", "correct", "reaward"]
"""What an institution may decide about a credential."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What took a pass away, or a credential's standing, when, and by which event."""

    time: datetime
    reason: str
    effect: Effect = "revoke"
    event_id: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What an institution decided about a credential; `entry` is for what is signed because of it, if anything is."""

    id: str
    kind: Kind
    credential_id: str
    time: datetime
    reason: str
    by: str
    entry: Entry
    place: str = ""
    note: str | None = None
    valid_until: datetime | None = None
    grade_percent: float | None = None


@dataclass(frozen=True, slots=True)
class Credential:
    """A signed credential as it says now, and whether it stands.

    `issued`, `expires` and `first` are the dates and the status entry that it was issued with; `valid_from`,
    `valid_until` and `entry` those of today, and `replaced` the entries of what it said before its corrections.
    `publication` is the event by which the offering was published that it describes.
    """

    credential_id: str
    passed: Pass
    issued: datetime
    first: Entry
    entry: Entry
    valid_from: datetime
    document: bytes
    publication: str = ""
    expires: datetime | None = None
    valid_until: datetime | None = None
    replaced: tuple[Entry, ...] = ()
    revoked: Withdrawal | None = None
    suspended: Withdrawal | None = None

    @property
    def pass_id(self) -> str:
        """The pass that it certifies."""
        return self.passed.id

    @property
    def status_list(self) -> str:
        """The status list that its document names."""
        return self.entry.status_list

    @property
    def status_index(self) -> int:
        """Its index in that list."""
        return self.entry.index

    @property
    def status(self) -> Literal["active", "suspended", "revoked"]:
        """Whether it stands."""
        return "revoked" if self.revoked else "suspended" if self.suspended else "active"


@dataclass(frozen=True, slots=True)
class Award:
    """All that one learner was awarded for one offering, and what was decided about it, as it stood on the log."""

    tenant: str
    learner_ref: str
    offering: str
    credentials: tuple[Credential, ...] = ()
    held: tuple[Pass, ...] = ()
    withdrawn: Mapping[str, Withdrawal] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()

    @property
    def key(self) -> str:
        """The award's name: tenant, learner and offering."""
        return f"{self.tenant}/{self.learner_ref}/{self.offering}"

    def credential(self, credential_id: str) -> Credential | None:
        """Return one credential, or None."""
        return next((one for one in self.credentials if one.credential_id == credential_id), None)

    def knows(self, pass_id: str) -> bool:
        """Tell whether this pass was heard of, or withdrawn for good before it was."""
        return self._lost(pass_id) or any(
            pass_id == each for each in (*(one.pass_id for one in self.credentials), *(one.id for one in self.held))
        )

    def with_pass(self, passed: Pass) -> "Award":
        """Hold a pass until its credential can be made."""
        return self if self.knows(passed.id) else replace(self, held=(*self.held, passed))

    def with_withdrawal(self, pass_id: str, withdrawal: Withdrawal) -> "Award":
        """Take a pass away; the first withdrawal of a pass counts, and one that revokes is never issued afterwards."""
        if pass_id in self.withdrawn:
            return self
        held = tuple(one for one in self.held if one.id != pass_id or withdrawal.effect != "revoke")
        return replace(self, held=held, withdrawn={**self.withdrawn, pass_id: withdrawal})

    def with_decision(self, decision: Decision) -> "Award":
        """Note what was decided, once, also about a credential that is not known yet."""
        if any(one.id == decision.id for one in self.decisions):
            return self
        return replace(self, decisions=(*self.decisions, decision))

    def with_credentials(self, issued: tuple[Credential, ...]) -> "Award":
        """Keep the credentials that were made for all the passes held."""
        return replace(self, held=(), credentials=(*self.credentials, *issued))

    def _lost(self, pass_id: str) -> bool:
        withdrawal = self.withdrawn.get(pass_id)
        return withdrawal is not None and withdrawal.effect == "revoke"
