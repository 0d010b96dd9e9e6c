"""What the check of a credential reads of it, whatever kind of credential it is. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import unquote

from pydantic import ValidationError

from services.issuance.checking.openbadge import Status, badge_of
from services.issuance.checking.report import Outcome, Step
from services.issuance.errors import CredentialRefused
from services.issuance.interfaces.resources import require_resources
from services.issuance.interfaces.values import moment_in
from services.issuance.jsonld.terms import listed
from services.issuance.schema import require_official

Document = dict[str, Any]


class Stated(Protocol):
    """What a check reads of a credential."""

    @property
    def id(self) -> str | None:
        """Its own id; any but a badge may be without one."""
        ...

    @property
    def issuer_id(self) -> str:
        """The issuer's id."""
        ...

    @property
    def issuer_name(self) -> str:
        """What the issuer calls itself."""
        ...

    @property
    def valid_from(self) -> datetime | None:
        """Since when it is valid."""
        ...

    @property
    def valid_until(self) -> datetime | None:
        """Until when it is valid."""
        ...

    @property
    def statuses(self) -> tuple[Status, ...]:
        """Its entries in status lists."""
        ...


Reading = Callable[[Document], tuple[Stated, Step]]
"""What a document states, and the step `schema`; or CredentialRefused."""


@dataclass(frozen=True, slots=True)
class Plain:
    """What any verifiable credential states."""

    id: str | None
    issuer_id: str
    issuer_name: str
    valid_from: datetime | None
    valid_until: datetime | None
    statuses: tuple[Status, ...]


def plain(document: Document) -> Plain:
    """Return what any verifiable credential states.

    Raises:
        CredentialRefused: what it states has another form.

    """
    issuer = document.get("issuer")
    named = issuer.get("name") if isinstance(issuer, dict) else None
    issuer_id, own_id = id_of(issuer), document.get("id")
    if issuer_id is None:
        raise CredentialRefused("issuer", "names nobody")
    try:
        statuses = tuple(map(Status.model_validate, listed(document.get("credentialStatus", []))))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise CredentialRefused(f"credentialStatus.{first['loc'][-1] if first['loc'] else ''}", first["msg"]) from error
    return Plain(
        id=own_id if isinstance(own_id, str) else None,
        issuer_id=issuer_id,
        issuer_name=named if isinstance(named, str) else issuer_id,
        valid_from=moment_in(document, "validFrom"),
        valid_until=moment_in(document, "validUntil"),
        statuses=statuses,
    )


def id_of(party: object) -> str | None:
    """Return how a holder or an issuer is named, if it is."""
    named = party.get("id") if isinstance(party, dict) else party
    return named if isinstance(named, str) else None


def unescaped(name: object) -> str | None:
    """Return an id in the form that all its spellings share (Open Badges 3.0, section 10), or None for what is none."""
    return unquote(name.strip()) if isinstance(name, str) else None


def is_same_id(one: object, other: object) -> bool:
    """Tell whether two ids are the same, however they are escaped."""
    return unescaped(one) is not None and unescaped(one) == unescaped(other)


def as_badge(document: Document) -> tuple[Stated, Step]:
    """Return what an Open Badge 3.0 states.

    Raises:
        CredentialRefused: it is none, by the official schema.

    """
    require_official(document)
    require_resources(document)
    words = "It says all that an Open Badge 3.0 must say, by the official schema."
    return badge_of(document), Step("schema", Outcome.PASSED, words)
