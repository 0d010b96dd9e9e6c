"""What the learner API answers, with the examples of its OpenAPI document."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from services.enrolment.learners.identity import Check
from shared.kit.moments import moment


class IdentityView(BaseModel):
    """The latest check of who holds the account."""

    verified: bool = Field(description="somebody was verified, and that has not ended")
    checked: datetime
    verified_until: datetime | None = Field(None, description="null where it has no end, or nobody was verified")


class LearnerView(BaseModel):
    """A learner, as the platforms named them; `goes_as` is another reference when they are linked to one."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "learner_ref": "lrn-7f3a",
                "goes_as": "lrn-7f3a",
                "linked": ["lrn-91c0"],
                "person": {"name": "Aroha T", "email": "aroha@example.org"},
                "identity": {
                    "verified": True,
                    "checked": "2026-03-02T09:30:00Z",
                    "verified_until": "2028-03-02T00:00:00Z",
                },
            }
        }
    )

    learner_ref: str
    goes_as: str
    linked: list[str] = Field(description="other references that go as this one")
    person: dict[str, Any] = Field(description="names and addresses by field; empty where no platform sent any")
    identity: IdentityView | None = Field(None, description="null where no platform said; it makes no attempt count")


class Erasure(BaseModel):
    """The references whose keys are destroyed."""

    model_config = ConfigDict(json_schema_extra={"example": {"erased": ["lrn-7f3a", "lrn-91c0"]}})

    erased: list[str]


class LinkView(BaseModel):
    """As whom the other learner goes from now on."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "learner_ref": "lrn-7f3a",
                "linked": "lrn-91c0",
                "event_id": "5f0c3a52-6a1e-5d5f-9a58-6a2b8f1f7c11",
            }
        }
    )

    learner_ref: str
    linked: str
    event_id: str


def identity_view(check: Check, now: datetime) -> IdentityView:
    """Return a check as it is shown at a moment."""
    until = check.until if check.verified else None
    return IdentityView(verified=check.holds(now), checked=moment(check.time), verified_until=until)
