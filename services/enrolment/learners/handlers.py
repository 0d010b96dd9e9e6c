"""One pure function for each event about learners themselves, and the forwarding of what is reported of linked ones."""

from dataclasses import replace
from datetime import timedelta

from services.enrolment.handlers import MAX_CHANGES, SOURCE
from services.enrolment.learners.domain import Learner, Link, Mark
from shared.contracts.envelope import LearnerEvent, derived_id
from shared.contracts.learners import LearnerCarried, LearnerErased, LearnerLinked
from shared.contracts.platform import LearnerRegistered, LearnerUnregistered, Registration
from shared.kit.bindings import Folded
from shared.kit.errors import RecordRefused
from shared.kit.moments import microseconds

#: Who says that a linked learner has no place any more under the old reference.
MOVED = f"{SOURCE}/links"
_NEXT = timedelta(microseconds=1)


def learner_erased(before: Learner, event: LearnerErased) -> Folded[Learner]:
    """Note that the learner is erased, for good."""
    return Folded(before.erased_at(Mark(microseconds(event.time), event.id)))


def learner_linked(before: Learner, event: LearnerLinked) -> Folded[Learner]:
    """Note as whom the learner goes from now on."""
    return Folded(before.linked(Link(microseconds(event.time), event.id, event.data.into)))


def learner_carried(before: Learner, event: LearnerCarried) -> Folded[Learner]:
    """Note that what came before the link counts for the other learner now."""
    after = before if before.carried == event.data.into else replace(before, carried=event.data.into)
    return Folded(after)


def fact_reported(before: Learner, event: LearnerEvent) -> Folded[Learner]:
    """Say what is reported of a linked learner, or ruled on them, for the one that they are; of all others nothing."""
    if before.link is None or event.source == MOVED or event.id in before.forwarded:
        return Folded(before)
    if len(before.forwarded) >= MAX_CHANGES:
        raise RecordRefused(
            "learnerref",
            f"{MAX_CHANGES} events came for this learner after they were linked; send them for {before.link.into}",
        )
    return Folded(replace(before, forwarded=(*before.forwarded, event.id)), forwarded(event, before.link.into))


def forwarded(event: LearnerEvent, into: str) -> tuple[LearnerEvent, ...]:
    """Return a fact as that of another learner, and what takes the place from the one that it was reported of.

    The copy keeps its id: what voids the fact, and a repetition of it through the door, mean the same fact.
    """
    copy = event.model_copy(update={"learner_ref": into, "source": SOURCE})
    if not isinstance(event, LearnerRegistered):
        return (copy,)
    left = LearnerUnregistered(
        id=derived_id(event.tenant, event.learner_ref, "moved", event.id),
        source=MOVED,
        time=event.time + _NEXT,
        tenant=event.tenant,
        platform=event.platform,
        traceparent=event.traceparent,
        learner_ref=event.learner_ref,
        data=Registration(offering=event.data.offering),
    )
    return copy, left
