"""The request bodies of the xAPI and Caliper routes in the OpenAPI document: their shape in short, and an example."""

from typing import Any

from services.enrolment.door.intake import JSON, MOST_EVENTS

_STATEMENT: dict[str, Any] = {
    "type": "object",
    "title": "Statement",
    "description": "xAPI 1.0.3 (xAPI Data, section 2)",
    "required": ["actor", "verb", "object"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "actor": {"type": "object"},
        "verb": {"type": "object", "required": ["id"]},
        "object": {"type": "object"},
        "result": {"type": "object"},
        "context": {"type": "object"},
        "timestamp": {"type": "string", "format": "date-time"},
    },
}
_PASSED: dict[str, Any] = {
    "id": "6f2c3e1a-5b1d-4f0a-9a51-2f6a4e6b8c11",
    "actor": {"account": {"homePage": "https://lms.example.org", "name": "u-4711"}},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/scored"},
    "object": {"id": "https://lms.example.org/exams/77"},
    "result": {"score": {"scaled": 0.82, "raw": 12.3, "min": 0, "max": 15}},
    "timestamp": "2026-03-02T09:57:06.123Z",
}
STATEMENT_BODY: dict[str, Any] = {JSON: {"schema": _STATEMENT, "example": _PASSED}}
STATEMENTS_BODY: dict[str, Any] = {
    JSON: {
        "schema": {"anyOf": [_STATEMENT, {"type": "array", "maxItems": MOST_EVENTS, "items": _STATEMENT}]},
        "example": [_PASSED],
    }
}
ENVELOPE_BODY: dict[str, Any] = {
    JSON: {
        "schema": {
            "type": "object",
            "title": "Envelope",
            "description": "IMS Caliper 1.1 or 1.2",
            "required": ["sensor", "sendTime", "dataVersion", "data"],
            "properties": {
                "sensor": {"type": "string"},
                "sendTime": {"type": "string", "format": "date-time"},
                "dataVersion": {
                    "enum": [f"http://purl.imsglobal.org/ctx/caliper/{version}" for version in ("v1p1", "v1p2")]
                },
                "data": {"type": "array", "minItems": 1, "maxItems": MOST_EVENTS, "items": {"type": "object"}},
            },
        },
        "example": {
            "sensor": "https://lms.example.org/sensor",
            "sendTime": "2026-03-02T09:58:00.000Z",
            "dataVersion": "http://purl.imsglobal.org/ctx/caliper/v1p2",
            "data": [
                {
                    "id": "urn:uuid:a50ca17f-5971-47bb-8fca-4e6e6879001d",
                    "type": "GradeEvent",
                    "actor": {"id": "https://lms.example.org/autograder", "type": "SoftwareApplication"},
                    "action": "Graded",
                    "object": {
                        "id": "https://lms.example.org/attempts/9",
                        "type": "Attempt",
                        "assignee": "https://lms.example.org/users/4711",
                        "assignable": "https://lms.example.org/exams/77",
                        "count": 1,
                    },
                    "eventTime": "2026-03-02T09:57:06.000Z",
                    "generated": {
                        "id": "https://lms.example.org/scores/1",
                        "type": "Score",
                        "scoreGiven": 12.3,
                        "maxScore": 15,
                    },
                }
            ],
        },
    }
}
