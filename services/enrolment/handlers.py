"""One pure function for each event: the history grows, and a change of status is said."""

import hashlib
from dataclasses import replace

import orjson

from services.enrolment.catalogue.versions import Content, Publication, Versions
from services.enrolment.domain import Change, Enrolment, PublishedOffering
from shared.contracts.enrolment import Enrolment as Place
from shared.contracts.enrolment import LearnerEnrolled, LearnerUnenrolled, OfferingPublished
from shared.contracts.envelope import LearnerEvent, caused_by, derived_id
from shared.contracts.platform import LearnerRegistered, LearnerUnregistered
from shared.kit.bindings import Folded
from shared.kit.errors import RecordRefused
from shared.kit.moments import microseconds, moment

SOURCE = "microcred/enrolment"
#: Bound of one document, far below MongoDB's 16 MiB: a platform that runs away must not stop a partition.
MAX_CHANGES = 5_000


def learner_registered(before: Enrolment, event: LearnerRegistered) -> Folded[Enrolment]:
    """Note a registration.

    It is said when the learner becomes enrolled, and when it moves the first enrolment to an earlier time. One that
    comes after its own end is said together with that end: that a learner was enrolled once must not depend on the
    order of arrival.
    """
    change = Change(microseconds(event.time), event.id, True)
    after = _changed(before, change)
    if after is before:
        return Folded(before)
    says: list[LearnerEvent] = []
    if after.enrolled != before.enrolled or after.since != before.since:
        says.append(_enrolled(after, change, event))
    if before.since is None and after.latest is not None and not after.latest.enrolled:
        says.append(_unenrolled(after, after.latest, event))
    return Folded(after, tuple(says))


def learner_unregistered(before: Enrolment, event: LearnerUnregistered) -> Folded[Enrolment]:
    """Note that the learner left; said when they were enrolled until then."""
    change = Change(microseconds(event.time), event.id, False)
    after = _changed(before, change)
    left = before.enrolled and not after.enrolled
    return Folded(after, (_unenrolled(after, change, event),) if left else ())


def offering_published(before: PublishedOffering, event: OfferingPublished) -> Folded[PublishedOffering]:
    """Keep the latest publication, by time and then event id."""
    time = microseconds(event.time)
    if before.is_at(time, event.id):
        return Folded(before)
    definition = event.data.model_dump(mode="json", exclude_none=True)
    version = event.data.policy.version
    return Folded(replace(before, time=time, event_id=event.id, policy_version=version, definition=definition))


def version_published(before: Versions, event: OfferingPublished) -> Folded[Versions]:
    """Keep every publication, as far as they are kept."""
    definition = orjson.dumps(event.data.model_dump(mode="json", exclude_none=True), option=orjson.OPT_SORT_KEYS)
    name = hashlib.sha256(definition).hexdigest()[:16]
    publication = Publication(microseconds(event.time), event.id, name)
    return Folded(before.published(publication, Content(event.data.policy.version, definition.decode())))


def _changed(before: Enrolment, change: Change) -> Enrolment:
    after = before.changed(change)
    if len(after.history) > MAX_CHANGES:
        raise RecordRefused("data.offering", f"this learner came and left {MAX_CHANGES} times; no more are taken")
    return after


def _enrolled(enrolment: Enrolment, change: Change, cause: LearnerRegistered) -> LearnerEnrolled:
    return LearnerEnrolled(
        id=derived_id(enrolment.key, "enrolled", change.event_id),
        learner_ref=enrolment.learner_ref,
        data=Place(
            offering=enrolment.offering,
            registration_id=change.event_id,
            role=cause.data.role,
            term=cause.data.term,
        ),
        **caused_by(cause, SOURCE),
    )


def _unenrolled(enrolment: Enrolment, change: Change, cause: LearnerEvent) -> LearnerUnenrolled:
    return LearnerUnenrolled(
        id=derived_id(enrolment.key, "unenrolled", change.event_id),
        learner_ref=enrolment.learner_ref,
        data=Place(offering=enrolment.offering, registration_id=change.event_id),
        **(caused_by(cause, SOURCE) | {"time": moment(change.time)}),
    )
