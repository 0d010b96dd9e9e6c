"""What the enrolment API takes and answers, with the examples of its OpenAPI document."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from services.enrolment import examples
from services.enrolment.catalogue.endorsements import require_official
from services.enrolment.domain import Enrolment, PublishedOffering, Status
from services.enrolment.frameworks.currencies import require_known_currencies
from services.enrolment.frameworks.forms import require_known_forms
from shared.contracts.achievement import Achievement
from shared.contracts.enrolment import CourseRun, Offering
from shared.contracts.envelope import Contract, Identifier
from shared.contracts.learning import Learning
from shared.contracts.policy import Policy
from shared.contracts.profile import Endorsements, Issuer
from shared.contracts.standing import Standing
from shared.contracts.terms import Terms
from shared.kit.moments import moment


def _with(example: dict[str, Any]) -> ConfigDict:
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

    model_config = _with(examples.RECEIPT)

    accepted: int
    refused: list[RefusedEvent]


class NotedReceipt(Receipt):
    """The same, with what of the accepted items could not be said whole."""

    notes: list[NoteView]


class Definition(Contract):
    """An offering to publish; `offering`, if given, repeats the address."""

    model_config = _with(examples.DEFINITION)

    offering: Identifier | None = None
    achievement: Achievement
    issuer: Issuer
    policy: Policy
    endorsements: Endorsements = ()
    runs: Annotated[tuple[CourseRun, ...], Field(max_length=100)] = ()
    learning: Learning | None = None
    standing: Standing | None = None
    terms: Terms | None = None

    @field_validator("achievement")
    @classmethod
    def _aligned(cls, achievement: Achievement) -> Achievement:
        require_known_forms(achievement.alignments)
        require_official(achievement.endorsements, achievement.endorsement_jwts)
        return achievement

    @field_validator("issuer")
    @classmethod
    def _endorsed(cls, issuer: Issuer) -> Issuer:
        require_official(issuer.endorsements, issuer.endorsement_jwts)
        return issuer

    @field_validator("endorsements")
    @classmethod
    def _signed(cls, endorsements: Endorsements) -> Endorsements:
        require_official(endorsements)
        return endorsements

    @field_validator("terms")
    @classmethod
    def _priced(cls, terms: Terms | None) -> Terms | None:
        require_known_currencies(terms)
        return terms

    @model_validator(mode="after")
    def _is_an_offering(self) -> Self:
        try:
            self.named("any")
        except ValidationError as error:
            raise ValueError(error.errors()[0]["msg"].removeprefix("Value error, ")) from error
        return self

    def named(self, offering: Identifier) -> Offering:
        """Return the offering of this name that is defined here."""
        return Offering(offering=offering, **{name: getattr(self, name) for name in _DEFINED})


_DEFINED = Definition.model_fields.keys() - {"offering"}


class Publication(BaseModel):
    """What was appended to the catalogue."""

    model_config = _with(examples.PUBLISHED)

    offering: Identifier
    policy_version: str
    event_id: str


class OfferingView(Offering):
    """An offering as it was last published."""

    model_config = _with(examples.OFFERING)

    policy_version: str
    event_id: str
    published_at: datetime

    @classmethod
    def of(cls, offering: PublishedOffering) -> Self:
        """Show an offering."""
        return cls.model_validate(
            {
                **offering.definition,
                "policy_version": offering.policy_version,
                "event_id": offering.event_id,
                "published_at": moment(offering.time),
            }
        )


class OfferingPage(BaseModel):
    """Offerings in the order of their names; `next` is the cursor of the page after this one."""

    items: list[OfferingView]
    next: str | None = None


class ChangeView(BaseModel):
    """One change of an enrolment; `term` is the run that it is about, where the platform names one."""

    at: datetime
    change: Literal["registered", "unregistered"]
    event_id: Identifier
    term: str | None = None
    role: str | None = None


class EnrolmentView(BaseModel):
    """One learner's place on one offering, and how it came about, oldest change first."""

    model_config = _with(examples.ENROLMENT)

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
