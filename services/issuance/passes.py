"""What is certified, and the passes that certify it: facts as issuance heard them.

Pure. They are the parts of an award (`domain.py`), and all that a credential may say.
"""

from dataclasses import dataclass, field
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
class Entry:
    """Where a credential stands in the status lists."""

    status_list: str
    index: int


@dataclass(frozen=True, slots=True)
class Pass:
    """A policy that was met, and what it rests on; `place` is where its event stands, as topic/partition/offset.

    `causes` are the events behind it as assessment told them, the latest of them if `causes_left_out` says that there
    are more: as JSON text (`provenance.py` reads it), since only whoever asks for the provenance wants them. `entry` is
    its credential's: it follows from the pass alone, whenever the credential can be made. It is kept while that waits;
    then the credential has it.
    """

    id: str
    time: datetime
    grade_percent: float
    policy_version: str = ""
    ordinal: int = 1
    place: str = ""
    pass_mark: float | None = None
    components: tuple[Component, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    started: datetime | None = None
    ended: datetime | None = None
    role: str | None = None
    term: str | None = None
    causes: str | None = None
    causes_left_out: int | None = None
    decided_by: str | None = None
    entry: Entry | None = field(default=None, compare=False)
