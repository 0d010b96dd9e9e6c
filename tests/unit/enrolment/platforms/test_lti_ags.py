"""Scores of LTI tools, as the real library builds them and as strangers might."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pylti1p3.grade import Grade

from services.enrolment.platforms.door import Place, Translated
from services.enrolment.platforms.lti_ags import lti_ags, score
from shared.contracts.platform import ResultReported
from shared.contracts.wire import ContractError
from tests.unit.enrolment.platforms.town import EXAM, ISSUER, sender

BODY: dict[str, Any] = {
    "userId": "5323497",
    "scoreGiven": 12.3,
    "scoreMaximum": 15,
    "activityProgress": "Completed",
    "gradingProgress": "FullyGraded",
    "timestamp": "2026-03-02T09:57:06.123+00:00",
    "comment": "well done, Aroha",
}


def translated(**changed: Any) -> Translated:
    body = {name: value for name, value in (BODY | changed).items() if value is not ...}
    return score(body, sender(), EXAM, ISSUER)


def result(**changed: Any) -> ResultReported:
    (event,) = translated(**changed).events
    assert isinstance(event, ResultReported)
    return event


def test_a_score_is_a_result_of_the_line_items_component() -> None:
    event = result()
    assert (event.tenant, event.platform, event.learner_ref) == ("ou", "an-lms", "aroha")
    assert (event.data.offering, event.data.component, event.data.final) == ("AAA/2013J", "exam", True)
    assert event.time == datetime(2026, 3, 2, 9, 57, 6, 123000, tzinfo=UTC)


def test_the_scores_own_maximum_stands_whatever_that_of_the_line_item_is() -> None:
    assert (result().data.score, result().data.max_score) == (12.3, 15)


def test_a_score_may_say_when_the_work_was_handed_in() -> None:
    graded, handed_in = translated(submission={"submittedAt": "2026-03-01T12:00:00+01:00", "startedAt": 7}).events
    assert isinstance(handed_in, ResultReported)
    assert isinstance(graded, ResultReported)
    assert graded == result()
    assert handed_in.time == datetime(2026, 3, 1, 10, 59, 59, 999999, tzinfo=UTC)
    assert (handed_in.data.score, handed_in.data.final, handed_in.data.attempt) == (None, False, graded.data.attempt)
    _, again = translated(submission={"submittedAt": "2026-03-01T11:00:00Z"}, timestamp="2026-03-03T09:00:00Z").events
    assert again.id == handed_in.id, "a corrected mark hands nothing in again"


@pytest.mark.parametrize("submission", [None, {}, {"submittedAt": None}, {"startedAt": "2026-03-01T11:00:00Z"}])
def test_a_score_that_does_not_say_it_is_handed_in_when_it_is_graded(submission: Any) -> None:
    assert result(submission=submission) == result()


def test_work_that_is_handed_in_after_its_mark_is_noted() -> None:
    told = translated(submission={"submittedAt": "2026-03-02T09:57:06.124Z"})
    assert told.events == (result(),)
    assert [note.field for note in told.notes] == ["submission.submittedAt"]


@pytest.mark.parametrize("submitted", ["yesterday", 7, "0001-01-01T00:00:00+14:00"])
def test_a_moment_that_is_none_is_refused_by_name(submitted: Any) -> None:
    with pytest.raises(ContractError) as caught:
        translated(submission={"submittedAt": submitted})
    assert caught.value.field == "submission.submittedAt"


def test_a_comment_does_not_reach_the_log() -> None:
    assert b"Aroha" not in result().encode()


def test_the_same_score_has_the_same_id_and_a_later_one_another() -> None:
    later = "2026-03-02T09:57:06.124+00:00"
    assert result().id == result().id != result(timestamp=later).id
    assert result().data.attempt == result(timestamp=later).data.attempt


@pytest.mark.parametrize("zone", ["2026-03-02T09:57:06.123Z", "2026-03-02T10:57:06.123+01:00"])
def test_one_moment_is_one_moment_in_every_zone(zone: str) -> None:
    assert result(timestamp=zone).id == result().id


@pytest.mark.parametrize("progress", ["Pending", "PendingManual", "Failed", "NotReady"])
def test_what_is_not_fully_graded_is_not_final(progress: str) -> None:
    event = result(gradingProgress=progress)
    assert (event.data.final, event.data.score) == (False, 12.3)


def test_failed_grading_is_not_a_failing_learner() -> None:
    (event,) = translated(gradingProgress="Failed", scoreGiven=...).events
    assert isinstance(event, ResultReported)
    assert (event.data.final, event.data.score) == (False, None)


@pytest.mark.parametrize("absent", [..., None])
def test_a_deleted_result_takes_back_the_mark_of_the_same_attempt(absent: Any) -> None:
    gone = result(
        scoreGiven=absent,
        scoreMaximum=absent,
        gradingProgress="NotReady",
        activityProgress="Initialized",
        timestamp="2026-03-02T10:00:00.000Z",
    )
    assert (gone.data.score, gone.data.final, gone.data.attempt) == (None, False, result().data.attempt)


def test_extra_credit_counts_as_full_marks_and_is_noted() -> None:
    told = translated(scoreGiven=16.5)
    (event,) = told.events
    assert isinstance(event, ResultReported)
    assert (event.data.score, event.data.max_score) == (15, 15)
    assert [(note.field, "16.5 of 15" in note.reason) for note in told.notes] == [("scoreGiven", True)]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"userId": ...}, "userId"),
        ({"userId": ""}, "userId"),
        ({"userId": 7}, "userId"),
        ({"userId": "u" * 256}, "userId"),
        ({"activityProgress": ...}, "activityProgress"),
        ({"activityProgress": "Done"}, "activityProgress"),
        ({"gradingProgress": ...}, "gradingProgress"),
        ({"gradingProgress": "fullygraded"}, "gradingProgress"),
        ({"timestamp": ...}, "timestamp"),
        ({"timestamp": "2026-03-02T09:57:06.123"}, "timestamp"),
        ({"timestamp": "yesterday"}, "timestamp"),
        ({"timestamp": 1772445426}, "timestamp"),
        ({"timestamp": "0001-01-01T00:00:00+14:00"}, "timestamp"),
        ({"timestamp": "9999-12-31T23:59:59-14:00"}, "timestamp"),
        ({"scoreGiven": -0.1}, "scoreGiven"),
        ({"scoreGiven": "12"}, "scoreGiven"),
        ({"scoreGiven": True}, "scoreGiven"),
        ({"scoreGiven": float("nan")}, "scoreGiven"),
        ({"scoreGiven": 1e308}, "scoreGiven"),
        ({"scoreMaximum": 0}, "scoreMaximum"),
        ({"scoreMaximum": 1e300}, "scoreMaximum"),
        ({"scoreMaximum": ...}, "body"),
    ],
)
def test_what_the_specification_forbids_is_refused_by_member(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(ContractError) as refused:
        translated(**changed)
    assert refused.value.field == field


@pytest.mark.parametrize("body", [None, [], "text", 7])
def test_what_is_no_object_is_refused(body: Any) -> None:
    with pytest.raises(ContractError):
        score(body, sender(), EXAM, ISSUER)


def test_a_user_id_is_one_person_within_its_issuer_only() -> None:
    here, there = (
        score(BODY, sender(), EXAM, home).events[0].learner_ref for home in (ISSUER, "https://other.example")
    )
    assert here != there


def test_a_line_item_without_component_is_refused() -> None:
    with pytest.raises(ContractError):
        score(BODY, sender(), Place("AAA/2013J", None), ISSUER)


def test_a_score_that_is_passed_on_is_the_same_event_as_one_that_was_posted() -> None:
    relayed = {"lineItem": "https://lms.example.org/items/7", "issuer": ISSUER, "score": BODY}
    assert lti_ags(relayed, sender()).events == translated().events


@pytest.mark.parametrize("progress", ["Initialized", "Started", "InProgress", "Submitted", "Completed"])
def test_the_bodies_of_the_reference_library_are_taken(progress: str) -> None:
    grade = Grade().set_score_given(82).set_score_maximum(100).set_user_id("5323497").set_activity_progress(progress)
    grade.set_grading_progress("FullyGraded").set_timestamp(datetime(2026, 3, 2, 9, tzinfo=UTC).isoformat())
    (event,) = score(json.loads(grade.get_value()), sender(), EXAM, ISSUER).events
    assert isinstance(event, ResultReported)
    assert (event.data.score, event.data.max_score, event.data.final) == (82, 100, True)
