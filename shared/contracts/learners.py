"""What institutions decide about learners themselves, on `platform.events`: said by enrolment's HTTP side.

None of it tells who the learner is: `by` is the client of the institution that asked for it.
"""

from typing import Annotated, Literal

from pydantic import StringConstraints

from shared.contracts.envelope import Contract, LearnerEvent, LearnerRef

Client = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Asked(Contract):
    """Which client of the institution asked for it."""

    by: Client


class Link(Asked):
    """Under which reference the learner goes from now on."""

    into: LearnerRef


class Carried(Contract):
    """For whom the facts count now."""

    into: LearnerRef


class LearnerErased(LearnerEvent):
    """The personal data of a learner is destroyed, for good; what they learned stands without it."""

    type: Literal["microcred.learner.erased.v1"] = "microcred.learner.erased.v1"
    data: Asked


class LearnerDisclosed(LearnerEvent):
    """The personal data of a learner was shown to a client."""

    type: Literal["microcred.learner.disclosed.v1"] = "microcred.learner.disclosed.v1"
    data: Asked


class LearnerLinked(LearnerEvent):
    """A learner is the same person as another one: what is reported of them counts for `into`."""

    type: Literal["microcred.learner.linked.v1"] = "microcred.learner.linked.v1"
    data: Link


class LearnerCarried(LearnerEvent):
    """All that was reported of a linked learner before the link has been said again for `into`."""

    type: Literal["microcred.learner.carried.v1"] = "microcred.learner.carried.v1"
    data: Carried
