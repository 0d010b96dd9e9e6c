"""What institutions rule about grades, on `rulings`: said by assessment's HTTP side, heard by its worker.

A ruling about one learner is keyed by the learner; one about all learners of an offering by the offering.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shared.contracts.assessment import PolicyVersion
from shared.contracts.envelope import Contract, Event, Identifier, Instant, LearnerEvent


class Ruling(Contract):
    """A ruling on an offering, and which client of the institution made it."""

    offering: Identifier
    by: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Release(Ruling):
    """Results handed in until the event's time are released: of one component, or of all."""

    component: Identifier | None = None


class Extension(Ruling):
    """Another due date of one component."""

    component: Identifier
    due: Instant


class Migration(Ruling):
    """Another policy version to be judged under; `from_version` spares whoever is judged under a third."""

    policy_version: PolicyVersion
    from_version: PolicyVersion | None = None


class Informed(Contract):
    """Of how many rulings on an offering all its learners have been told, and of how many versions that came late."""

    offering: Identifier
    rulings: Annotated[int, Field(ge=0)]
    turns: Annotated[int, Field(ge=0)] | None = None


class ResultsReleased(LearnerEvent):
    """A learner's results are released."""

    type: Literal["microcred.results.released.v1"] = "microcred.results.released.v1"
    data: Release


class ExtensionGranted(LearnerEvent):
    """A learner has another due date; the latest by `time`, then id, stands."""

    type: Literal["microcred.extension.granted.v1"] = "microcred.extension.granted.v1"
    data: Extension


class LearnerMigrated(LearnerEvent):
    """A learner is judged under another policy version from now on; the latest by `time`, then id, stands."""

    type: Literal["microcred.learner.migrated.v1"] = "microcred.learner.migrated.v1"
    data: Migration


class OfferingRuling(Event):
    """A ruling about all learners of an offering."""

    data: Ruling

    @property
    def key(self) -> str:
        """The offering within its institution."""
        return f"{self.tenant}/{self.data.offering}"


class AllReleased(OfferingRuling):
    """All learners' results are released."""

    type: Literal["microcred.all.released.v1"] = "microcred.all.released.v1"
    data: Release


class AllMigrated(OfferingRuling):
    """All who were enrolled by `time` are judged under another policy version."""

    type: Literal["microcred.all.migrated.v1"] = "microcred.all.migrated.v1"
    data: Migration


class AllInformed(Event):
    """Every learner of the offering has been told of so many rulings and versions, late transactions included."""

    type: Literal["microcred.all.informed.v1"] = "microcred.all.informed.v1"
    data: Informed

    @property
    def key(self) -> str:
        """The offering within its institution."""
        return f"{self.tenant}/{self.data.offering}"
