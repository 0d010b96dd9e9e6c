"""Awards: which passes stand, which credentials follow from them, and where each stands in a status list.

Pure. Passes and withdrawals are facts that may come in any order, any number of times: a credential stands for each
pass that was never withdrawn. A pass that is withdrawn before it could be issued is never issued.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Offering:
    """What is certified and by whom, as last published; `definition` is the publication's own JSON.

    As text, so that one glance at a cache tells that its credential is prepared already.
    """

    tenant: str
    offering: str
    name: str
    definition: str
    published: datetime
    event_id: str

    def is_newer_than(self, other: "Offering | None") -> bool:
        """Tell which of two publications stands: the later one, and of two at one moment that with the greater id."""
        return other is None or (self.published, self.event_id) > (other.published, other.event_id)


@dataclass(frozen=True, slots=True)
class Component:
    """One part of the policy that was met; without `percent` nothing counted at it."""

    id: str
    title: str | None = None
    percent: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the learner made: an address, a text, or both."""

    url: str | None = None
    name: str | None = None
    description: str | None = None
    narrative: str | None = None
    genre: str | None = None
    audience: str | None = None


@dataclass(frozen=True, slots=True)
class Pass:
    """A policy that was met, and what it rests on."""

    id: str
    time: datetime
    grade_percent: float
    pass_mark: float | None = None
    components: tuple[Component, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    started: datetime | None = None
    ended: datetime | None = None
    role: str | None = None
    term: str | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What took a pass away, and when."""

    time: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Credential:
    """A signed credential as it was issued, and its revocation if it does not stand any more."""

    credential_id: str
    pass_id: str
    status_list: str
    status_index: int
    valid_from: datetime
    document: bytes
    revoked: Withdrawal | None = None


@dataclass(frozen=True, slots=True)
class Award:
    """All that one learner was awarded for one offering."""

    tenant: str
    learner_ref: str
    offering: str
    credentials: tuple[Credential, ...] = ()
    held: tuple[Pass, ...] = ()
    withdrawn: Mapping[str, Withdrawal] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The award's name: tenant, learner and offering."""
        return f"{self.tenant}/{self.learner_ref}/{self.offering}"

    def knows(self, pass_id: str) -> bool:
        """Tell whether this pass was heard of, or withdrawn before it was."""
        return pass_id in self.withdrawn or any(
            pass_id == each for each in (*(one.pass_id for one in self.credentials), *(one.id for one in self.held))
        )

    def with_pass(self, passed: Pass) -> "Award":
        """Hold a pass until its credential can be made."""
        return self if self.knows(passed.id) else replace(self, held=(*self.held, passed))

    def with_withdrawal(self, pass_id: str, withdrawal: Withdrawal) -> "Award":
        """Take a pass away: revoke its credential, or never issue one. The first withdrawal of a pass counts."""
        if pass_id in self.withdrawn:
            return self
        return replace(
            self,
            held=tuple(one for one in self.held if one.id != pass_id),
            withdrawn={**self.withdrawn, pass_id: withdrawal},
            credentials=tuple(
                replace(one, revoked=withdrawal) if one.pass_id == pass_id else one for one in self.credentials
            ),
        )

    def with_credentials(self, issued: tuple[Credential, ...]) -> "Award":
        """Keep the credentials that were made for all the passes held."""
        return replace(self, held=(), credentials=(*self.credentials, *issued))
