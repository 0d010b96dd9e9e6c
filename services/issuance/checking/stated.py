"""What the check of a credential reads of it, whatever kind of credential it is. Pure."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from services.issuance.checking.openbadge import Status, badge_of
from services.issuance.checking.report import Outcome, Step
from services.issuance.interfaces.resources import require_resources
from services.issuance.schema import require_official

Document = dict[str, Any]


class Stated(Protocol):
    """What a check reads of a credential."""

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


def as_badge(document: Document) -> tuple[Stated, Step]:
    """Return what an Open Badge 3.0 states.

    Raises:
        CredentialRefused: it is none, by the official schema.

    """
    require_official(document)
    require_resources(document)
    words = "It says all that an Open Badge 3.0 must say, by the official schema."
    return badge_of(document), Step("schema", Outcome.PASSED, words)
