"""The signals that the tests are about, and the facts of an event."""

from datetime import timedelta
from typing import Any

from shared.contracts.envelope import Event

CREATED, CHANGED = "course.enrollment.created.v1", "course.enrollment.changed.v1"
UNENROLLED = "course.unenrollment.completed.v1"
GRADED = "course.persistent_grade_summary.changed.v1"
PASSING = "course.passing.status.updated.v1"
SECONDS = timedelta(seconds=1)


def facts(event: Event) -> dict[str, Any]:
    data: dict[str, Any] = event.data.model_dump(exclude_defaults=True)
    return {"type": type(event), "time": event.time, **data}
