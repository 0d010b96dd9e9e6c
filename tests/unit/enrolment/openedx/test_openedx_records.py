"""What makes a record of the event bus a dead letter: headers, wire format, schema, payload. Nothing else may."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.wire import ContractError
from shared.testing.openedx import HEARD, ROOT, Published, record
from shared.testing.openedx_data import WHEN
from tests.unit.enrolment.bus import TIMESTAMP, Bus, on_topic, with_header

BUS = Bus()
GOOD = record("course.enrollment.created.v1")
GRADED = "course.persistent_grade_summary.changed.v1"


@pytest.mark.parametrize("name", ["ce_id", "ce_time", "ce_type", "ce_source", "ce_specversion"])
def test_an_attribute_that_is_missing_is_never_guessed(name: str):
    for values in ((), (b"",)):
        assert BUS.refuses(on_topic(with_header(GOOD, name, *values))).field == name
    assert "missing" in str(BUS.refuses(on_topic(with_header(GOOD, name))))


@pytest.mark.parametrize("name", ["ce_id", "ce_time", "ce_type", "content-type", "ce_minorversion"])
def test_a_header_that_stands_there_twice_is_refused(name: str):
    assert "twice" in BUS.refuses(on_topic(with_header(GOOD, name, b"a", b"a"))).reason


def test_a_header_of_others_may_stand_there_as_often_as_it_likes():
    given_twice = with_header(GOOD, "sourcehost", b"\xff", b"\xff")
    assert not isinstance(BUS.reads(on_topic(given_twice))[0], ContractError)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("ce_time", b"yesterday", "not a time of ISO 8601"),
        ("ce_time", b"2026-03-02T09:30:00", "without an offset from UTC"),
        ("ce_time", b"0001-01-01T00:00:00+23:59", "the year must lie between"),
        ("ce_time", b"9999-12-31T23:59:59-23:59", "the year must lie between"),
        ("ce_time", b"\xff", "not UTF-8"),
        ("ce_id", b"x" * 301, "longer than 300"),
        ("ce_specversion", b"0.3", "only 1.0"),
        ("content-type", b"application/json", "only application/avro"),
        ("ce_type", b"org.openedx.learning.course.enrollment.created.v2", "upgrade this service"),
    ],
)
def test_an_attribute_that_is_not_what_it_should_be_is_refused(name: str, value: bytes, reason: str):
    assert reason in BUS.refuses(on_topic(with_header(GOOD, name, value))).reason


def test_an_event_later_than_its_record_is_refused():
    late = record("course.enrollment.created.v1", time=WHEN + timedelta(hours=1))
    assert BUS.refuses(on_topic(late)).field == "ce_time"
    assert not isinstance(BUS.reads(on_topic(late, timestamp=TIMESTAMP + 3_600_000))[0], ContractError)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "not Avro in Confluent's wire format"),
        (b"", "not Avro in Confluent's wire format"),
        (b"{}", "not Avro in Confluent's wire format"),
        (b"\x01" + GOOD.value[1:], "not Avro in Confluent's wire format"),
        (GOOD.value[:40], "do not fit their schema"),
        (GOOD.value + b"\x00", "1 bytes stand behind the event"),
        (b"\x00" * 2_000_000, "at most"),
    ],
)
def test_bytes_that_are_no_event_are_refused(value: bytes | None, reason: str):
    assert reason in BUS.refuses(on_topic(GOOD, value=value)).reason


def test_the_bytes_of_one_signal_under_the_name_of_another_are_refused():
    swapped = with_header(record(GRADED), "ce_type", (ROOT + "exam.attempt.verified.v1").encode())
    BUS.refuses(on_topic(swapped))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"percent": 1.2}, "grade.percent_grade"),
        ({"percent": -0.1}, "grade.percent_grade"),
        ({"percent": float("nan")}, "grade.percent_grade"),
        ({"percent": float("inf")}, "grade.percent_grade"),
        ({"user": 0}, "grade.user_id"),
        ({"user": -7}, "grade.user_id"),
    ],
)
def test_a_grade_out_of_its_bounds_is_refused_by_its_field(changed: dict[str, Any], field: str):
    assert BUS.refuses(on_topic(record(GRADED, **changed))).field == field


def test_a_refusal_never_quotes_what_may_name_a_person():
    long_mode = record("course.enrollment.created.v1", mode="Aroha T " * 30)
    refused = BUS.refuses(on_topic(long_mode))
    assert refused.field == "role"
    assert "Aroha" not in str(refused)


HEADER = st.tuples(
    st.sampled_from(["ce_id", "ce_type", "ce_time", "ce_source", "ce_specversion", "content-type", "traceparent", "x"]),
    st.one_of(st.none(), st.binary(max_size=40), st.sampled_from([value for _, value in GOOD.headers])),
)


@given(
    st.sampled_from(HEARD),
    st.one_of(st.none(), st.binary(max_size=300)),
    st.lists(HEADER, max_size=8),
    st.integers(0, 1),
)
def test_whatever_stands_on_the_topic_is_said_or_refused_and_breaks_nothing(
    name: str, raw: bytes | None, headers: list[tuple[str, bytes | None]], keep: int
):
    good = record(name)
    value = None if raw is None else good.value[:5] + raw
    strange = Published(good.key, value or b"", (*(good.headers if keep else ()), *headers))  # type: ignore[arg-type]
    (told,) = BUS.reads(on_topic(strange, value=value))
    assert isinstance(told, tuple | ContractError)
