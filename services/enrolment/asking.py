"""What the routes are asked with: callers, the clock and pages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Protocol, TypeVar

from fastapi import Depends, Path, Query, Request

from services.enrolment.errors import FieldError
from shared.contracts.envelope import Identifier, LearnerRef
from shared.kit.auth import Caller, needs
from shared.kit.clock import asked_at
from shared.kit.cursor import decode, encode


class Keyed(Protocol):
    """What a list is ordered by."""

    @property
    def key(self) -> str:
        """The document's `_id`."""
        ...


K = TypeVar("K", bound=Keyed)


class Cursor:
    """Where a page begins, and how the next one is named; a cursor is good for the list that gave it out only."""

    def __init__(self, request: Request, cursor: Annotated[str | None, Query(max_length=1000)] = None) -> None:
        """Read the request's cursor; raises `Problem` 400 for one that is not ours."""
        self._secret: bytes = request.app.state.settings.cursor_secret
        self._given = decode(self._secret, cursor) if cursor else None

    def after(self, *listed: str | None) -> str:
        """Return the key after which the page of this list begins.

        Raises:
            FieldError: the cursor belongs to another list.

        """
        if self._given is None:
            return ""
        *known, key = self._given
        if known != list(listed):
            raise FieldError("cursor", "it belongs to another list; start again without it")
        return str(key)

    def split(self, found: Sequence[K], limit: int, *listed: str | None) -> tuple[Sequence[K], str | None]:
        """Return one page of what was found, which is one more than `limit` if there is a next page, and its cursor."""
        if len(found) <= limit:
            return found, None
        return found[:limit], encode(self._secret, [*listed, found[limit - 1].key])


Now = Annotated[datetime, Depends(asked_at)]
Page = Annotated[Cursor, Depends()]
Limit = Annotated[int, Query(ge=1, le=200, description="most items on a page")]
Reading = Annotated[Caller, Depends(needs("read"))]
Reporting = Annotated[Caller, Depends(needs("events:write"))]
Defining = Annotated[Caller, Depends(needs("offerings:write"))]
Looking = Annotated[Caller, Depends(needs("learners:read"))]
Deciding = Annotated[Caller, Depends(needs("learners:write"))]
LearnerPath = Annotated[LearnerRef, Path(examples=["lrn-7f3a"])]
OfferingPath = Annotated[Identifier, Path(description="may contain slashes", examples=["AAA/2013J"])]
OfferingQuery = Annotated[Identifier | None, Query(examples=["AAA/2013J"])]
LearnerQuery = Annotated[LearnerRef | None, Query(examples=["lrn-7f3a"])]
