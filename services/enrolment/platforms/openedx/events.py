"""Open edX event bus: what one signal says, once decoded, as canonical events. Pure.

What is read is named as in the data classes of `openedx-events` 10.5.0. The bus is partitioned by course and repeats
itself: a fact is named by what it says, about whom and when (`ce_time`), so a republished one has the same event id
although its `ce_id` is new.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from services.enrolment.platforms.door import Translated
from services.enrolment.platforms.openedx.checks import exam, identity
from services.enrolment.platforms.openedx.course import PASSING, attempt_at
from services.enrolment.platforms.openedx.payload import person, term_of, text, value
from services.enrolment.platforms.openedx.report import Learner, Report
from shared.contracts.platform import (
    LearnerRegistered,
    LearnerUnregistered,
    Registration,
    Result,
    ResultReported,
    Verdict,
    VerdictReported,
)
from shared.contracts.wire import MalformedEvent, UnknownEventType, UnknownVersion

if TYPE_CHECKING:
    from shared.contracts.envelope import LearnerEvent

ROOT = "org.openedx."
_LEARNING = ROOT + "learning."
#: Of all that a certificate can be, these two alone are a verdict; the others are on their way, or an audit's.
_CERTIFICATES = {"downloadable": True, "notpassing": False}


Translate = Callable[[Report], Translated]


def translation_of(signal: str) -> Translate | None:
    """Return what translates a signal; None for one of Open edX's that says nothing about micro-credentials.

    Raises:
        UnknownVersion: one that is known here, in another version.
        UnknownEventType: not a signal of Open edX.

    """
    known = SIGNALS.get(signal)
    if known is not None:
        return known
    name, _, version = signal.rpartition(".v")
    others = sorted(int(each.rpartition(".v")[2]) for each in SIGNALS if each.rpartition(".v")[0] == name)
    if others and version.isdecimal():
        raise UnknownVersion(name, int(version[:6]), others)
    if not signal.startswith(ROOT):
        raise UnknownEventType("ce_type", f"not a signal of Open edX (those begin with {ROOT}): bind the topic of one")
    return None


def _enrolled(report: Report) -> Translated:
    """Translate an enrolment, or a change of one: a new mode is a registration in another role, and no second place."""
    learner = report.learner("enrollment.user.id")
    course = text(report.payload, "enrollment.course.course_key")
    active = value(report.payload, "enrollment.is_active", bool)
    data = Registration(
        offering=report.sender.courses.course(course).offering,
        role=text(report.payload, "enrollment.mode"),
        term=term_of(course),
    )
    event: LearnerEvent
    if active:
        event = LearnerRegistered(**report.attributes(learner, "registered", course), data=data)
    elif report.envelope.type.endswith(".created.v1"):
        return Translated()  # never had a place
    else:
        event = LearnerUnregistered(**report.attributes(learner, "unregistered", course), data=data)
    return Translated((event,), person(learner.ref, report.payload, "enrollment.user"))


def _unenrolled(report: Report) -> Translated:
    learner = report.learner("enrollment.user.id")
    course = text(report.payload, "enrollment.course.course_key")
    data = Registration(offering=report.sender.courses.course(course).offering, term=term_of(course))
    event = LearnerUnregistered(**report.attributes(learner, "unregistered", course), data=data)
    return Translated((event,), person(learner.ref, report.payload, "enrollment.user"))


def _graded(report: Report) -> Translated:
    """Translate a course grade: a mark for the component that the whole counts for, never a pass or a fail.

    The bus cannot carry the grade of who has not passed, so nobody is failed, or counted as failed, by its absence.
    """
    learner = report.learner("grade.user_id")
    course = text(report.payload, "grade.course.course_key")
    percent = value(report.payload, "grade.percent_grade", float)
    if not 0 <= percent <= 1:
        raise MalformedEvent("grade.percent_grade", f"{percent:g} is not between 0 and 1: correct the grading policy")
    place = report.sender.courses.course(course)
    if place.component is None:
        return Translated()
    data = Result(
        offering=place.offering,
        component=place.component,
        attempt=attempt_at(course),
        score=percent,
        max_score=1,
    )
    return Translated((ResultReported(**report.attributes(learner, "graded", course, repr(percent)), data=data),))


def _passing(report: Report) -> Translated:
    """Translate a passing status, which comes again with every grade; that it is the same is for the reader to see."""
    learner = report.learner("course_passing_status.user.id")
    course = text(report.payload, "course_passing_status.course.course_key")
    passing = value(report.payload, "course_passing_status.is_passing", bool)
    verdict = Verdict(offering=report.sender.courses.course(course).offering, passed=passing, by=PASSING)
    return _verdict(report, learner, "course_passing_status.user", verdict, course)


def _certificate(report: Report) -> Translated:
    """Translate a certificate's state; its grade is a text that a site may leave empty, and no mark.

    One that is revoked is no pass any more, whatever else its state says.
    """
    learner = report.learner("certificate.user.id")
    course = text(report.payload, "certificate.course.course_key")
    state = text(report.payload, "certificate.current_status")
    passed = False if report.envelope.type.endswith(".revoked.v1") else _CERTIFICATES.get(state)
    if passed is None:
        return Translated()
    verdict = Verdict(offering=report.sender.courses.course(course).offering, passed=passed, by="certificate")
    return _verdict(report, learner, "certificate.user", verdict, course, "certificate")


def _verdict(report: Report, learner: Learner, user: str, verdict: Verdict, course: str, *kind: str) -> Translated:
    named = report.attributes(learner, "verdict", course, verdict.passed, *kind)
    event = VerdictReported(**named, data=verdict)
    return Translated((event,), person(learner.ref, report.payload, user))


SIGNALS: Mapping[str, Translate] = {
    _LEARNING + "course.enrollment.created.v1": _enrolled,
    _LEARNING + "course.enrollment.changed.v1": _enrolled,
    _LEARNING + "course.unenrollment.completed.v1": _unenrolled,
    _LEARNING + "course.persistent_grade_summary.changed.v1": _graded,
    _LEARNING + "course.passing.status.updated.v1": _passing,
    _LEARNING + "certificate.created.v1": _certificate,
    _LEARNING + "certificate.changed.v1": _certificate,
    _LEARNING + "certificate.revoked.v1": _certificate,
    _LEARNING + "exam.attempt.verified.v1": exam,
    _LEARNING + "exam.attempt.rejected.v1": exam,
    _LEARNING + "exam.attempt.reset.v1": exam,
    _LEARNING + "idv_attempt.approved.v1": identity,
    _LEARNING + "idv_attempt.denied.v1": identity,
}
"""The signals that are heard; one that says nothing yet (submitted, errored, pending, created attempts) is not."""
