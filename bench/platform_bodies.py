"""What a platform sends in a rush: batches of marks, as xAPI statements in Open edX's words, and as Caliper events."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import orjson

from shared.contracts.envelope import derived_id

LMS = "https://lms.example.org"
RUN = "course-v1:OpenU+DIGSKILL15+2026_T1"
COURSE = f"{LMS}/course/{RUN}"
EXAM = f"{LMS}/xblock/block-v1:OpenU+DIGSKILL15+2026_T1+type@sequential+block@final"
LEARNERS = 10_000
BATCH = 1_000
"""Statements or events in one request: just under 1 MiB."""

Bodies = Callable[[str, int], Iterator[bytes]]
"""Makes the bodies of so many statements or events; the same name makes the same ids."""


def xapi(name: str, count: int) -> Iterator[bytes]:
    """Yield batches of statements: a subsection's grade, each with everything that the transformer puts there."""
    for some in _batches(count):
        yield orjson.dumps([_statement(name, number) for number in some])


def caliper(name: str, count: int) -> Iterator[bytes]:
    """Yield envelopes of GradeEvents."""
    for some in _batches(count):
        yield orjson.dumps(
            {
                "sensor": f"{LMS}/sensor",
                "sendTime": "2026-03-02T09:58:00.000Z",
                "dataVersion": "http://purl.imsglobal.org/ctx/caliper/v1p2",
                "data": [_graded(name, number) for number in some],
            }
        )


def _batches(count: int) -> Iterator[range]:
    return (range(first, min(first + BATCH, count)) for first in range(0, count, BATCH))


def _learner(number: int) -> str:
    return str(UUID(int=number % LEARNERS))


def _statement(name: str, number: int) -> dict[str, Any]:
    course = "http://adlnet.gov/expapi/activities/course"
    return {
        "id": derived_id(name, "statement", number),
        "version": "1.0.3",
        "actor": {"objectType": "Agent", "account": {"homePage": LMS, "name": _learner(number)}},
        "verb": {"id": "http://id.tincanapi.com/verb/earned", "display": {"en": "earned"}},
        "object": {
            "id": EXAM,
            "objectType": "Activity",
            "definition": {"type": "http://id.tincanapi.com/activitytype/resource", "name": {"en": "Final exam"}},
        },
        "result": {"score": {"scaled": number % 101 / 100, "raw": number % 101, "min": 0, "max": 100}},
        "timestamp": "2026-03-02T09:57:06.123456+00:00",
        "context": {
            "contextActivities": {"parent": [{"id": COURSE, "objectType": "Activity", "definition": {"type": course}}]},
            "extensions": {
                "https://w3id.org/xapi/openedx/extension/transformer-version": "event-routing-backends@10.0.0",
                "https://w3id.org/xapi/openedx/extensions/session-id": "056aca2a1c6b76742b283e73d3424453",
            },
        },
    }


def _graded(name: str, number: int) -> dict[str, Any]:
    return {
        "@context": "http://purl.imsglobal.org/ctx/caliper/v1p2",
        "id": f"urn:uuid:{derived_id(name, 'grade', number)}",
        "type": "GradeEvent",
        "profile": "GradingProfile",
        "actor": {"id": f"{LMS}/autograder", "type": "SoftwareApplication"},
        "action": "Graded",
        "object": {
            "id": f"{LMS}/attempts/{number}",
            "type": "Attempt",
            "assignee": {"id": f"{LMS}/users/{_learner(number)}", "type": "Person"},
            "assignable": {"id": EXAM, "type": "Assessment"},
            "count": number // LEARNERS + 1,
        },
        "eventTime": "2026-03-02T09:57:06.123Z",
        "generated": {
            "id": f"{LMS}/scores/{number}",
            "type": "Score",
            "maxScore": 100.0,
            "scoreGiven": number % 101,
            "scoredBy": f"{LMS}/autograder",
        },
        "group": {"id": COURSE, "type": "CourseSection"},
    }
