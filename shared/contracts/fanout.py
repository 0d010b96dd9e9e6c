"""What a service says to itself: what is known only later, told to the documents that it is about."""

from typing import Literal

from shared.contracts.envelope import Contract, Event, Identifier, LearnerEvent
from shared.contracts.platform import Registration


class OfferingArrived(LearnerEvent):
    """The offering that this learner's document waited for is known now, or a version that it was judged without."""

    type: Literal["microcred.offering.arrived.v1"] = "microcred.offering.arrived.v1"
    data: Registration


class StatementVoiding(Contract):
    """An xAPI statement that must not count, by its id in lower case."""

    statement: Identifier


class StatementVoided(Event):
    """A platform voided a statement, without saying whom and what that was about; it may come before the statement."""

    type: Literal["microcred.statement.voided.v1"] = "microcred.statement.voided.v1"
    data: StatementVoiding

    @property
    def key(self) -> str:
        """The statement within its institution."""
        return f"{self.tenant}/{self.data.statement}"


class RulingArrived(LearnerEvent):
    """There is a ruling on all learners of this offering that this learner's document has not heard of."""

    type: Literal["microcred.ruling.arrived.v1"] = "microcred.ruling.arrived.v1"
    data: Registration
