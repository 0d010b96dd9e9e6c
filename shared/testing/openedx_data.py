"""What Open edX says in a signal, in its own classes: one learner on one course, as a test wants it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

COURSE = "course-v1:OpenU+DIGSKILL15+2026_T1"
BLOCK = "block-v1:OpenU+DIGSKILL15+2026_T1+type@sequential+block@final"
WHEN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def data(name: str, **given: Any) -> dict[str, Any]:
    """Return the event data of a signal (`certificate.created.v1`); what is given takes the place of what is usual."""
    set_up()
    kind = next(kind for kind in _MADE if kind in name)
    return {_KEYS[kind]: _MADE[kind](name, {"user": 4711, "course": COURSE, **given})}


@cache
def set_up() -> None:
    """Make Django believe that it is an application's."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(EVENTS_SERVICE_NAME="lms", INSTALLED_APPS=[])
        django.setup()


def _enrolment(name: str, given: Mapping[str, Any]) -> Any:
    from openedx_events.learning.data import CourseEnrollmentData

    return CourseEnrollmentData(
        user=_user(given["user"]),
        course=_course(given),
        mode=given.get("mode", "verified"),
        is_active=given.get("active", "unenrollment" not in name),
        creation_date=WHEN,
    )


def _grade(_: str, given: Mapping[str, Any]) -> Any:
    from openedx_events.learning.data import PersistentCourseGradeData

    return PersistentCourseGradeData(
        user_id=given["user"],
        course=_course(given),
        course_edited_timestamp=WHEN,
        course_version="v3",
        grading_policy_hash="MiIKQ1Bo",
        percent_grade=given.get("percent", 0.82),
        letter_grade=given.get("letter", "Pass"),
        passed_timestamp=given.get("passed", WHEN),
    )


def _passing(_: str, given: Mapping[str, Any]) -> Any:
    from openedx_events.learning.data import CoursePassingStatusData

    return CoursePassingStatusData(
        is_passing=given.get("passing", True), course=_course(given), user=_user(given["user"])
    )


def _certificate(_: str, given: Mapping[str, Any]) -> Any:
    from openedx_events.learning.data import CertificateData

    return CertificateData(
        user=_user(given["user"]),
        course=_course(given),
        mode=given.get("mode", "verified"),
        grade=given.get("grade", "0.82"),
        download_url="",
        name="Aroha T",
        current_status=given.get("state", "downloadable"),
        previous_status="notpassing",
    )


def _exam(_: str, given: Mapping[str, Any]) -> Any:
    from opaque_keys.edx.keys import UsageKey
    from openedx_events.learning.data import ExamAttemptData

    return ExamAttemptData(
        student_user=_user(given["user"]),
        course_key=_course(given).course_key,
        usage_key=UsageKey.from_string(given.get("block", BLOCK)),
        exam_type=given.get("exam_type", "proctored"),
        requesting_user=_user(99) if given.get("asked") else None,
    )


def _identity(name: str, given: Mapping[str, Any]) -> Any:
    from openedx_events.learning.data import VerificationAttemptData

    return VerificationAttemptData(
        attempt_id=given.get("attempt", 9),
        user=_user(given["user"]),
        status=name.split(".")[1],
        name="Aroha T",
        expiration_date=given.get("expires", datetime(2028, 3, 2, tzinfo=UTC)),
    )


_MADE: Mapping[str, Callable[[str, Mapping[str, Any]], Any]] = {
    "enrollment": _enrolment,
    "grade": _grade,
    "passing": _passing,
    "certificate": _certificate,
    "exam": _exam,
    "idv": _identity,
}
_KEYS = {
    "enrollment": "enrollment",
    "grade": "grade",
    "passing": "course_passing_status",
    "certificate": "certificate",
    "exam": "exam_attempt",
    "idv": "idv_attempt",
}


def _course(given: Mapping[str, Any]) -> Any:
    from opaque_keys.edx.keys import CourseKey
    from openedx_events.learning.data import CourseData

    key = CourseKey.from_string(given["course"])
    return CourseData(course_key=key, display_name="Data Skills 15", start=WHEN)


def _user(number: int) -> Any:
    from openedx_events.learning.data import UserData, UserPersonalData

    pii = UserPersonalData(username=f"aroha{number}", email=f"aroha{number}@example.org", name=f"Aroha T {number}")
    return UserData(id=number, is_active=True, pii=pii)
