"""One pure function for each event: the history grows, and a change of the place is said."""

import hashlib
from dataclasses import replace
from typing import Any

import orjson

from services.enrolment.catalogue.versions import Content, Publication, Versions
from services.enrolment.domain import Change, Enrolment, PublishedOffering
from services.enrolment.platforms.xapi.events import PREFIX as STATEMENT
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

    It is said when the learner becomes enrolled, takes the offering in another run or role, and when it moves the first
    enrolment to an earlier time. One that comes after its own end is said together with that end: that a learner was
    enrolled once must not depend on the order of arrival.
    """
    data = event.data
    # xAPI tells of a new mode as of one more registration.
    may_be_a_mode = data.role is not None and event.id.startswith(STATEMENT)
    change = Change(microseconds(event.time), event.id, True, data.term, data.role, may_be_a_mode)
    after = _changed(before, change)
    if after is before:
        return Folded(before)
    folded = _told(before, after, change, event)
    if after.since == before.since:
        return folded
    if any(isinstance(said, LearnerEnrolled) and said.time == event.time for said in folded.says):
        return folded
    return Folded(folded.state, (_enrolled(after, change, event), *folded.says))


def learner_unregistered(before: Enrolment, event: LearnerUnregistered) -> Folded[Enrolment]:
    """Note that the learner left a run; said when that changes whether, or as what, they are enrolled."""
    change = Change(microseconds(event.time), event.id, False, event.data.term)
    after = _changed(before, change)
    return Folded(before) if after is before else _told(before, after, change, event)


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


def _told(before: Enrolment, after: Enrolment, change: Change, cause: LearnerEvent) -> Folded[Enrolment]:
    """Say what has changed about the place: as the latest word, since that stands wherever it is heard."""
    was, place, latest = before.place, after.place, max(after.history)
    if place is None:
        if was is None and (before.since is not None or after.since is None):
            return Folded(after)
        word, is_latest = latest, not latest.enrolled
    else:
        if was is not None and (was.term, was.role) == (place.term, place.role):
            return Folded(after)
        word, is_latest = place, change.event_id == latest.event_id == place.event_id
    say = _unenrolled if place is None else _enrolled
    if is_latest and word.time > after.told:
        return Folded(after, (say(after, word, cause),))
    told = max(latest.time, after.told) + 1
    return Folded(replace(after, told=told), (say(after, word._replace(time=told), cause, str(told)),))


def _enrolled(enrolment: Enrolment, word: Change, cause: LearnerEvent, *later: str) -> LearnerEnrolled:
    return LearnerEnrolled(
        id=derived_id(enrolment.key, "enrolled", word.event_id, *later),
        learner_ref=enrolment.learner_ref,
        data=Place(offering=enrolment.offering, registration_id=word.event_id, role=word.role, term=word.term),
        **_of(word, cause, *later),
    )


def _unenrolled(enrolment: Enrolment, word: Change, cause: LearnerEvent, *later: str) -> LearnerUnenrolled:
    return LearnerUnenrolled(
        id=derived_id(enrolment.key, "unenrolled", word.event_id, *later),
        learner_ref=enrolment.learner_ref,
        data=Place(offering=enrolment.offering, registration_id=word.event_id),
        **_of(word, cause, *later),
    )


def _of(word: Change, cause: LearnerEvent, *later: str) -> dict[str, Any]:
    attributes = caused_by(cause, SOURCE)
    return attributes if word.event_id == cause.id and not later else {**attributes, "time": moment(word.time)}
