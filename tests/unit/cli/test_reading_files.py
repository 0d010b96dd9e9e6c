"""JSON lines and CSV: every line becomes an event or a fault that names its field."""

from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from deploy.cli.errors import UnreadableInput
from deploy.cli.publishing.csv_file import CsvFile
from deploy.cli.publishing.json_lines import JsonLines
from deploy.cli.publishing.rows import Fault, Row
from shared.contracts.envelope import Event
from shared.contracts.platform import LearnerRegistered, LearnerUnregistered, ResultReported, ResultVoided
from shared.contracts.wire import MAX_BYTES

NOW = datetime(2025, 6, 1, tzinfo=UTC)
HEADER = "type,time,learner_ref,offering,component,score,max_score,carried_over,result_id,id,platform\n"


def line(**changes: object) -> bytes:
    event = {
        "specversion": "1.0",
        "id": "r-1",
        "source": "lms",
        "type": "microcred.learner.registered.v1",
        "time": "2025-03-01T09:00:00Z",
        "tenant": "demo",
        "learnerref": "a1",
        "data": {"offering": "x"},
    }
    return orjson.dumps({**event, **changes}) + b"\n"


def json_rows(path: Path, *lines: bytes, position: int = 0) -> list[Row]:
    path.write_bytes(b"".join(lines))
    return list(JsonLines(path, lambda: NOW).rows(position))


def csv_rows(path: Path, text: str, position: int = 0) -> list[Row]:
    path.write_text(text)
    return list(CsvFile(path, "demo", lambda: NOW).rows(position))


def event_of(row: Row) -> Event:
    assert isinstance(row.content, Event), row.content
    return row.content


def fault_of(row: Row) -> Fault:
    assert isinstance(row.content, Fault), row.content
    return row.content


def test_a_line_becomes_the_event_that_it_holds(tmp_path: Path) -> None:
    rows = json_rows(tmp_path / "f", line(), b"\n", line(id="r-2"))

    assert [(row.line, event_of(row).id) for row in rows] == [(1, "r-1"), (3, "r-2")]


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        (b"{\n", "event"),
        (b'"text"\n', "event"),
        (b"\xff\xfe\n", "event"),
        (line(type="no.such.type"), "type"),
        (line(time="2031-01-01T00:00:00Z"), "time"),
        (line(time="2025-01-01T00:00:00"), "time"),
        (line(data={}), "data.offering"),
        (line(learnerref="Ada Lovelace"), "learnerref"),
        (b"[" * 200_000 + b"\n", "event"),
        (line(source="s" * MAX_BYTES), "event"),
    ],
    ids=["broken", "no object", "no UTF-8", "type", "future", "no offset", "no offering", "a name", "deep", "long"],
)
def test_a_bad_line_is_a_fault_and_its_neighbours_are_read(tmp_path: Path, bad: bytes, field: str) -> None:
    before, refused, after = json_rows(tmp_path / "f", line(id="r-1"), bad, line(id="r-3"))

    assert fault_of(refused).field == field
    assert fault_of(refused).reason
    assert (event_of(before).id, event_of(after).id, after.line) == ("r-1", "r-3", 3)


def test_reading_goes_on_at_a_position_with_the_right_line_number(tmp_path: Path) -> None:
    first, second, _ = json_rows(tmp_path / "f", line(id="r-1"), line(id="r-2"), line(id="r-3"))

    rest = list(JsonLines(tmp_path / "f", lambda: NOW).rows(second.after))

    assert [(row.line, event_of(row).id) for row in rest] == [(3, "r-3")]
    assert first.after < second.after


def test_each_kind_of_csv_row(tmp_path: Path) -> None:
    rows = csv_rows(
        tmp_path / "f",
        HEADER
        + "registered,2025-03-01T09:00:00Z,a1,x,,,,,,,\n"
        + "result,2025-03-02T09:00:00+01:00,a1,x,quiz,8,10,true,,q-1,moodle\n"
        + "result,2025-03-03T09:00:00Z,a1,x,quiz,,,,,,\n"
        + "voided,2025-03-04T09:00:00Z,a1,x,,,,,q-1,,\n"
        + "unregistered,2025-03-05T09:00:00Z,a1,x,,,,,,,\n",
    )
    joined, marked, unmarked, voided, left = map(event_of, rows)

    assert (type(joined), type(left)) == (LearnerRegistered, LearnerUnregistered)
    assert isinstance(marked, ResultReported)
    assert (marked.id, marked.data.score, marked.data.max_score) == ("q-1", 8, 10)
    assert (marked.data.carried_over, marked.platform, marked.tenant) == (True, "moodle", "demo")
    assert isinstance(unmarked, ResultReported)
    assert unmarked.data.score is None
    assert isinstance(voided, ResultVoided)
    assert voided.data.result_id == "q-1"


def test_an_id_is_derived_from_the_row(tmp_path: Path) -> None:
    one, same, other = csv_rows(
        tmp_path / "f",
        "type,time,learner_ref,offering\n"
        "registered,2025-03-01T09:00:00Z,a1,x\n"
        "registered,2025-03-01T09:00:00Z,a1,x\n"
        "registered,2025-03-01T09:00:00Z,a2,x\n",
    )

    assert event_of(one).id == event_of(same).id != event_of(other).id


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("joined,2025-03-01T09:00:00Z,a1,x,,,,,,,", "type"),
        ("registered,yesterday,a1,x,,,,,,,", "time"),
        ("registered,2031-03-01T09:00:00Z,a1,x,,,,,,,", "time"),
        ("registered,2025-03-01T09:00:00Z,,x,,,,,,,", "learner_ref"),
        ("result,2025-03-01T09:00:00Z,a1,x,quiz,NaN,,,,,", "score"),
        ("result,2025-03-01T09:00:00Z,a1,x,quiz,many,,,,,", "score"),
        ("result,2025-03-01T09:00:00Z,a1,x,,5,,,,,", "component"),
        ("result,2025-03-01T09:00:00Z,a1,x,quiz,50,40,,,,", "row"),
        ("voided,2025-03-01T09:00:00Z,a1,x,,,,,,,", "result_id"),
        ("registered,2025-03-01T09:00:00Z", "row"),
    ],
)
def test_a_bad_csv_row_names_its_column(tmp_path: Path, row: str, field: str) -> None:
    refused, after = csv_rows(tmp_path / "f", f"{HEADER}{row}\nregistered,2025-03-01T09:00:00Z,a1,x,,,,,,,\n")

    assert fault_of(refused).field == field
    assert refused.line == 2
    assert event_of(after).type == "microcred.learner.registered.v1"


def test_a_quotation_mark_that_is_never_closed_is_a_fault(tmp_path: Path) -> None:
    rows = csv_rows(tmp_path / "f", f'{HEADER}"registered,{"x" * 140_000}\n')

    assert "not CSV" in fault_of(rows[0]).reason


@pytest.mark.parametrize("header", ["type,time,offering\n", "type,time,learner_ref,offering,colour\n", ""])
def test_columns_are_checked_before_anything_is_sent(tmp_path: Path, header: str) -> None:
    with pytest.raises(UnreadableInput, match="column"):
        csv_rows(tmp_path / "f", header)


def test_a_byte_order_mark_and_a_quoted_line_break_are_taken(tmp_path: Path) -> None:
    text = (
        "\ufefftype,time,learner_ref,offering,platform\n"
        'registered,2025-03-01T09:00:00Z,a1,"x\ny",\n'
        "registered,2025-03-01T09:00:00Z,a1,z,\n"
    )
    bad, good = csv_rows(tmp_path / "f", text)

    assert fault_of(bad).field == "offering"
    assert [event_of(row).data.offering for row in CsvFile(tmp_path / "f", "demo").rows(bad.after)] == ["z"]
    assert good.line == 4
