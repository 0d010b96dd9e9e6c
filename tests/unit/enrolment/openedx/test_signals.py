"""Courses, runs and signals of Open edX: what is taken, passed over and refused."""

import pytest

from services.enrolment.platforms.openedx.events import translation_of
from shared.contracts.wire import UnknownEventType, UnknownVersion
from shared.testing.openedx import ROOT, record
from shared.testing.openedx_data import COURSE
from tests.unit.enrolment.bus import OTHER_RUN, Bus, on_topic
from tests.unit.enrolment.openedx.signals import CREATED, GRADED

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
