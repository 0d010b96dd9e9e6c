"""Enrolments and grades of Open edX, and each trap of its event bus. Payloads are made with its own classes."""

import pytest

from services.enrolment.domain import Enrolment
from services.enrolment.handlers import learner_registered, learner_unregistered
from services.enrolment.learners.domain import Learner, Link, Mark
from services.enrolment.learners.store import LEARNERS
from services.enrolment.platforms.openedx.events import SIGNALS
from shared.contracts.platform import (
    LearnerRegistered,
    LearnerUnregistered,
    ResultReported,
    VerdictReported,
)
from shared.contracts.wire import ContractError
from shared.testing.openedx import HEARD, ROOT, record
from shared.testing.openedx_data import COURSE, WHEN
from tests.unit.enrolment.bus import HOME, PARTS, Bus, on_topic, with_header
from tests.unit.enrolment.openedx.signals import CHANGED, CREATED, GRADED, PASSING, SECONDS, UNENROLLED, facts


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


def test_a_new_mode_is_no_second_enrolment_and_is_said(bus: Bus):
    first = bus.says(CREATED, mode="audit")
    again = bus.says(CHANGED, mode="verified", time=WHEN + 60 * SECONDS)
    assert isinstance(first, LearnerRegistered)
    assert isinstance(again, LearnerRegistered)
    enrolled = learner_registered(Enrolment("ou", bus.learner(), "data"), first)
    assert [type(said).__name__ for said in enrolled.says] == ["LearnerEnrolled"]
    changed = learner_registered(enrolled.state, again)
    assert [(said.data.role, said.data.term) for said in changed.says] == [("verified", "2026_T1")]
    assert changed.state.since == enrolled.state.since


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
    always = {"type": VerdictReported, "offering": "data", "passed": True, "by": "passing status"}
    assert [facts(each) for each in verdicts] == [{"time": WHEN + number * SECONDS, **always} for number in range(3)]
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
        "by": "certificate",
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
