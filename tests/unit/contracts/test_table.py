"""Tables as spreadsheets write them."""

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.table.layout import mapping_of
from shared.contracts.table.rows import event_in, open_table, refuse_other_encodings, safe_cell
from shared.contracts.wire import ContractError

HEAD = "type,time,learner_ref,offering,component,score,max_score"
ROW = "result,2026-03-02T09:57:06Z,lrn-1,AAA/2013J,exam,12.5,15"


def read(text: str, mapping: dict[str, str] | None = None) -> list[dict[str, Any] | ContractError]:
    layout, rows = open_table(io.StringIO(text, newline=""), mapping)
    found: list[dict[str, Any] | ContractError] = []
    for _, cells in rows:
        try:
            found.append(cells if isinstance(cells, ContractError) else event_in(layout, cells, "ou"))
        except ContractError as error:
            found.append(error)
    return found


def only(text: str, mapping: dict[str, str] | None = None) -> dict[str, Any]:
    (event,) = read(text, mapping)
    assert isinstance(event, dict), event
    return event


def fault(text: str) -> ContractError:
    (error,) = read(text)
    assert isinstance(error, ContractError), error
    return error


@pytest.mark.parametrize(("delimiter", "score"), [(";", "12,5"), ("\t", "12,5"), (";", "12.5"), (",", "12.5")])
def test_one_row_is_one_event_however_its_cells_are_parted(delimiter: str, score: str) -> None:
    cells = ROW.replace("12.5", score) if delimiter == "," else ROW.replace(",", delimiter).replace("12.5", score)
    event = only(f"{HEAD.replace(',', delimiter)}\r\n{cells}\r\n")
    assert event == only(f"{HEAD}\n{ROW}\n")
    assert event["data"]["score"] == "12.5"


def test_a_comma_in_a_number_among_commas_is_not_guessed_at() -> None:
    assert only(f"{HEAD}\n{ROW.replace('12.5', chr(34) + '1,250' + chr(34))}\n")["data"]["score"] == "1,250"


def test_quoted_names_do_not_hide_what_parts_the_cells() -> None:
    head = HEAD.replace(",", ";").replace("max_score", '"of, of, of, of, of, of, of"')
    event = only(f"{head}\n{ROW.replace(',', ';')}\n", {"of, of, of, of, of, of, of": "max_score"})
    assert event["data"]["max_score"] == "15"


def test_a_line_break_in_a_cell_belongs_to_the_cell() -> None:
    text = f'{HEAD},reason\nrecognised,2026-03-02T09:57:06Z,lrn-1,AAA/2013J,,,,"two\nlines"\n'
    assert only(text)["data"]["reason"] == "two\nlines"


def test_a_quotation_mark_that_is_left_open_is_told() -> None:
    error = fault(f'{HEAD}\nresult,"2026,lrn-1\n{ROW}\n{ROW}\n')
    assert (error.field, "left open" in error.reason) == ("row", True)


def test_names_are_mapped_and_what_is_mapped_to_nothing_is_passed_over() -> None:
    text = f"{HEAD.replace('learner_ref', 'Student no.')},Remark\n{ROW},=cmd()\n"
    assert only(text, {"Student no.": "learner_ref", "Remark": ""}) == only(f"{HEAD}\n{ROW}\n")


@pytest.mark.parametrize(
    ("head", "mapping", "column"),
    [
        ("type,time,offering", {}, "learner_ref"),
        (f"{HEAD},colour", {}, "colour"),
        (f"{HEAD},score", {}, "score"),
        (f"{HEAD},points", {"points": "score"}, "score"),
        (HEAD, {"points": "score"}, "points"),
        (HEAD, {"score": "colour"}, "colour"),
        ("", {}, "type"),
        ('"', {}, "type"),
    ],
)
def test_the_first_row_names_each_column_once(head: str, mapping: dict[str, str], column: str) -> None:
    with pytest.raises(ContractError) as refused:
        open_table(io.StringIO(f"{head}\n"), mapping)
    assert refused.value.field in {column, '"'} or column == "type"


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (ROW + ",more", "row"),
        ("result", "row"),
        (ROW.replace("result", "=HYPERLINK()"), "type"),
        (ROW.replace("exam", "ex\ufffdm"), "component"),
    ],
)
def test_a_bad_row_is_told_by_its_column(row: str, field: str) -> None:
    assert fault(f"{HEAD}\n{row}\n").field == field


@pytest.mark.parametrize("start", [b"\xff\xfet\x00", b"\xfe\xff\x00t", b"PK\x03\x04"])
def test_a_workbook_and_utf_16_are_told(start: bytes) -> None:
    with pytest.raises(ContractError, match="UTF-8"):
        refuse_other_encodings(start)


@pytest.mark.parametrize("given_", ["score", "=score", "", " =score"])
def test_a_mapping_has_a_name(given_: str) -> None:
    with pytest.raises(ContractError):
        mapping_of([given_])


def test_a_mapping_is_read_at_its_last_sign() -> None:
    assert mapping_of(["a=b=score", "Remark="]) == {"a=b": "score", "Remark": ""}
    with pytest.raises(ContractError):
        mapping_of(["a=score", "a=id"])


@given(st.text(max_size=20))
def test_no_cell_that_is_written_back_is_a_formula(text: str) -> None:
    cell = safe_cell(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert cell.removeprefix("'") in {text, text.removeprefix("'")}


@given(st.text(alphabet='",;\n\r\t=ab\x00\ufeff', max_size=60))
def test_whatever_stands_there_it_is_rows_or_refusals(text: str) -> None:
    assert isinstance(read(f"{HEAD}\n{text}"), list)
