"""What a worker and the process that folds beside it say to each other, on a socket that only these two have.

Pickled, for they are two halves of one program; each with its length before it. An error crosses with its traceback as
a note, and arrives as what it was.
"""

import io
import pickle
import struct
import traceback
from asyncio import IncompleteReadError, StreamReader
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from shared.kit.chunk import Outcome
from shared.kit.ledger import Batch, Record

E = TypeVar("E", bound=BaseException)
_LENGTH = struct.Struct(">Q")
LIMIT = 1 << 24
"""Bytes that a reader holds before it lets the other side wait: more than what two fetches bring."""

Rows = tuple[str, str, int, int, Sequence[tuple[Any, ...]]]
"""A batch in bare rows: pickled and back in two thirds of the time that named tuples take."""


class Take(NamedTuple):
    """Fold this in one of your lanes."""

    number: int
    lane: int
    batches: Sequence[Rows]


class Name(NamedTuple):
    """Tell what your transactions are known by."""

    number: int


class Leave(NamedTuple):
    """Give back what you hold, and end."""


class Part(NamedTuple):
    """A chunk is folded, up to `ends` by topic and partition, and said; `seconds` from its begin."""

    number: int
    ends: Mapping[tuple[str, int], int]
    outcome: Outcome
    seconds: float


class Answer(NamedTuple):
    """What was asked for is done, or failed with `error`."""

    number: int
    error: BaseException | None = None
    holder: bytes = b""


def rows_of(batches: Sequence[Batch]) -> list[Rows]:
    """Return batches as they are sent."""
    return [
        (each.topic, each.topic_id, each.partition, each.begins, [tuple(record) for record in each.records])
        for each in batches
    ]


def batches_of(rows: Sequence[Rows]) -> list[Batch]:
    """Return batches as they were before `rows_of`."""
    return [
        Batch(topic, topic_id, partition, begins, [Record._make(record) for record in records])
        for topic, topic_id, partition, begins, records in rows
    ]


def packed(message: NamedTuple) -> bytes:
    """Return a message as it goes over the line."""
    held = io.BytesIO()
    try:
        _Pickler(held, pickle.HIGHEST_PROTOCOL).dump(message)
    except (pickle.PicklingError, AttributeError, TypeError):
        # An error of somebody else's may hold what only lives in its process; its words do not.
        held = io.BytesIO()
        plain = message._replace(error=RuntimeError(str(getattr(message, "error", message))))
        _Pickler(held, pickle.HIGHEST_PROTOCOL).dump(plain)
    text = held.getvalue()
    return _LENGTH.pack(len(text)) + text


async def messages(reader: StreamReader) -> AsyncIterator[Any]:
    """Yield what the other side says, until it is gone."""
    while True:
        try:
            (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
            text = await reader.readexactly(length)
        except (IncompleteReadError, ConnectionError):
            return
        yield pickle.loads(text)  # noqa: S301 - from our own other half


class _Pickler(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        """Let an error be made again without the arguments that its own class wants."""
        if isinstance(value, BaseException):
            notes = [*getattr(value, "__notes__", ()), "".join(traceback.format_exception(value))]
            return _error, (type(value), value.args, {**value.__dict__, "__notes__": notes})
        return NotImplemented


def _error(kind: type[E], args: tuple[Any, ...], attributes: dict[str, Any]) -> E:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(attributes)
    return error
