"""Open edX event bus: who sat an attempt, and who holds an account. Pure."""

from datetime import datetime

from services.enrolment.platforms.door import Place, Sender, Translated
from services.enrolment.platforms.openedx.course import attempt_at
from services.enrolment.platforms.openedx.envelope import moment_of
from services.enrolment.platforms.openedx.payload import person, text, value, whole_number
from services.enrolment.platforms.openedx.report import Report
from shared.contracts.platform import IdentityCheck, IdentityChecked
from shared.contracts.wire import ContractError


def exam(report: Report) -> Translated:
    """Translate the end of a proctored attempt; one that was reset has no longer been verified."""
    learner = report.learner("exam_attempt.student_user.id")
    course = text(report.payload, "exam_attempt.course_key")
    block = text(report.payload, "exam_attempt.usage_key")
    place, attempt = _exam_place(report.sender, course, block)
    if place.component is None:
        return Translated()
    verified = report.envelope.type.endswith(".verified.v1")
    data = IdentityCheck(
        offering=place.offering,
        component=place.component,
        attempt=attempt,
        verified=verified,
        method=value(report.payload, "exam_attempt.exam_type", str)[:200] or None,
    )
    event = IdentityChecked(**report.attributes(learner, "exam", course, block, verified), data=data)
    return Translated((event,), person(learner.ref, report.payload, "exam_attempt.student_user"))


def _exam_place(sender: Sender, course: str, block: str) -> tuple[Place, str | None]:
    """Return what an exam counts for, and the attempt where it is known: the bus gives an exam's attempts no name."""
    whole = sender.courses.course(course)
    try:
        return sender.courses.activity(block, course), None
    except ContractError:
        return whole, attempt_at(course)


def identity(report: Report) -> Translated:
    """Translate a decided check of who holds an account; an approval ends when it says so."""
    learner = report.learner("idv_attempt.user.id")
    number = whole_number(report.payload, "idv_attempt.attempt_id")
    verified = report.envelope.type.endswith(".approved.v1")
    data = IdentityCheck(attempt=f"idv/{number}", verified=verified, method="idv", expires=_expiry(report))
    event = IdentityChecked(**report.attributes(learner, "idv", number, verified), data=data)
    return Translated((event,), person(learner.ref, report.payload, "idv_attempt.user"))


def _expiry(report: Report) -> datetime | None:
    given = value(report.payload, "idv_attempt.expiration_date", str, absent="")
    return moment_of("idv_attempt.expiration_date", given) if given else None
