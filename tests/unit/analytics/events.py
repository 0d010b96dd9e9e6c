"""Events about one learner, with everything filled in that a test does not speak of."""

from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter

from shared.contracts.assessment import LearnerAssessed, LearnerPassed, PassWithdrawn
from shared.contracts.enrolment import LearnerEnrolled, LearnerUnenrolled, OfferingPublished
from shared.contracts.envelope import Event
from shared.contracts.issuance import CredentialIssued, CredentialRevoked

JANUARY = datetime(2026, 1, 15, tzinfo=UTC)
POLICY = "0123456789ab"
KEY = "ou/learner-1/bbb/2014j"

_DATA: dict[type[Event], dict[str, Any]] = {
    LearnerEnrolled: {"registration_id": "r-1"},
    LearnerUnenrolled: {"registration_id": "r-1"},
    LearnerAssessed: {
        "component": "tma-1",
        "result_id": "result-1",
        "score_percent": 70.0,
        "grade_percent": 70.0,
        "policy_version": POLICY,
    },
    LearnerPassed: {"grade_percent": 70.0, "policy_version": POLICY, "ordinal": 1},
    PassWithdrawn: {"pass_id": "pass-1", "reason": "result voided"},
    CredentialIssued: {"credential_id": "c-1", "pass_id": "pass-1", "status_list": "list-1", "status_index": 1},
    CredentialRevoked: {"credential_id": "c-1", "reason": "result voided"},
}


def about_learner(kind: type[Event], event_id: str, time: datetime = JANUARY, **data: Any) -> Any:
    """Return an event about the learner of `KEY`."""
    attributes = {"id": event_id, "source": "test", "time": time, "tenant": "ou", "learnerref": "learner-1"}
    return TypeAdapter(kind).validate_python(
        {**attributes, "data": {"offering": "bbb/2014j", **_DATA[kind], **data}},
    )


def offering_published(event_id: str, title: str, time: datetime = JANUARY) -> OfferingPublished:
    """Return a publication of the offering of `KEY`."""
    offering = {
        "offering": "bbb/2014j",
        "achievement": {"name": title, "description": "d", "criteria": "c"},
        "issuer": {"name": "The Open University"},
        "policy": {"components": [{"id": "tma-1", "weight": 100}], "pass_mark": 40},
    }
    return OfferingPublished.model_validate(
        {"id": event_id, "source": "test", "time": time, "tenant": "ou", "data": offering}
    )
