"""Schemas from elsewhere are bounded before anything is read with them."""

import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrolment.platforms.avro import SchemaRefused, datum, name_of, parsed, split
from shared.contracts.wire import MalformedEvent
from shared.testing.openedx import record, schemas


def of(*fields: Any, name: str = "R") -> dict[str, Any]:
    named = [{"name": f"f{number}", "type": kind} for number, kind in enumerate(fields)]
    return {"type": "record", "name": name, "namespace": "a.b", "fields": named}


def nested(kind: Any, depth: int) -> Any:
    for _ in range(depth):
        kind = {"type": "array", "items": kind}
    return kind


def doubling(times: int) -> dict[str, Any]:
    schema: Any = of("null", name="R0")
    for number in range(1, times):
        schema = of(schema, f"R{number - 1}", name=f"R{number}")
    return dict(schema)


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ("string", "record"),
        ([], "record"),
        (None, "not an Avro schema"),
        ({"type": "record", "name": "R"}, "without fields"),
        (of("no such type"), "not an Avro schema"),
        (of({"type": "array", "items": "null"}), "items take no bytes"),
        (of({"type": "array", "items": of(name="Empty")}), "items take no bytes"),
        (of({"type": "array", "items": {"type": "fixed", "name": "F", "size": 0}}), "items take no bytes"),
        (of("R"), "holds itself"),
        (of(["null", "R"]), "holds itself"),
        (of({"type": "map", "values": "a.b.R"}), "holds itself"),
        (of(nested("string", 40)), "deeper than"),
        (of(*["string"] * 6_000), "more than"),
        (doubling(20), "more than"),
    ],
)
def test_a_schema_that_makes_much_of_few_bytes_is_refused(schema: Any, reason: str):
    with pytest.raises(SchemaRefused, match=reason):
        parsed(schema)


def test_every_schema_of_open_edx_is_within_the_bounds():
    for signal, schema in schemas().items():
        assert name_of(parsed(schema)) == f"{signal}.CloudEvent"


def test_a_datum_is_read_whole_or_not_at_all():
    published = record("idv_attempt.approved.v1", number=7)
    schema = parsed(schemas()["org.openedx.learning.idv_attempt.approved.v1"])
    number, raw = split(published.value)
    assert (number, datum(schema, raw)["idv_attempt"]["attempt_id"]) == (7, 9)
    for end in range(len(raw)):
        with pytest.raises(MalformedEvent):
            datum(schema, raw[:end])


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(raw: bytes):
    schema = parsed(of("long", "string", {"type": "array", "items": "long"}, {"type": "map", "values": "bytes"}))
    try:
        datum(schema, raw)
    except MalformedEvent as error:
        assert error.reason  # noqa: PT017 - either way is fine, and nothing else


def test_a_length_that_lies_takes_no_memory():
    schema = parsed(of("bytes"))
    for lie in (2**62, -5):
        zigzag = (lie << 1) ^ (lie >> 63)
        raw = bytearray()
        while zigzag > 0x7F:
            raw.append(zigzag & 0x7F | 0x80)
            zigzag >>= 7
        raw.append(zigzag)
        with pytest.raises(MalformedEvent):
            datum(schema, bytes(raw))


def test_the_head_is_a_zero_and_four_bytes():
    assert split(struct.pack(">bI", 0, 2**32 - 1) + b"x") == (2**32 - 1, b"x")
