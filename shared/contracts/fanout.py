"""What a service says to itself, to each learner whom it is about: an offering became known, or was ruled on."""

from typing import Literal

from shared.contracts.envelope import LearnerEvent
from shared.contracts.platform import Registration


class OfferingArrived(LearnerEvent):
    """The offering that this learner's document waited for is known now."""

    type: Literal["microcred.offering.arrived.v1"] = "microcred.offering.arrived.v1"
    data: Registration


class RulingArrived(LearnerEvent):
    """There is a ruling on all learners of this offering that this learner's document has not heard of."""

    type: Literal["microcred.ruling.arrived.v1"] = "microcred.ruling.arrived.v1"
    data: Registration
