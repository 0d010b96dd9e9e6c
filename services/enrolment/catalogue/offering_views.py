"""What the offering API takes and answers, with the examples of its OpenAPI document."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator

from services.enrolment import examples
from services.enrolment.catalogue.endorsements import require_official
from services.enrolment.domain import PublishedOffering
from services.enrolment.frameworks.currencies import require_known_currencies
from services.enrolment.frameworks.forms import require_known_forms
from services.enrolment.views import example_of
from shared.contracts.achievement import Achievement
from shared.contracts.enrolment import CourseRun, Offering
from shared.contracts.envelope import Contract, Identifier
from shared.contracts.learning import Learning
from shared.contracts.policy import Policy
from shared.contracts.profile import Endorsements, Issuer
from shared.contracts.standing import Standing
from shared.contracts.terms import Terms
from shared.kit.moments import moment


class Definition(Contract):
    """An offering to publish; `offering`, if given, repeats the address."""

    model_config = example_of(examples.DEFINITION)

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

    model_config = example_of(examples.PUBLISHED)

    offering: Identifier
    policy_version: str
    event_id: str


class OfferingView(Offering):
    """An offering as it was last published."""

    model_config = example_of(examples.OFFERING)

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
