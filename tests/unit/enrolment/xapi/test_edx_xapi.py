"""Open edX's tracking log as xAPI, trap by trap."""

from typing import Any

import pytest

from services.enrolment.platforms.door import Place
from services.enrolment.platforms.openedx.course import attempt_at
from shared.contracts.platform import LearnerRegistered, LearnerUnregistered, ResultReported, VerdictReported
from tests.unit.enrolment import facts as a
from tests.unit.enrolment.facts import Place as Enrolled
from tests.unit.enrolment.spoken import (
    COURSE,
    EXAM,
    LMS,
    OFFERING,
    RUN,
    TINCAN,
    Book,
    fault_of,
    said,
    statement,
    translated,
)

TRANSFORMER = {
    "extensions": {"https://w3id.org/xapi/openedx/extension/transformer-version": "event-routing-backends@10.0.0"}
}
KIND = "http://adlnet.gov/expapi/activities/course"
MODE = "https://w3id.org/xapi/acrossx/extensions/type"
GRADE = "http://www.tincanapi.co.uk/activitytypes/grade_classification"


def of_course(verb: str, mode: Any = "audit", **changed: Any) -> dict[str, Any]:
    course = {"id": COURSE, "objectType": "Activity", "definition": {"type": KIND, "extensions": {MODE: mode}}}
    return statement(verb, object=course, context=TRANSFORMER, **changed)


def subsection(score: dict[str, Any], *, success: bool, **changed: Any) -> dict[str, Any]:
    context = {"contextActivities": {"parent": [{"id": COURSE, "definition": {"type": KIND}}]}, **TRANSFORMER}
    result = {"score": score, "success": success}
    return statement(TINCAN + "earned", EXAM, context=context, result=result, **changed)


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (of_course("registered"), LearnerRegistered),
        (of_course(TINCAN + "unregistered"), LearnerUnregistered),
        (of_course("passed"), VerdictReported),
        (of_course("failed"), VerdictReported),
        (
            of_course(TINCAN + "earned", result={"score": {"scaled": 0.82}, "extensions": {GRADE: "Pass"}}),
            ResultReported,
        ),
        (subsection({"scaled": 0.5, "raw": 1, "min": 0, "max": 2}, success=False), ResultReported),
    ],
)
def test_the_verbs(given: dict[str, Any], kind: type):
    (event,) = said(given)
    assert (type(event), event.data.offering) == (kind, OFFERING)


def test_full_marks_on_a_subsection_are_a_mark_and_never_a_pass():
    (event,) = said(subsection({"scaled": 1.0, "raw": 3.0, "min": 0.0, "max": 3.0}, success=True))
    assert (type(event), event.data.component, event.data.score) == (ResultReported, "exam", 1.0)


def test_nothing_of_nothing_is_no_mark_although_it_is_called_a_success():
    (event,) = said(subsection({"scaled": 0, "raw": 0, "min": 0, "max": 0}, success=True))
    assert (type(event), event.data.score) == (ResultReported, None)


def test_a_grade_is_one_attempt_whose_latest_word_stands():
    scores = [{"scaled": scaled} for scaled in (0.1, 0.4, 0.3)]
    events = said(*(subsection(score, success=False, id=other(n)) for n, score in enumerate(scores)))
    assert {event.data.attempt for event in events} == {"grade"}
    assert len({event.id for event in events}) == 3


def test_the_grade_of_a_course_is_the_attempt_that_the_event_bus_tells_of():
    (event,) = said(of_course(TINCAN + "earned", result={"score": {"scaled": 0.82}}))
    assert event.data.attempt == attempt_at(COURSE.rpartition("/")[2])


def test_the_grade_of_a_course_that_no_component_stands_for_counts_for_nothing():
    book = Book({COURSE: Place(OFFERING, None)})
    assert said(of_course(TINCAN + "earned", result={"score": {"scaled": 0.82}}), book=book) == []


def test_an_empty_letter_grade_comes_as_fail_and_is_not_read():
    (event,) = said(of_course(TINCAN + "earned", result={"score": {"scaled": 0.82}, "extensions": {GRADE: "Fail"}}))
    assert (type(event), event.data.component, event.data.score) == (ResultReported, "whole", 0.82)


def test_first_time_and_now_passed_are_one_statement_and_one_event():
    first, again = of_course("passed"), of_course("passed")
    assert len({event.id for event in said(first, again)}) == 1


def test_two_courses_passed_in_the_same_microsecond_are_two_events_under_one_statement_id():
    elsewhere = f"{LMS}/course/course-v1:OpenU+OTHER+2026_T1"
    book = Book({COURSE: Place(OFFERING, None), elsewhere: Place("OTHER", None)})
    second = of_course("passed") | {"object": {"id": elsewhere, "definition": {"type": KIND}}}
    events = said(of_course("passed"), second, book=book)
    assert [event.data.offering for event in events] == [OFFERING, "OTHER"]
    assert len({event.id for event in events}) == 2
    assert fault_of([of_course("passed"), of_course("failed")]) == "1.id"


@pytest.mark.parametrize("verb", ["registered", TINCAN + "unregistered"])
def test_a_registration_and_its_end_name_the_run(verb: str):
    (event,) = said(of_course(verb))
    assert event.data.term == "2026_T1"


@pytest.mark.parametrize(
    ("mode", "role"), [("verified", "verified"), (None, None), (7, None), (["x"], None), ("", None)]
)
def test_the_mode_is_the_role_where_it_is_a_text(mode: Any, role: str | None):
    (event,) = said(of_course("registered", mode))
    assert event.data.role == role


def test_a_changed_mode_is_no_new_enrolment_and_is_said():
    events = said(
        of_course("registered", "audit", id=other(1)),
        of_course("registered", "verified", id=other(2), timestamp="2026-03-03T09:31:00Z"),
    )
    place = Enrolled().fold(*(as_ours(event) for event in events))
    assert [(said.data.role, said.data.term) for said in place.said] == [("audit", "2026_T1"), ("verified", "2026_T1")]
    assert place.words == ["enrolled", "enrolled"]


def test_a_mode_that_changes_as_the_learner_leaves_gives_no_place():
    events = said(
        of_course("registered", "verified", id=other(1)),
        of_course(TINCAN + "unregistered", id=other(2), timestamp="2026-03-03T09:31:00Z"),
        of_course("registered", "audit", id=other(3), timestamp="2026-03-03T09:31:00.04Z"),
    )
    assert Enrolled().fold(*(as_ours(event) for event in events)).enrolment.status == "unenrolled"


def as_ours(event: Any) -> Any:
    data = event.data.model_copy(update={"offering": a.OFFERING})
    return event.model_copy(update={"learner_ref": a.LEARNER, "data": data})


def test_an_exam_that_was_handed_in_is_no_attempt_beside_its_grade():
    exam = {"id": EXAM, "definition": {"type": "https://w3id.org/xapi/openedx/activity/proctored-assessment"}}
    assert said(statement("terminated", object=exam, context=TRANSFORMER)) == []


def test_a_course_may_be_published_by_its_key():
    block = EXAM.rpartition("/")[2]
    book = Book({RUN: Place(OFFERING, "whole")}, {block: Place(OFFERING, "exam")})
    assert [event.data.offering for event in said(of_course("registered"), book=book)] == [OFFERING]
    (event,) = said(subsection({"scaled": 1}, success=True), book=book)
    assert event.data.component == "exam"
    (event,) = said(subsection({"scaled": 1}, success=True) | {"object": {"id": block}}, book=book)
    assert event.data.component == "exam"


def test_the_address_that_one_setting_sends_does_not_reach_the_log():
    (done,) = translated(of_course("registered") | {"actor": {"mbox": "mailto:aroha@example.org"}})
    (event,) = done.events
    assert b"aroha" not in event.encode()
    assert done.people[event.learner_ref]["email"] == "aroha@example.org"


def other(number: int) -> str:
    return f"6f2c3e1a-5b1d-4f0a-9a51-{number:012d}"
