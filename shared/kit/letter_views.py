"""Dead letters as they are shown over HTTP."""

import base64
from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.kit.letter_desk import Shown
from shared.kit.letters import Status

LetterId = Annotated[str, StringConstraints(max_length=300, pattern=r"^[A-Za-z0-9._-]+/[0-9]{1,6}/[0-9]{1,19}$")]
Why = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]
_EXAMPLE: dict[str, Any] = {
    "id": "platform.events/3/1042",
    "topic": "platform.events",
    "partition": 3,
    "offset": 1042,
    "recorded": "2026-11-24T09:00:00Z",
    "key": "lrn-7f3a",
    "size": 412,
    "whole": True,
    "error": "UnknownVersion",
    "reason": "type: microcred.result.reported came in v2 and is known here in v1 only: upgrade this service",
    "attempts": 1,
    "first_failed": "2026-11-24T09:00:01Z",
    "status": "open",
    "holds_key": True,
    "waiting": 7,
}


class LetterView(BaseModel):
    """A refused record: where it stood, why it was refused, and what became of it."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    id: LetterId = Field(description="topic/partition/offset of the record where it first stood")
    topic: str
    partition: int
    offset: int
    recorded: datetime = Field(description="the record's own timestamp")
    key: str | None = Field(description="the record's key; bytes that are no UTF-8 are replaced")
    size: int = Field(description="of the value that is kept, in bytes")
    whole: bool = Field(
        description="false where its bytes are not kept: too large, or named people; the topic has them"
    )
    sealed: bool = Field(False, description="whether the bytes are encrypted, since they name people; then never shown")
    error: str
    reason: str = Field(description="the field at fault and the cure")
    attempts: int = Field(description="how often it was refused")
    first_failed: datetime
    status: Status
    holds_key: bool = Field(description="whether later records of its key wait for a decision about it")
    waiting: int = Field(description="how many records wait")
    decided_by: str | None = None
    decided_why: str | None = None

    @classmethod
    def of(cls, shown: Shown, **more: Any) -> Self:
        """Return the view of a letter."""
        letter = shown.letter
        settled = letter.settled or {}
        return cls(
            id=letter.id,
            topic=letter.topic,
            partition=letter.partition,
            offset=letter.record.offset,
            recorded=_moment(letter.record.timestamp),
            key=None if letter.record.key is None else letter.record.key.decode(errors="replace"),
            size=len(letter.record.value or b""),
            whole=letter.whole,
            sealed=letter.sealed,
            error=letter.error,
            reason=letter.reason,
            attempts=letter.attempts,
            first_failed=_moment(letter.first_failed),
            status=letter.status,
            holds_key=letter.parks and letter.status == "open" and letter.record.key is not None,
            waiting=shown.waiting,
            decided_by=settled.get("by"),
            decided_why=settled.get("why"),
            **more,
        )


class WholeLetter(LetterView):
    """A letter with the untouched bytes of its record."""

    value: str | None = Field(description="the record's value in base64; null where it had none")
    text: str | None = Field(description="the same as text, where it is UTF-8")
    headers: list[tuple[str, str]] = Field(description="the record's own headers, values in base64")

    @classmethod
    def with_record(cls, shown: Shown) -> Self:
        """Return the view of a letter with its record."""
        record = shown.letter.record
        return cls.of(
            shown,
            value=None if record.value is None or shown.letter.sealed else base64.b64encode(record.value).decode(),
            text=None if shown.letter.sealed else _text(record.value),
            headers=[(name, base64.b64encode(told or b"").decode()) for name, told in record.headers],
        )


class LetterPage(BaseModel):
    """One page of letters, in the order in which their records stood."""

    items: list[LetterView]
    next: str | None = Field(None, description="cursor of the next page; null on the last")


class Redrive(BaseModel):
    """Letters to take again."""

    letters: Annotated[list[LetterId], Field(min_length=1, max_length=200)]
    why: Why = "redriven"


class Discard(BaseModel):
    """Letters to give up, and why: this loses the events for good."""

    letters: Annotated[list[LetterId], Field(min_length=1, max_length=200)]
    why: Why


class LeftOut(BaseModel):
    """A letter that nothing was decided about."""

    letter: str
    reason: str


class Decided(BaseModel):
    """How many decisions the log has; they are carried out by the worker, in order."""

    accepted: int
    refused: list[LeftOut] = []


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(max(milliseconds, 0) / 1000, UTC)


def _text(value: bytes | None) -> str | None:
    try:
        return None if value is None else value.decode()
    except UnicodeDecodeError:
        return None
