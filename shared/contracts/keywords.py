"""The keywords of JSON Schema, compared: may the writer write what the reader refuses? Pure."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]

_ANNOTATIONS = {"$schema", "$id", "$comment", "title", "description", "examples", "deprecated", "default"}
_WALKED = {"properties", "required", "items"}
_ANY_TYPE = ("array", "boolean", "integer", "null", "number", "object", "string")


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a reader refuses or misreads what a writer may write."""

    rule: str
    path: str
    what: str
    cure: str = "undo it, or make it the next major version of the event"

    def __str__(self) -> str:
        """Return one line."""
        return f"{self.path or 'the event'}: {self.what} [{self.rule}]; {self.cure}"


def refused(writer: Schema, reader: Schema, path: str) -> Iterator[Finding]:
    """Yield what the reader's keywords refuse of the writer's values, members and items left aside."""
    yield from _types(writer, reader, path)
    yield from _choices(writer, reader, path)
    yield from _texts(writer, reader, path)
    yield from _bounds(writer, reader, path)
    for name in sorted((writer.keys() | reader.keys()) - _JUDGED):
        if writer.get(name) != reader.get(name):
            yield Finding("unknown keyword", path, f"{name} changes, which nobody here can judge", "say it without it")


def _types(writer: Schema, reader: Schema, path: str) -> Iterator[Finding]:
    if extra := _types_of(writer) - _types_of(reader):
        yield Finding("type", path, f"{', '.join(sorted(extra))} may be written, {reader['type']} is read")


def _types_of(schema: Schema) -> set[str]:
    given = schema.get("type", _ANY_TYPE)
    types = {given} if isinstance(given, str) else set(given)
    return types | {"integer"} if "number" in types else types


def _choices(writer: Schema, reader: Schema, path: str) -> Iterator[Finding]:
    taken = _choices_of(reader)
    if taken is None:
        return
    written = _choices_of(writer)
    extra = ["anything"] if written is None else [each for each in written if each not in taken]
    if extra:
        yield Finding("const" if "const" in reader else "enum", path, f"{extra} may be written, only {taken} is read")


def _choices_of(schema: Schema) -> list[Any] | None:
    return [schema["const"]] if "const" in schema else schema.get("enum")


def _texts(writer: Schema, reader: Schema, path: str) -> Iterator[Finding]:
    for name in _TEXTS:
        if name in reader and writer.get(name) != reader[name]:
            yield Finding(name, path, f"{writer.get(name, 'any text')} may be written, {reader[name]} is read")


def _bounds(writer: Schema, reader: Schema, path: str) -> Iterator[Finding]:
    for names, room in _ROOM.items():
        if room(reader) < room(writer):
            written, read = ({name: schema[name] for name in names if name in schema} for schema in (writer, reader))
            yield Finding("bounds", path, f"{written or 'any'} may be written, {read} is read")


Room = tuple[float, int]


def _room_below(schema: Schema) -> Room:
    # An exclusive bound leaves a little less room than the same bound inclusive.
    return min((-schema.get("minimum", -math.inf), 0), (-schema.get("exclusiveMinimum", -math.inf), -1))


def _room_above(schema: Schema) -> Room:
    return min((schema.get("maximum", math.inf), 0), (schema.get("exclusiveMaximum", math.inf), -1))


def _at_least(name: str) -> Callable[[Schema], Room]:
    return lambda schema: (-schema.get(name, 0), 0)


def _at_most(name: str) -> Callable[[Schema], Room]:
    return lambda schema: (schema.get(name, math.inf), 0)


_TEXTS = ("pattern", "format")
_ROOM: Mapping[tuple[str, ...], Callable[[Schema], Room]] = {
    ("minimum", "exclusiveMinimum"): _room_below,
    ("maximum", "exclusiveMaximum"): _room_above,
    ("minLength",): _at_least("minLength"),
    ("maxLength",): _at_most("maxLength"),
    ("minItems",): _at_least("minItems"),
    ("maxItems",): _at_most("maxItems"),
}
_JUDGED = _ANNOTATIONS | _WALKED | {"type", "const", "enum", *_TEXTS} | {name for names in _ROOM for name in names}
