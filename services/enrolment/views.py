"""What the enrolment API takes and answers, with the examples of its OpenAPI document."""

from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from services.enrolment import examples
from services.enrolment.domain import Enrolment, Status
from shared.contracts.envelope import Identifier
from shared.kit.moments import moment


def example_of(example: dict[str, Any]) -> ConfigDict:
    """Return the settings of a model that is shown by an example."""
    return ConfigDict(json_schema_extra={"example": example})


class RefusedEvent(BaseModel):
    """One event that was not taken: its place in the batch, the field at fault, and the cure."""

    model_config = ConfigDict(from_attributes=True)

    index: int
    id: str | None = None
    field: str
    reason: str


class NoteView(BaseModel):
    """What of an item that was taken could not be said whole: extra credit, for example."""

    model_config = ConfigDict(from_attributes=True)

    index: int
    field: str
    reason: str


class Receipt(BaseModel):
    """What the log has acknowledged of a request."""

    model_config = example_of(examples.RECEIPT)

    accepted: int
    refused: list[RefusedEvent]


class NotedReceipt(Receipt):
    """The same, with what of the accepted items could not be said whole."""

    notes: list[NoteView]


class ChangeView(BaseModel):
    """One change of an enrolment; `term` is the run that it is about, where the platform names one."""

    at: datetime
    change: Literal["registered", "unregistered"]
    event_id: Identifier
    term: str | None = None
    role: str | None = None


class EnrolmentView(BaseModel):
    """One learner's place on one offering, and how it came about, oldest change first."""

    model_config = example_of(examples.ENROLMENT)

    learner_ref: str
    offering: Identifier
    status: Status
    since: datetime | None = Field(None, description="first enrolment; null while only an end of it is known")
    history: list[ChangeView]

    @classmethod
    def of(cls, enrolment: Enrolment) -> Self:
        """Show an enrolment."""
        return cls(
            learner_ref=enrolment.learner_ref,
            offering=enrolment.offering,
            status=enrolment.status,
            since=None if enrolment.since is None else moment(enrolment.since),
            history=[
                ChangeView(
                    at=moment(change.time),
                    change="registered" if change.enrolled else "unregistered",
                    event_id=change.event_id,
                    term=change.term,
                    role=change.role,
                )
                for change in sorted(enrolment.history)
            ],
        )


class EnrolmentPage(BaseModel):
    """Enrolments in the order of learner and offering; `next` is the cursor of the page after this one."""

    items: list[EnrolmentView]
    next: str | None = None
