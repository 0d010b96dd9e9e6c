"""What a service says to itself: an offering became known, told to each learner whose document waited for it."""

from typing import Literal

from shared.contracts.envelope import LearnerEvent
from shared.contracts.platform import Registration


class OfferingArrived(LearnerEvent):
    """The offering that this learner's document waited for is known now."""

    type: Literal["microcred.offering.arrived.v1"] = "microcred.offering.arrived.v1"
    data: Registration
