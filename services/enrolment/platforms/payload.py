"""Reading what a platform sent: members that are not needed are passed over, what is wrong is told by its field."""

from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from shared.contracts.envelope import LearnerEvent
from shared.contracts.topics import PLATFORM_EVENTS
from shared.contracts.wire import MalformedEvent, reason_of

P = TypeVar("P", bound="Payload")
E = TypeVar("E", bound=LearnerEvent)
#: Before it nobody reported anything to us, and the calendar's ends cannot be told in UTC.
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(9000, 1, 1, tzinfo=UTC)


class Payload(BaseModel):
    """Base of what a platform sends; numbers are numbers there, and neither texts nor truth values."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False, populate_by_name=True)


def _written(given: Any) -> Any:
    if not isinstance(given, str):
        raise ValueError("a moment is written in ISO 8601, with its offset from UTC")  # noqa: TRY004 - pydantic's way
    return given


def _in_the_calendar(moment: datetime) -> datetime:
    if not _EARLIEST <= moment <= _LATEST:
        raise ValueError(f"{moment.isoformat()} is out of bounds; send the moment it happened")
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_in_the_calendar)]
"""A moment in ISO 8601 with its offset; in UTC here."""
Points = Annotated[float, Field(strict=True)]
"""A JSON number."""


def read(kind: type[P], raw: Any) -> P:
    """Return a payload as what it should be.

    Raises:
        MalformedEvent: with the first member at fault.

    """
    if not isinstance(raw, dict):
        raise MalformedEvent("body", "a JSON object is expected")
    try:
        return kind.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        path = ".".join(map(str, first["loc"])) or "body"
        raise MalformedEvent(path, first["msg"].removeprefix("Value error, ")) from error


def event(kind: type[E], **attributes: Any) -> E:
    """Return the canonical event of these attributes.

    Raises:
        ContractError: what of it the contract does not allow, by field.

    """
    try:
        return kind.model_validate(attributes)
    except ValidationError as error:
        raise reason_of(error, PLATFORM_EVENTS) from error
