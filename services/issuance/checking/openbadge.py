"""What every Open Badges 3.0 credential has, as the verifier reads it.

Source: Open Badges 3.0, section B.1; Verifiable Credentials Data Model 2.0, section 4. Members that the verifier does
not read may be anything that the contexts define.
"""

import re
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from services.issuance.errors import CredentialRefused
from services.issuance.jsonld.terms import listed, only
from shared.contracts.envelope import utc

Document = dict[str, Any]

#: XML Schema dateTimeStamp.
_DATETIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)


def _containing(*names: str) -> AfterValidator:
    def check(types: list[str]) -> list[str]:
        if not set(names) & set(types):
            raise ValueError(f"does not contain {' or '.join(names)}")
        return types

    return AfterValidator(check)


def _moment(value: Any) -> datetime:
    if not isinstance(value, str) or not _DATETIME.fullmatch(value):
        raise ValueError("is not a date and time with an offset from UTC, such as 2026-03-02T09:30:00Z")
    return utc(value)


Uri = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$", max_length=2000)]
Types = Annotated[list[str], BeforeValidator(listed)]
Text = Annotated[str, StringConstraints(min_length=1)]
Moment = Annotated[datetime, BeforeValidator(_moment)]


class Criteria(BaseModel):
    """How the achievement is earned: a text, a link, or both."""

    id: Uri | None = None
    narrative: str | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.id is None and self.narrative is None:
            raise ValueError("has neither id nor narrative")
        return self


class Achievement(BaseModel):
    """What is certified."""

    id: Uri
    type: Annotated[Types, _containing("Achievement")]
    name: Text
    description: Text
    criteria: Annotated[Criteria, BeforeValidator(only)]


class Subject(BaseModel):
    """Whom it is about."""

    id: Uri | None = None
    type: Annotated[Types, _containing("AchievementSubject")]
    identifier: Annotated[list[Document], BeforeValidator(listed)] = Field(default_factory=list)
    achievement: Annotated[Achievement, BeforeValidator(only)]

    @model_validator(mode="after")
    def _is_somebody(self) -> Self:
        if self.id is None and not self.identifier:
            raise ValueError("has neither id nor identifier")
        return self


class Profile(BaseModel):
    """Who issued it."""

    id: Uri
    type: Annotated[Types, _containing("Profile")]
    name: str | None = None


class Status(BaseModel):
    """Where to look up whether it was revoked (Bitstring Status List 1.0, section 2.1)."""

    id: Uri | None = None
    type: Text
    purpose: str | None = Field(None, alias="statusPurpose")
    index: Annotated[str | None, StringConstraints(pattern=r"^\d{1,9}$")] = Field(None, alias="statusListIndex")
    list_url: Uri | None = Field(None, alias="statusListCredential")


class Badge(BaseModel):
    """An AchievementCredential, also called OpenBadgeCredential."""

    id: Uri
    type: Annotated[
        Types, _containing("VerifiableCredential"), _containing("AchievementCredential", "OpenBadgeCredential")
    ]
    issuer: Annotated[Profile | Uri, BeforeValidator(only)]
    valid_from: Moment = Field(alias="validFrom")
    valid_until: Moment | None = Field(None, alias="validUntil")
    subject: Annotated[Subject, BeforeValidator(only)] = Field(alias="credentialSubject")
    status: Annotated[Status | None, BeforeValidator(only)] = Field(None, alias="credentialStatus")

    @property
    def statuses(self) -> tuple[Status, ...]:
        """Its entries in status lists: one, or none."""
        return () if self.status is None else (self.status,)

    @property
    def issuer_id(self) -> str:
        """The issuer's id."""
        return self.issuer.id if isinstance(self.issuer, Profile) else self.issuer

    @property
    def issuer_name(self) -> str:
        """What the issuer calls itself."""
        return (isinstance(self.issuer, Profile) and self.issuer.name) or self.issuer_id


def badge_of(document: Document) -> Badge:
    """Return what the verifier reads of a credential.

    Raises:
        CredentialRefused: the first member that is missing or wrong.

    """
    try:
        return Badge.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        reason = first["msg"].removeprefix("Value error, ")
        raise CredentialRefused(".".join(map(str, first["loc"])), reason) from error
