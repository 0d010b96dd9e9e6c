"""Live events as Canvas documents them, with what they do not say in so many words."""

import copy
from datetime import UTC, datetime
from typing import Any

import pytest

from services.enrolment.platforms.canvas.events import canvas
from services.enrolment.platforms.door import Place, Translated
from shared.contracts.platform import LearnerRegistered, LearnerUnregistered, ResultReported
from shared.contracts.wire import ContractError
from tests.unit.enrolment.platforms.town import CANVAS_ACCOUNT, CANVAS_COURSE, CANVAS_EXAM, EXAM, sender

METADATA: dict[str, Any] = {
    "event_time": "2026-03-02T09:30:00.000Z",
    "context_type": "Course",
    "context_id": CANVAS_COURSE,
    "root_account_uuid": CANVAS_ACCOUNT,
    "root_account_id": "21070000000000001",
    "request_id": "1dd9dc6f-2fb0-4c19-a6c5-7ee1bf3ed295",
    "user_id": "21070000000000987",
    "user_login": "grader@example.com",
    "producer": "canvas",
}
ENROLLMENT = {
    "enrollment_id": "21070000000046825",
    "course_id": CANVAS_COURSE,
    "user_id": "21070000000020064",
    "user_name": "Isaac Newton",
    "type": "StudentEnrollment",
    "workflow_state": "active",
    "created_at": "2018-10-09T21:07:33Z",
}
GRADE = {
    "assignment_id": CANVAS_EXAM,
    "grade": "82",
    "grader_id": "21070000000000987",
    "grading_complete": True,
    "muted": False,
    "points_possible": 100,
    "score": 82,
    "student_id": "21070000000020064",
    "submission_id": "21070000000011086",
    "user_id": "21070000000020064",
}
COURSE_GRADE = {
    "user_id": "20064",
    "course_id": "565",
    "workflow_state": "active",
    "current_score": 90.5,
    "final_score": 82.0,
    "old_final_score": 70.0,
    "updated_at": "2026-03-02T09:57:06Z",
}
SUBMISSION = {
    "assignment_id": CANVAS_EXAM,
    "attempt": 1,
    "body": "what Isaac wrote",
    "grade": None,
    "graded_at": None,
    "late": False,
    "score": None,
    "submission_id": "21070000000011086",
    "submitted_at": "2026-03-01T11:00:00Z",
    "user_id": "21070000000020064",
    "workflow_state": "submitted",
}
BODIES: dict[str, dict[str, Any]] = {
    "submission_created": SUBMISSION,
    "submission_updated": SUBMISSION,
    "enrollment_created": ENROLLMENT,
    "enrollment_updated": ENROLLMENT,
    "grade_change": GRADE,
    "course_grade_change": COURSE_GRADE,
}


def live(name: str, *, metadata: dict[str, Any] | None = None, **changed: Any) -> dict[str, Any]:
    body = {key: value for key, value in (BODIES.get(name, {}) | changed).items() if value is not ...}
    head = {**METADATA, "event_name": name, **(metadata or {})}
    return {"metadata": {key: value for key, value in head.items() if value is not ...}, "body": body}


def said(name: str, **changed: Any) -> Any:
    (event,) = canvas(live(name, **changed), sender()).events
    return event


@pytest.mark.parametrize("name", ["enrollment_created", "enrollment_updated"])
def test_an_active_student_is_registered(name: str) -> None:
    event = said(name)
    assert isinstance(event, LearnerRegistered)
    assert (event.learner_ref, event.data.offering, event.time.isoformat()) == (
        "aroha",
        "AAA/2013J",
        "2026-03-02T09:30:00+00:00",
    )
    assert b"Newton" not in event.encode()


def test_a_name_goes_to_the_vault_and_not_on_the_log() -> None:
    told = canvas(live("enrollment_created"), sender())
    assert told.people == {"aroha": {"name": "Isaac Newton"}}
    assert canvas(live("enrollment_created", user_name=" "), sender()).people == {}
    assert canvas(live("enrollment_created", user_name="n" * 10_000), sender()).people == {"aroha": {"name": "n" * 200}}


@pytest.mark.parametrize("state", ["invited", "creation_pending", "completed"])
def test_who_is_only_invited_or_concluded_changes_nothing(state: str) -> None:
    assert canvas(live("enrollment_created", workflow_state=state), sender()) == Translated()


@pytest.mark.parametrize("kind", ["TeacherEnrollment", "ObserverEnrollment", "StudentViewEnrollment", "TaEnrollment"])
def test_only_students_are_learners(kind: str) -> None:
    assert canvas(live("enrollment_created", type=kind), sender()) == Translated()


@pytest.mark.parametrize("state", ["deleted", "inactive", "rejected"])
def test_who_left_is_unregistered(state: str) -> None:
    assert isinstance(said("enrollment_updated", workflow_state=state), LearnerUnregistered)


def test_a_grade_is_found_by_the_course_that_it_happened_in() -> None:
    event = said("grade_change")
    assert isinstance(event, ResultReported)
    assert (event.data.component, event.data.score, event.data.max_score, event.data.final) == ("exam", 82, 100, True)


def test_the_learner_is_who_was_graded_and_not_who_graded() -> None:
    assert said("grade_change").learner_ref == "aroha"


def test_a_muted_grade_says_nothing_and_an_incomplete_one_is_not_final() -> None:
    assert canvas(live("grade_change", muted=True), sender()) == Translated()
    assert said("grade_change", grading_complete=False).data.final is False


def test_what_is_handed_in_is_the_same_attempt_as_its_grade_at_its_own_time() -> None:
    handed_in, graded = said("submission_created"), said("grade_change")
    assert (handed_in.data.component, handed_in.data.attempt) == (graded.data.component, graded.data.attempt)
    assert handed_in.learner_ref == graded.learner_ref
    assert (handed_in.data.score, handed_in.data.final) == (None, False)
    assert handed_in.time == datetime(2026, 3, 1, 10, 59, 59, 999999, tzinfo=UTC)
    assert b"Isaac" not in handed_in.encode()


def test_each_word_of_a_submission_tells_the_same_moment() -> None:
    later = {"event_time": "2026-03-02T10:00:00Z", "request_id": "another"}
    assert (
        said("submission_updated", metadata=later, graded_at="2026-03-02T09:30:00Z").id == said("submission_created").id
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"attempt": 2},
        {"submitted_at": None},
        {"submitted_at": ...},
        {"graded_at": "2026-03-01T10:00:00Z"},  # on paper: what is handed in afterwards takes no mark away
    ],
)
def test_what_is_handed_in_again_or_after_its_grade_says_nothing(changed: dict[str, Any]) -> None:
    assert canvas(live("submission_updated", **changed), sender()) == Translated()


def test_a_score_above_the_maximum_is_full_marks_and_noted() -> None:
    told = canvas(live("grade_change", score=5, points_possible=1), sender())
    (event,) = told.events
    assert isinstance(event, ResultReported)
    assert (event.data.score, event.data.max_score) == (1, 1)
    assert "5 of 1" in told.notes[0].reason


def test_a_score_below_zero_is_zero_and_noted() -> None:
    told = canvas(live("grade_change", score=-2), sender())
    assert told.events[0].data.score == 0
    assert told.notes[0].field == "body.score"


@pytest.mark.parametrize("possible", [0, None])
def test_nothing_of_nothing_is_no_mark(possible: int | None) -> None:
    assert said("grade_change", score=0, points_possible=possible).data.score is None


def test_a_grade_that_was_taken_away_leaves_no_mark() -> None:
    gone = said("grade_change", score=None, grading_complete=False)
    assert (gone.data.score, gone.data.final) == (None, False)


def test_a_course_grade_is_told_in_local_ids_and_percent_of_all_work() -> None:
    event = said("course_grade_change")
    assert isinstance(event, ResultReported)
    assert (event.learner_ref, event.data.component) == ("aroha", "whole")
    assert (event.data.score, event.data.max_score) == (82, 100)


def test_the_shard_is_the_root_accounts_where_nothing_happened_in_a_course() -> None:
    event = said("course_grade_change", metadata={"context_type": ..., "context_id": ...})
    assert event.learner_ref == "aroha"


def test_a_user_of_another_shard_keeps_their_global_id() -> None:
    other = said("course_grade_change", user_id="30000000000020064")
    assert other.learner_ref != "aroha"


def test_a_course_grade_that_counts_for_no_component_says_nothing() -> None:
    told = canvas(live("course_grade_change"), sender({CANVAS_COURSE: Place("AAA/2013J", None)}))
    assert told == Translated()


def test_courses_and_assignments_may_be_mapped_by_the_ids_that_people_see() -> None:
    by_local = sender({"565": Place("AAA/2013J", "whole")}, {("355", "565"): EXAM})
    assert len(canvas(live("enrollment_created"), by_local).events) == 1
    assert len(canvas(live("grade_change"), by_local).events) == 1


@pytest.mark.parametrize("name", ["course_completed", "course_progress", "quiz_submitted", "logged_in", "made_up"])
def test_course_completed_is_no_pass_and_other_events_say_nothing(name: str) -> None:
    assert canvas(live(name, course={"id": "565"}, user={"id": "123"}), sender()) == Translated()


def test_a_course_that_delivers_nothing_is_refused_by_name() -> None:
    with pytest.raises(ContractError, match=CANVAS_COURSE):
        canvas(live("enrollment_created"), sender({}))


def test_the_same_delivery_has_the_same_id_and_another_request_another() -> None:
    assert said("grade_change").id == said("grade_change").id
    assert said("grade_change").id != said("grade_change", metadata={"request_id": "another"}).id
    assert said("grade_change").id != said("grade_change", submission_id="21070000000011087").id
    assert said("grade_change").id != said("grade_change", score=83).id
    assert said("enrollment_updated").id != said("enrollment_updated", workflow_state="deleted").id
    assert said("enrollment_updated", metadata={"request_id": ..., "job_id": "1"}).id


def test_numbers_are_taken_for_ids() -> None:
    assert said("grade_change", user_id=21070000000020064).learner_ref == "aroha"


@pytest.mark.parametrize(
    ("name", "changed", "field"),
    [
        ("grade_change", {"user_id": ...}, "body.user_id"),
        ("grade_change", {"user_id": None}, "body.user_id"),
        ("grade_change", {"user_id": "aroha@example.org"}, "body.user_id"),
        ("grade_change", {"score": "many"}, "body.score"),
        ("grade_change", {"score": float("inf")}, "body.score"),
        ("grade_change", {"points_possible": 1e12}, "body.points_possible"),
        ("enrollment_created", {"course_id": "9" * 40}, "body.course_id"),
        ("enrollment_created", {"metadata": {"event_time": ...}}, "metadata.event_time"),
        ("enrollment_created", {"metadata": {"event_time": "0001-01-01T00:00:00+14:00"}}, "metadata.event_time"),
        ("enrollment_created", {"metadata": {"root_account_uuid": ...}}, "metadata.root_account_uuid"),
    ],
)
def test_what_is_missing_or_out_of_bounds_is_refused_by_member(name: str, changed: Any, field: str) -> None:
    with pytest.raises(ContractError) as refused:
        canvas(live(name, **copy.deepcopy(changed)), sender())
    assert refused.value.field == field


@pytest.mark.parametrize("raw", [None, [], {}, {"metadata": {}, "body": []}, {"metadata": 1, "body": {}}])
def test_what_is_no_live_event_is_refused(raw: Any) -> None:
    with pytest.raises(ContractError):
        canvas(raw, sender())
