"""What the learner API answers, with the examples of its OpenAPI document."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class LearnerView(BaseModel):
    """A learner, as the platforms named them; `goes_as` is another reference when they are linked to one."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "learner_ref": "lrn-7f3a",
                "goes_as": "lrn-7f3a",
                "linked": ["lrn-91c0"],
                "person": {"name": "Aroha T", "email": "aroha@example.org"},
            }
        }
    )

    learner_ref: str
    goes_as: str
    linked: list[str] = Field(description="other references that go as this one")
    person: dict[str, Any] = Field(description="names and addresses by field; empty where no platform sent any")


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
