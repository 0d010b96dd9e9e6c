"""Avro in Confluent's wire format: a zero byte, the schema's number in four bytes, the datum. Pure.

A schema comes from elsewhere, and so do the bytes: both are bounded, and whatever they hold ends as `MalformedEvent`,
which never quotes them.
"""

from collections.abc import Mapping
from io import BytesIO
from typing import Any, NamedTuple

from fastavro import parse_schema, schemaless_reader
from fastavro.types import Schema

from shared.contracts.wire import MAX_BYTES, MalformedEvent

HEAD = 5
MOST_PARTS = 5_000
MOST_DEPTH = 32


class SchemaRefused(MalformedEvent):
    """A schema that is none, or that would let few bytes become endless data."""

    def __init__(self, reason: str) -> None:
        """Say what is wrong with it."""
        super().__init__("schema", reason)


def split(value: bytes | None) -> tuple[int, bytes]:
    """Return the number of a value's schema, and its datum.

    Raises:
        MalformedEvent: it is not in Confluent's wire format, or too large.

    """
    if value is None or len(value) <= HEAD or value[0] != 0:
        raise MalformedEvent("", "not Avro in Confluent's wire format: a zero byte, a schema's number, a datum")
    if len(value) > MAX_BYTES:
        raise MalformedEvent("", f"the record has {len(value)} bytes; at most {MAX_BYTES} are taken")
    return int.from_bytes(value[1:HEAD]), value[HEAD:]


def parsed(schema: Any) -> Schema:
    """Return a writer's schema, ready to be read with.

    Raises:
        SchemaRefused: it is not a record's schema, too large, or holds items without a size of their own.

    """
    try:
        _Bounded().check(schema)
        ready = parse_schema(schema)
    except SchemaRefused:
        raise
    except Exception as error:  # the library raises whatever a strange schema makes it stumble over
        raise SchemaRefused(f"not an Avro schema ({type(error).__name__})") from error
    if not isinstance(ready, dict) or ready.get("type") != "record":
        raise SchemaRefused("an event's schema is a record's")
    return ready


def name_of(schema: Schema) -> str:
    """Return the full name of a parsed record schema: `<namespace>.<name>`."""
    return str(schema["name"]) if isinstance(schema, dict) else ""


def datum(schema: Schema, raw: bytes) -> Mapping[str, Any]:
    """Return the datum that was written with this schema, and with nothing behind it.

    Raises:
        MalformedEvent: these bytes were written with another one.

    """
    stream = BytesIO(raw)
    try:
        found: Any = schemaless_reader(stream, schema, None)
    except (Exception, RecursionError) as error:  # as above; bytes of another schema can break it anywhere
        raise MalformedEvent("", f"the bytes do not fit their schema ({type(error).__name__})") from error
    if stream.tell() != len(raw):
        raise MalformedEvent("", f"{len(raw) - stream.tell()} bytes stand behind the event: it is of another schema")
    if not isinstance(found, dict):
        raise MalformedEvent("", "an event is a record")
    return found


class _Size(NamedTuple):
    """What a schema asks of a reader: how many values in one datum, and whether it may take no bytes at all."""

    values: int
    empty: bool


class _Bounded:
    """Walks a schema before it is used, so that what it makes of a datum stays in proportion to the bytes."""

    def __init__(self) -> None:
        self._parts = 0
        self._known: dict[str, _Size | None] = {}

    def check(self, schema: Any, depth: int = 0) -> _Size:
        self._parts += 1
        if self._parts > MOST_PARTS or depth > MOST_DEPTH:
            raise SchemaRefused(f"more than {MOST_PARTS} parts, or deeper than {MOST_DEPTH}")
        if isinstance(schema, str):
            return self._named(schema)
        if isinstance(schema, list):  # a union, which writes the place of its branch
            return _Size(1 + max((self.check(branch, depth + 1).values for branch in schema), default=0), empty=False)
        if not isinstance(schema, dict):
            raise SchemaRefused("not an Avro schema")
        kind = schema.get("type")
        if kind == "array":
            # Such an array holds as many items as a number says, and takes no more bytes than that.
            if self.check(schema.get("items"), depth + 1).empty:
                raise SchemaRefused("an array whose items take no bytes")
            return _Size(1, empty=False)
        if kind == "map":
            self.check(schema.get("values"), depth + 1)
            return _Size(1, empty=False)
        if kind in {"enum", "fixed"}:
            return self._note(schema, _Size(1, empty=kind == "fixed" and not schema.get("size")))
        return self._record(schema, depth) if kind in {"record", "error"} else self.check(kind, depth + 1)

    def _named(self, name: str) -> _Size:
        known = self._known.get(_short(name), _Size(1, empty=name == "null"))
        if known is None:
            # Its depth would be the datum's, and the reader's stack is not endless.
            raise SchemaRefused("a record that holds itself")
        return known

    def _record(self, schema: Mapping[str, Any], depth: int) -> _Size:
        self._known[_short(schema.get("name"))] = None
        fields = schema.get("fields")
        if not isinstance(fields, list):
            raise SchemaRefused("a record without fields")
        sizes = [self.check(field.get("type") if isinstance(field, dict) else None, depth + 1) for field in fields]
        size = _Size(1 + sum(each.values for each in sizes), all(each.empty for each in sizes))
        if size.values > MOST_PARTS:
            raise SchemaRefused(f"more than {MOST_PARTS} values in one event")
        return self._note(schema, size)

    def _note(self, schema: Mapping[str, Any], size: _Size) -> _Size:
        self._known[_short(schema.get("name"))] = size
        return size


def _short(name: Any) -> str:
    return str(name).rpartition(".")[2]
