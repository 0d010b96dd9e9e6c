"""What each signal of Open edX becomes, and each trap of its event bus. Payloads are made with its own classes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.enrolment.domain import Enrolment
from services.enrolment.handlers import learner_registered, learner_unregistered
from services.enrolment.learners.domain import Learner, Link, Mark
from services.enrolment.learners.store import LEARNERS
from services.enrolment.platforms.openedx.events import SIGNALS, translation_of
from shared.contracts.envelope import Event
from shared.contracts.platform import (
    IdentityChecked,
    LearnerRegistered,
    LearnerUnregistered,
    ResultReported,
    VerdictReported,
)
from shared.contracts.wire import ContractError, UnknownEventType, UnknownVersion
from shared.testing.openedx import HEARD, ROOT, record
from shared.testing.openedx_data import COURSE, WHEN
from tests.unit.enrolment.bus import HOME, OTHER_RUN, PARTS, Bus, on_topic, with_header

CREATED, CHANGED = "course.enrollment.created.v1", "course.enrollment.changed.v1"
UNENROLLED = "course.unenrollment.completed.v1"
GRADED = "course.persistent_grade_summary.changed.v1"
PASSING = "course.passing.status.updated.v1"
SECONDS = timedelta(seconds=1)


@pytest.fixture
def bus() -> Bus:
    return Bus()


def facts(event: Event) -> dict[str, Any]:
    data: dict[str, Any] = event.data.model_dump(exclude_defaults=True)
    return {"type": type(event), "time": event.time, **data}


def test_an_enrolment_is_a_registration_with_its_mode_and_term(bus: Bus):
    event = bus.says(CREATED)
    assert facts(event) == {
        "type": LearnerRegistered,
        "time": WHEN,
        "offering": "data",
        "role": "verified",
        "term": "2026_T1",
    }
    assert (event.tenant, event.platform, event.source) == ("ou", "openedx", "openedx/lms/web")
    assert event.key == bus.learner()


def test_a_changed_enrolment_that_is_not_active_is_the_end_of_it(bus: Bus):
    assert facts(bus.says(CHANGED, active=False))["type"] is LearnerUnregistered
    assert facts(bus.says(UNENROLLED)) == {
        "type": LearnerUnregistered,
        "time": WHEN,
        "offering": "data",
        "term": "2026_T1",
    }
    assert bus.says_nothing(CREATED, active=False)


def test_a_new_mode_is_no_second_enrolment(bus: Bus):
    first = bus.says(CREATED, mode="audit")
    again = bus.says(CHANGED, mode="verified", time=WHEN + 60 * SECONDS)
    assert isinstance(first, LearnerRegistered)
    assert isinstance(again, LearnerRegistered)
    enrolled = learner_registered(Enrolment("ou", bus.learner(), "data"), first)
    assert [type(said).__name__ for said in enrolled.says] == ["LearnerEnrolled"]
    assert learner_registered(enrolled.state, again).says == ()


def test_who_comes_back_is_enrolled_although_the_enrolment_was_created_long_ago(bus: Bus):
    first, left = bus.says(CREATED), bus.says(UNENROLLED, time=WHEN + SECONDS)
    back = bus.says(CREATED, time=WHEN + 2 * SECONDS)
    assert isinstance(first, LearnerRegistered)
    assert isinstance(left, LearnerUnregistered)
    assert isinstance(back, LearnerRegistered)
    state = learner_registered(Enrolment("ou", bus.learner(), "data"), first).state
    assert learner_registered(learner_unregistered(state, left).state, back).state.enrolled


def test_a_grade_is_a_mark_for_the_component_of_the_whole(bus: Bus):
    assert facts(bus.says(GRADED, percent=0.82)) == {
        "type": ResultReported,
        "time": WHEN,
        "offering": "data",
        "component": "whole",
        "attempt": COURSE,
        "score": 0.82,
        "max_score": 1.0,
    }


def test_a_letter_grade_decides_nothing(bus: Bus):
    assert {repr(facts(bus.says(GRADED, letter=letter))) for letter in ("Pass", "", "F")} == {
        repr(facts(bus.says(GRADED)))
    }


def test_a_grade_that_counts_for_no_component_says_nothing(bus: Bus):
    assert bus.says_nothing(GRADED, course=PARTS)


# --- the seven traps of the bus --------------------------------------------------------------------------------------


def test_trap_1_the_bus_cannot_carry_the_grade_of_who_has_not_passed_so_nobody_fails_by_it(bus: Bus):
    with pytest.raises(Exception, match="None cannot be handled by custom serializers"):
        record(GRADED, passed=None)
    (event,) = [bus.says(GRADED, percent=0.1)]
    assert type(event) is ResultReported, "a mark, neither a fail nor a pass"


def test_trap_2_a_passing_status_has_no_score_and_comes_again_with_each_grade(bus: Bus):
    verdicts = [bus.says(PASSING, time=WHEN + number * SECONDS) for number in range(3)]
    assert [facts(each) for each in verdicts] == [
        {"type": VerdictReported, "time": WHEN + number * SECONDS, "offering": "data", "passed": True}
        for number in range(3)
    ]
    assert facts(bus.says(PASSING, passing=False))["passed"] is False


def test_trap_3_a_grade_names_its_learner_by_number_and_an_enrolment_by_a_user_and_it_is_one_learner(bus: Bus):
    learners = {bus.says(name, user=12).key for name in (CREATED, GRADED, PASSING, "certificate.created.v1")}
    assert learners == {bus.learner(12)}


@pytest.mark.parametrize("grade", ["0.82", "", "Pass", "82%"])
def test_trap_3_a_certificates_grade_is_a_text_and_no_mark(bus: Bus, grade: str):
    assert facts(bus.says("certificate.created.v1", grade=grade)) == {
        "type": VerdictReported,
        "time": WHEN,
        "offering": "data",
        "passed": True,
    }


def test_trap_4_a_pass_before_its_enrolment_is_taken_since_topics_have_no_common_order(bus: Bus):
    readings = bus.reads(on_topic(record(PASSING)), on_topic(record(CREATED), 1))
    assert [type(each) for reading in readings if not isinstance(reading, ContractError) for each in reading] == [
        VerdictReported,
        LearnerRegistered,
    ]


@pytest.mark.parametrize("name", [name for name in HEARD if ROOT + name in SIGNALS])
def test_trap_5_what_is_published_again_under_a_new_id_is_the_same_event(bus: Bus, name: str):
    first, again = bus.says(name, ce_id="one"), bus.says(name, ce_id="two")
    assert first == again
    assert bus.says(name, user=12).id != first.id
    assert bus.says(name, time=WHEN + SECONDS).id != first.id


def test_trap_6_personal_data_goes_to_the_vault_and_nowhere_else(bus: Bus):
    said = [bus.says(name).encode() for name in HEARD if ROOT + name in SIGNALS]
    said.append(bus.says("exam.attempt.verified.v1", asked=True).encode())
    assert not [text for text in said if b"roha" in text or b"example.org" in text.replace(HOME.encode(), b"")]
    assert bus.people() == 1
    assert bus.knows() == {"name": "Aroha T 4711", "email": "aroha4711@example.org", "username": "aroha4711"}


def test_a_learner_who_was_erased_is_kept_nowhere_again(bus: Bus):
    erased = Learner("ou", bus.learner(), erased=Mark(1, "e"))
    bus.store.put(LEARNERS.collection, {"_id": erased.key, **LEARNERS.dump(erased)})
    assert bus.says(CREATED).key == bus.learner()
    assert bus.people() == 0


def test_a_learner_who_is_linked_goes_as_the_one_that_they_are_with_the_same_ids(bus: Bus):
    before = Bus().says(CREATED)
    linked = Learner("ou", bus.learner(), link=Link(1, "l", "lrn-other"))
    bus.store.put(LEARNERS.collection, {"_id": linked.key, **LEARNERS.dump(linked)})
    after = bus.says(CREATED)
    assert (after.id, after.key) == (before.id, "lrn-other")


def test_trap_7_the_minor_version_says_nothing(bus: Bus):
    other = with_header(record(CREATED), "ce_minorversion", b"7")
    assert bus.reads(on_topic(other)) == [(bus.says(CREATED),)]


# --- certificates, exams, identity -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "state", "passed"),
    [
        ("created", "downloadable", True),
        ("changed", "downloadable", True),
        ("changed", "notpassing", False),
        ("revoked", "unavailable", False),
        ("revoked", "downloadable", False),
        *((name, state, None) for name in ("created", "changed") for state in ("generating", "unverified")),
        ("changed", "audit_passing", None),
        ("changed", "unavailable", None),
    ],
)
def test_a_certificate_is_a_verdict_where_its_state_is_one(bus: Bus, name: str, state: str, *, passed: bool | None):
    if passed is None:
        assert bus.says_nothing(f"certificate.{name}.v1", state=state)
    else:
        assert facts(bus.says(f"certificate.{name}.v1", state=state))["passed"] is passed


def test_a_certificate_that_is_created_and_changed_at_once_is_one_verdict(bus: Bus):
    assert bus.says("certificate.created.v1") == bus.says("certificate.changed.v1") == bus.says(PASSING)


@pytest.mark.parametrize(("end", "verified"), [("verified", True), ("rejected", False), ("reset", False)])
def test_an_exam_that_was_proctored_is_a_check_of_who_sat_it(bus: Bus, end: str, *, verified: bool):
    event = bus.says(f"exam.attempt.{end}.v1")
    assert facts(event) == {
        "type": IdentityChecked,
        "time": WHEN,
        "offering": "data",
        "component": "exam",
        "verified": verified,
        "method": "proctored",
    }


def test_an_exam_that_is_no_component_of_its_own_counts_for_the_whole(bus: Bus):
    event = bus.says("exam.attempt.verified.v1", course=OTHER_RUN, block="block-v1:A+B+C+type@sequential+block@x")
    assert (event.data.component, event.data.attempt) == ("whole", OTHER_RUN)


@pytest.mark.parametrize("name", ["exam.attempt.submitted.v1", "exam.attempt.errored.v1", "idv_attempt.pending.v1"])
def test_what_decides_nothing_yet_says_nothing(bus: Bus, name: str):
    assert bus.says_nothing(name)


def test_an_identity_that_was_approved_has_an_end_and_names_no_offering(bus: Bus):
    assert facts(bus.says("idv_attempt.approved.v1")) == {
        "type": IdentityChecked,
        "time": WHEN,
        "attempt": "idv/9",
        "verified": True,
        "method": "idv",
        "expires": datetime(2028, 3, 2, tzinfo=UTC),
    }
    assert bus.says("idv_attempt.approved.v1", expires=None).data.expires is None
    assert bus.says("idv_attempt.denied.v1").data.verified is False


# --- courses and runs, signals ---------------------------------------------------------------------------------------


def test_two_runs_of_a_course_are_one_offering_and_two_attempts(bus: Bus):
    first, second = bus.says(GRADED), bus.says(GRADED, course=OTHER_RUN)
    assert (first.data.offering, first.data.attempt) == ("data", COURSE)
    assert (second.data.offering, second.data.attempt) == ("data", OTHER_RUN)
    assert first.id != second.id


def test_an_older_course_key_has_its_run_at_its_end(bus: Bus):
    refused = bus.refuses(on_topic(record(CREATED, course="OpenU/DS/2013_T1")))
    assert "OpenU/DS/2013_T1" in refused.reason
    assert type(refused).__name__ == "CourseUnknown"


def test_a_course_that_no_offering_names_is_passed_over_where_the_topic_is_bound_so():
    assert Bus(unknown_courses="pass-over").says_nothing(CREATED, course="course-v1:OU+Another+1")


def test_a_signal_of_another_kind_is_none_of_our_business():
    assert translation_of("org.openedx.learning.badge.awarded.v1") is None
    assert translation_of("org.openedx.content_authoring.course.catalog_info.changed.v1") is None


def test_a_signal_in_another_version_is_refused_with_the_cure():
    with pytest.raises(UnknownVersion, match=r"came in v2 and is known here in v1 only: upgrade this service"):
        translation_of(ROOT + "course.enrollment.created.v2")


def test_what_is_no_signal_of_open_edx_is_refused():
    with pytest.raises(UnknownEventType, match="not a signal of Open edX"):
        translation_of("com.example.something")
