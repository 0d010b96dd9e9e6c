"""The examples and the request bodies of the OpenAPI document."""

from typing import Any

from services.enrolment.door.intake import BATCH, EVENT, JSON, MOST_EVENTS
from shared.contracts.topics import REPORTED

EVENT_EXAMPLE: dict[str, Any] = {
    "specversion": "1.0",
    "id": "moodle-7/attempt/88123",
    "source": "https://lms.example.org",
    "type": "microcred.result.reported.v1",
    "time": "2026-03-02T09:57:06.123Z",
    "learnerref": "lrn-7f3a",
    "data": {
        "offering": "AAA/2013J",
        "component": "exam",
        "score": 12.3,
        "max_score": 15,
        "evidence": [{"url": "https://lms.example.org/work/88123", "name": "Exam script"}],
    },
}
_EVENT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "CloudEvent",
    "description": "CloudEvents 1.0 in JSON; the schema of each type stands in shared/contracts/schemas. `tenant`, "
    "`platform` and `traceparent` are the token's and the request's where they are left out.",
    "required": ["specversion", "id", "source", "type", "time", "learnerref", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string"},
        "source": {"type": "string"},
        "type": {"enum": [event.TYPE for event in REPORTED]},
        "time": {"type": "string", "format": "date-time"},
        "learnerref": {"type": "string"},
        "data": {"type": "object"},
    },
}
_BATCH_SCHEMA: dict[str, Any] = {"type": "array", "minItems": 1, "maxItems": MOST_EVENTS, "items": _EVENT_SCHEMA}
EVENT_BODY: dict[str, Any] = {
    EVENT: {"schema": _EVENT_SCHEMA, "example": EVENT_EXAMPLE},
    BATCH: {"schema": _BATCH_SCHEMA, "example": [EVENT_EXAMPLE]},
    JSON: {"schema": {"anyOf": [_EVENT_SCHEMA, _BATCH_SCHEMA]}, "example": EVENT_EXAMPLE},
}
DEFINITION: dict[str, Any] = {
    "achievement": {
        "name": "Data skills",
        "description": "Reading, cleaning and charting tables.",
        "criteria": "A grade of 40 % or more over assignment and exam.",
        "image": "https://ou.example/data-skills.png",
        "alignments": [
            {
                "target_name": "Python (computer programming)",
                "target_url": "http://data.europa.eu/esco/skill/ccd0a1d9-afda-43d9-b901-96344886e14d",
                "target_framework": "ESCO",
                "target_framework_version": "1.2.0",
            }
        ],
        "outcomes": [
            {
                "id": "chart",
                "title": "Charts a table",
                "statement": "Chooses a chart that fits the question.",
                "assessed_by": ["tma-1", "exam"],
            }
        ],
        "credits": {"available": 5, "unit": "ECTS"},
        "notional_hours": 125,
        "level": {"framework": "EQF", "level": "6"},
        "validity": {"months": 36},
    },
    "issuer": {
        "name": "The Open University",
        "url": "https://ou.example/",
        "address": {"locality": "Milton Keynes", "country_code": "GB"},
    },
    "policy": {
        "components": [{"id": "tma-1", "weight": 40}, {"id": "exam", "weight": 60}],
        "pass_mark": 40,
        "attempts": "best",
    },
    "learning": {
        "participation": "online",
        "languages": ["en"],
        "effort": {"weeks": 12, "hours_per_week": 11},
        "assessing": {"kinds": ["marked-assignment", "written-examination"], "summative": True},
    },
    "standing": {
        "quality": [{"kind": "internal", "title": "Yearly review", "url": "https://ou.example/quality"}],
        "integration": "stackable",
    },
    "terms": {
        "prices": [{"amount": 39900, "currency": "GBP", "on": "2026-01-01"}],
        "opens": "2026-02-01",
        "review_on": "2028-02-01",
    },
}
PUBLISHED = {
    "offering": "AAA/2013J",
    "policy_version": "3f8a1c09be77",
    "event_id": "5f0c3a52-6a1e-5d5f-9a58-6a2b8f1f7c11",
}
OFFERING = DEFINITION | PUBLISHED | {"published_at": "2026-02-01T08:00:00Z"}


RECEIPT: dict[str, Any] = {
    "accepted": 999,
    "refused": [{"index": 3, "id": "attempt-9", "field": "data.score", "reason": "score 16 is above max_score 15"}],
}
ENROLMENT: dict[str, Any] = {
    "learner_ref": "lrn-7f3a",
    "offering": "AAA/2013J",
    "status": "enrolled",
    "since": "2026-02-20T10:00:00Z",
    "history": [
        {
            "at": "2026-02-20T10:00:00Z",
            "change": "registered",
            "event_id": "moodle-7/reg/4711",
            "term": "2026_T1",
            "role": "verified",
        }
    ],
}
CHECK: dict[str, Any] = {"definition": DEFINITION, "rule_sets": ["cmf@current"]}
CHECKED: dict[str, Any] = {
    "rule_sets": ["cmf@current"],
    "rules": 9,
    "findings": [
        {
            "rule": "cmf@current/CMF-4",
            "severity": "required",
            "path": "learning.assessing.identity",
            "found": [{"path": "learning.assessing.identity", "value": None}],
            "wanted": "identity verified at the point of assessment; a check at enrolment only is not that",
            "source": "Common Microcredential Framework, current wording: ID verification",
            "read": "original",
            "overridden": None,
        }
    ],
    "completeness": [],
    "sizes": [
        {"amount": "5.00", "unit": "ECTS", "path": None},
        {"amount": "125.00", "unit": "hours", "path": "ECTS*25"},
    ],
}
