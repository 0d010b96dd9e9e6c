"""Caliper envelopes: whose mark it is, out of what, in which attempt; what other platforms make of the standard."""

from typing import Any

import orjson
import pytest

from services.enrolment.platforms.caliper import events as caliper
from services.enrolment.platforms.door import Place
from shared.contracts.platform import LearnerRegistered, LearnerUnregistered, ResultReported, VerdictReported
from shared.contracts.wire import ContractError
from tests.unit.enrolment.spoken import (
    COURSE,
    EXAM,
    LEARNER,
    LMS,
    OFFERING,
    RUN,
    Book,
    envelope,
    graded,
    ref,
    sender,
    told,
)

WHO = f"{LMS}/users/4711"


def attempt(**changed: Any) -> dict[str, Any]:
    return {"object": graded()["object"] | changed}


def handed_in(action: str = "Submitted", kind: str = "AssessmentEvent", **changed: Any) -> dict[str, Any]:
    return {
        "id": "urn:uuid:b50ca17f-5971-47bb-8fca-4e6e6879001d",
        "type": kind,
        "actor": {"id": WHO, "type": "Person"},
        "action": action,
        "object": {"id": EXAM, "type": "Assessment"},
        "eventTime": "2026-03-02T09:50:00.000Z",
        "generated": {"id": f"{LMS}/attempts/9", "type": "Attempt", "count": 1},
        **changed,
    }


def enrolment(action: str, kind: str = "CourseOffering") -> dict[str, Any]:
    """Return what Open edX sends: a plain event, an actor that is no address, a course."""
    return {
        "id": "urn:uuid:c50ca17f-5971-47bb-8fca-4e6e6879001d",
        "type": "Event",
        "actor": {"id": LEARNER, "type": "Person"},
        "action": action,
        "object": {"id": COURSE, "type": kind, "extensions": {"course_id": RUN}},
        "eventTime": "2026-03-02T09:50:00.000Z",
    }


def test_a_grade_belongs_to_whoever_made_the_attempt_and_not_to_the_grader():
    (event,) = told(graded())
    assert isinstance(event, ResultReported)
    assert event.learner_ref == ref(LMS, WHO)
    assert (event.data.offering, event.data.component, event.data.attempt) == (OFFERING, "exam", "1")
    assert (event.data.score, event.data.max_score, event.data.final) == (12.3, 15.0, True)
    assert event.time.isoformat() == "2026-03-02T09:57:06+00:00"


def test_whoever_stands_whole_or_by_address_alone_is_the_same():
    whole = {"id": WHO, "type": "Person", "name": "Aroha T"}
    (one,), (other,) = (
        told(graded()),
        told(graded(**attempt(assignee=whole, assignable={"id": EXAM, "type": "Assessment"}))),
    )
    assert one == other


def test_entities_beside_events_say_what_an_address_stands_for():
    entity = graded()["object"]
    score = graded()["generated"]
    (event,) = told(entity, graded(object=entity["id"], generated=score["id"]), score)
    assert (event.learner_ref, event.data.score, event.data.attempt) == (ref(LMS, WHO), 12.3, "1")


def test_an_attempt_of_which_nothing_is_known_is_refused():
    (error,) = told(graded(object=f"{LMS}/attempts/9"))
    assert (type(error).__name__, error.field) == ("MalformedEvent", "object.assignee")


@pytest.mark.parametrize(
    ("generated", "work", "mark"),
    [
        ({"scoreGiven": 12.3, "maxScore": 15}, {}, (12.3, 15.0)),
        ({"scoreGiven": 16, "maxScore": 15}, {}, (15.0, 15.0)),
        ({"scoreGiven": -1, "maxScore": 15}, {}, (0.0, 15.0)),
        ({"normalScore": 120}, {"maxScore": 160}, (120.0, 160.0)),
        ({"normalScore": 12, "maxResultScore": 15}, {}, (12.0, 15.0)),
        ({"scoreGiven": 0, "maxScore": 0}, {}, (None, 1.0)),
        ({"maxScore": 15}, {}, (None, 1.0)),
    ],
    ids=["score", "extra credit", "below nothing", "Blackboard", "Caliper 1.0", "0 of 0", "cleared"],
)
def test_what_a_mark_is_out_of(generated: dict[str, Any], work: dict[str, Any], mark: tuple[float | None, float]):
    score = {"id": f"{LMS}/scores/1", "type": "Score", **generated}
    (event,) = told(graded(generated=score, **attempt(assignable={"id": EXAM, "type": "Assessment", **work})))
    assert (event.data.score, event.data.max_score) == mark


def test_a_grade_without_a_score_takes_no_mark_back():
    assert told(graded(generated=None)) == []


def test_a_score_of_which_only_the_address_is_known_is_refused():
    (error,) = told(graded(generated=f"{LMS}/scores/1"))
    assert (type(error).__name__, error.field) == ("SaysNothing", "generated")


def test_a_mark_out_of_nothing_known_is_refused():
    (error,) = told(graded(generated={"id": f"{LMS}/scores/1", "type": "Score", "scoreGiven": 12}))
    assert error.field == "generated.maxScore"


@pytest.mark.parametrize("kind", ["AssessmentEvent", "AssignableEvent"])
@pytest.mark.parametrize("action", ["Submitted", "Completed"])
def test_what_was_handed_in_is_the_attempt_that_is_graded_later(kind: str, action: str):
    before, after = told(handed_in(action, kind), graded())
    assert (before.data.score, before.data.final) == (None, False)
    assert (before.learner_ref, before.data.component, before.data.attempt) == (
        after.learner_ref,
        after.data.component,
        after.data.attempt,
    )


def test_a_mark_of_the_same_millisecond_comes_after_what_was_handed_in():
    before, after = told(handed_in(), graded(eventTime=handed_in()["eventTime"]))
    assert before.time < after.time


def test_what_was_handed_in_without_naming_an_attempt_says_nothing():
    assert told(handed_in(generated=None)) == []


def test_an_attempt_without_a_number_is_named_by_its_address():
    one, other = (
        told(graded(**attempt(count=None, id=f"{LMS}/attempts/{number}")))[0].data.attempt for number in (9, 10)
    )
    assert one != other


@pytest.mark.parametrize("kind", ["CourseOffering", "Membership"])
@pytest.mark.parametrize(
    ("action", "says"),
    [("Activated", LearnerRegistered), ("Deactivated", LearnerUnregistered), ("Completed", VerdictReported)],
)
def test_enrolments_and_first_passes_of_open_edx(kind: str, action: str, says: type):
    (event,) = told(enrolment(action, kind))
    assert (type(event), event.data.offering, event.learner_ref) == (says, OFFERING, ref("lms-1", LEARNER))
    if says is VerdictReported:
        assert event.data.passed is True


@pytest.mark.parametrize("action", ["Activated", "Deactivated"])
def test_an_enrolment_of_open_edx_names_its_run(action: str):
    (event,) = told(enrolment(action))
    assert event.data.term == "2026_T1"


def test_a_membership_names_course_and_member():
    membership = {"id": f"{LMS}/memberships/1", "type": "Membership", "member": WHO, "organization": COURSE}
    (event,) = told(enrolment("Activated") | {"object": membership})
    assert (type(event), event.learner_ref) == (LearnerRegistered, ref(LMS, WHO))


def test_a_course_may_be_published_by_its_key():
    (event,) = told(enrolment("Activated"), book=Book({RUN: Place(OFFERING, None)}))
    assert event.data.offering == OFFERING


def test_what_is_completed_and_no_course_says_nothing():
    assert told(enrolment("Completed", "VideoObject")) == []


def test_other_events_and_entities_say_nothing():
    others = [graded(type="NavigationEvent", action="NavigatedTo"), handed_in("Started"), handed_in("Paused")]
    assert told(*others, {"id": WHO, "type": "Person", "name": "Aroha T"}) == []


def test_a_group_tells_activities_apart_that_courses_share():
    book = Book(shared={(EXAM, COURSE): Place("one", "x")})
    for group in (COURSE, {"id": COURSE, "type": "CourseSection"}):
        (event,) = told(graded(group=group), book=book)
        assert event.data.offering == "one"


def test_names_and_addresses_go_to_the_vault_only():
    mail = {"type": "SystemIdentifier", "identifierType": "EmailAddress", "identifier": "aroha@example.org"}
    person = {"id": WHO, "type": "Person", "name": "Aroha T", "otherIdentifiers": [mail]}
    (piece,) = caliper.pieces(orjson.dumps(envelope(graded(**attempt(assignee=person)))))
    done = caliper.translate(piece, sender())
    (event,) = done.events
    assert done.people == {event.learner_ref: {"name": "Aroha T", "email": "aroha@example.org"}}
    assert b"roha" not in event.encode()


@pytest.mark.parametrize("version", ["v1p1", "v1p2"])
def test_both_versions_are_taken(version: str):
    address = f"http://purl.imsglobal.org/ctx/caliper/{version}"
    (event,) = told(graded(**{"@context": [address]}), dataVersion=address)
    assert event.data.score == 12.3


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"dataVersion": "http://purl.imsglobal.org/ctx/caliper/v1p0"}, "dataVersion"),
        ({"dataVersion": 1}, "dataVersion"),
        ({"data": {}}, "data"),
        ({"sendTime": None}, "sendTime"),
    ],
)
def test_what_is_no_envelope_is_refused_whole(changed: dict[str, Any], field: str):
    with pytest.raises(ContractError) as refused:
        told(**changed)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"id": ""}, "id"),
        ({"eventTime": None}, "eventTime"),
        ({"eventTime": "2026-03-02T09:57:06"}, "eventTime"),
        ({"eventTime": "yesterday"}, "eventTime"),
        ({"object": None}, "object"),
        ({"object": {"type": "Attempt"}}, "object"),
        (attempt(assignee=None), "object.assignee"),
        (attempt(assignable=None), "object.assignable"),
        (attempt(assignee={"id": f"{LMS}/bot", "type": "SoftwareApplication"}), "actor"),
        (attempt(count="first"), "object.count"),
        ({"generated": {"id": "s", "scoreGiven": "12"}}, "generated.scoreGiven"),
        (attempt(assignable=f"{LMS}/assess/2"), "activity"),
    ],
)
def test_a_member_that_cannot_be_taken_names_its_field_and_stops_nobody(changed: dict[str, Any], field: str):
    refused, taken = told(graded(**changed), graded())
    assert refused.field == field
    assert isinstance(taken, ResultReported)


@pytest.mark.parametrize("member", [7, "text", None, [], [1]])
def test_a_member_that_is_no_object_is_refused(member: Any):
    refused, taken = told(member, graded())
    assert isinstance(refused, ContractError)
    assert isinstance(taken, ResultReported)
