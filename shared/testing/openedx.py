"""Records as Open edX puts them on Kafka, made with its own classes: for tests and benches.

`python -m shared.testing.openedx FOLDER` writes the schemas that the classes write with.
"""

import json
import struct
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

ROOT = "org.openedx.learning."
HEARD = (
    "course.enrollment.created.v1",
    "course.enrollment.changed.v1",
    "course.unenrollment.completed.v1",
    "course.persistent_grade_summary.changed.v1",
    "course.passing.status.updated.v1",
    "certificate.created.v1",
    "certificate.changed.v1",
    "certificate.revoked.v1",
    "exam.attempt.submitted.v1",
    "exam.attempt.verified.v1",
    "exam.attempt.rejected.v1",
    "exam.attempt.errored.v1",
    "exam.attempt.reset.v1",
    "idv_attempt.created.v1",
    "idv_attempt.pending.v1",
    "idv_attempt.approved.v1",
    "idv_attempt.denied.v1",
)
COURSE = "course-v1:OpenU+DIGSKILL15+2026_T1"
WHEN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
_HEAD = ">bI"


class Published(NamedTuple):
    """One record, as a producer is given it."""

    key: bytes
    value: bytes
    headers: tuple[tuple[str, bytes], ...]


@cache
def serializers() -> Mapping[str, Any]:
    """Return what serialises each signal that is heard, by its type."""
    _set_up()
    from openedx_events.event_bus.avro.serializer import AvroSignalSerializer
    from openedx_events.learning import signals
    from openedx_events.tooling import OpenEdxPublicSignal

    known = {each.event_type: each for each in vars(signals).values() if isinstance(each, OpenEdxPublicSignal)}
    return {ROOT + name: AvroSignalSerializer(known[ROOT + name]) for name in HEARD}


def schemas() -> dict[str, Any]:
    """Return the Avro schema of each signal that is heard."""
    return {signal: each.schema for signal, each in serializers().items()}


def record(
    name: str, number: int = 1, *, ce_id: str = "f161e77c-e740-11f1-b888-02fc00000001", **given: Any
) -> Published:
    """Return the record of a signal (`certificate.created.v1`); `number` is its schema's in the registry.

    What `data` is given makes the payload. `time` is `ce_time`.
    """
    signal, time = ROOT + name, given.pop("time", WHEN)
    payload = data(name, **given)
    from openedx_events.event_bus.avro.serializer import serialize_event_data_to_bytes

    raw = serialize_event_data_to_bytes(payload, serializers()[signal].signal)
    course = given.get("course", COURSE)
    return Published(
        struct.pack(_HEAD, 0, number) + course.encode(),
        struct.pack(_HEAD, 0, number) + raw,
        tuple((key, text.encode()) for key, text in headers(signal, ce_id, time.isoformat()).items()),
    )


def headers(signal: str, ce_id: str, time: str) -> dict[str, str]:
    """Return the headers that the event bus writes."""
    return {
        "ce_type": signal,
        "ce_id": ce_id,
        "ce_source": "openedx/lms/web",
        "ce_specversion": "1.0",
        "ce_time": time,
        "ce_minorversion": "0",
        "sourcehost": "lms-1",
        "sourcelib": "10.5.0",
        "content-type": "application/avro",
        "ce_datacontenttype": "application/avro",
    }


def data(name: str, **given: Any) -> dict[str, Any]:
    """Return the event data of a signal; `user`, `course`, `mode`, `active`, `percent`, `passing`, `state`, ..."""
    _set_up()
    from opaque_keys.edx.keys import CourseKey, UsageKey
    from openedx_events.learning import data as classes

    key = CourseKey.from_string(given.get("course", COURSE))
    course = classes.CourseData(course_key=key, display_name="Data Skills 15", start=WHEN)
    user, kind = _user(given.get("user", 4711)), name.split(".")[0]
    if "enrollment" in name:
        return {
            "enrollment": classes.CourseEnrollmentData(
                user=user,
                course=course,
                mode=given.get("mode", "verified"),
                is_active=given.get("active", "unenrollment" not in name),
                creation_date=WHEN,
            )
        }
    if "grade" in name:
        return {
            "grade": classes.PersistentCourseGradeData(
                user_id=given.get("user", 4711),
                course=course,
                course_edited_timestamp=WHEN,
                course_version="v3",
                grading_policy_hash="MiIKQ1Bo",
                percent_grade=given.get("percent", 0.82),
                letter_grade=given.get("letter", "Pass"),
                passed_timestamp=given.get("passed", WHEN),
            )
        }
    if "passing" in name:
        status = classes.CoursePassingStatusData(is_passing=given.get("passing", True), course=course, user=user)
        return {"course_passing_status": status}
    if kind == "certificate":
        return {
            "certificate": classes.CertificateData(
                user=user,
                course=course,
                mode=given.get("mode", "verified"),
                grade=given.get("grade", "0.82"),
                download_url="",
                name="Aroha T",
                current_status=given.get("state", "downloadable"),
                previous_status="notpassing",
            )
        }
    if kind == "exam":
        block = given.get("block", "block-v1:OpenU+DIGSKILL15+2026_T1+type@sequential+block@final")
        return {
            "exam_attempt": classes.ExamAttemptData(
                student_user=user,
                course_key=key,
                usage_key=UsageKey.from_string(block),
                exam_type=given.get("exam_type", "proctored"),
                requesting_user=_user(99) if given.get("asked") else None,
            )
        }
    return {
        "idv_attempt": classes.VerificationAttemptData(
            attempt_id=given.get("attempt", 9),
            user=user,
            status=given.get("state", name.split(".")[1]),
            name="Aroha T",
            expiration_date=given.get("expires", datetime(2028, 3, 2, tzinfo=UTC)),
        )
    }


def _user(number: int) -> Any:
    from openedx_events.learning.data import UserData, UserPersonalData

    pii = UserPersonalData(username=f"aroha{number}", email=f"aroha{number}@example.org", name=f"Aroha T {number}")
    return UserData(id=number, is_active=True, pii=pii)


@cache
def _set_up() -> None:
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(EVENTS_SERVICE_NAME="lms", INSTALLED_APPS=[])
        django.setup()


def files(schemas: Mapping[str, Any]) -> dict[str, str]:
    """Return the content of each schema's file, by its name."""
    return {f"{signal}.avsc": json.dumps(schema, indent=1, sort_keys=True) + "\n" for signal, schema in schemas.items()}


def main(arguments: Iterable[str]) -> None:
    """Write the schemas into a folder."""
    (folder,) = map(Path, arguments)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files(schemas()).items():
        (folder / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
