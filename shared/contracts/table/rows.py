"""What the rows of a table of events say; the columns stand in `layout.py`."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from shared.contracts.envelope import LearnerEvent, derived_id
from shared.contracts.platform import (
    IdentityChecked,
    LearnerRegistered,
    LearnerUnregistered,
    LearningRecognised,
    ResultReported,
    ResultVoided,
    VerdictReported,
)
from shared.contracts.table.layout import OF_DATA, Layout, delimiter_of, layout_of
from shared.contracts.wire import ContractError, MalformedEvent

KINDS: dict[str, type[LearnerEvent]] = {
    "registered": LearnerRegistered,
    "unregistered": LearnerUnregistered,
    "result": ResultReported,
    "voided": ResultVoided,
    "verdict": VerdictReported,
    "recognised": LearningRecognised,
    "identity": IdentityChecked,
}
_NUMBERS = frozenset({"score", "max_score"})
SOURCE = "microcred/publish"
_DECIMAL_COMMA = re.compile(r"-?[0-9]+,[0-9]+")
#: What stands where a byte was no UTF-8.
_BROKEN = "\ufffd"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


Rows = Iterator[tuple[int, list[str] | ContractError]]
"""The number of the line where a row ends, and its cells; an error for what is no CSV."""


def open_table(lines: Iterable[str], mapping: Mapping[str, str] | None = None) -> tuple[Layout, Rows]:
    """Return a table's layout and its rows, read as they are asked for; empty rows are passed over.

    Raises:
        ContractError: the first row does not name the columns, as for `layout_of`.

    """
    rest = iter(lines)
    first = next(rest, "")
    delimiter = delimiter_of(first)
    rows = _records(chain([first], rest), delimiter)
    _, header = next(rows, (0, []))
    if isinstance(header, ContractError):
        raise header
    return layout_of(header, delimiter, mapping), rows


def line_of(raw: bytes) -> str:
    """Return a line as text; a byte that is no UTF-8 shows as U+FFFD, and its cell is refused later on."""
    return raw.decode("utf-8-sig", "replace")


def refuse_other_encodings(start: bytes) -> None:
    """Refuse a table whose first bytes say that it is UTF-16 or a workbook.

    Raises:
        MalformedEvent: with the cure.

    """
    if start.startswith((b"\xff\xfe", b"\xfe\xff", b"PK\x03\x04")):
        raise MalformedEvent("body", "a workbook or UTF-16; save the table as CSV in UTF-8")


def _records(lines: Iterable[str], delimiter: str) -> Rows:
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:  # such as a quotation mark that is never closed
            yield reader.line_num, MalformedEvent("row", f"not CSV: {error}")
        else:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells


def safe_cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (OWASP, "CSV Injection"): an apostrophe before it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def event_in(layout: Layout, cells: Sequence[str], tenant: str) -> dict[str, Any]:
    """Return what a row says, in the CloudEvents JSON format; the contract has not judged it yet.

    Raises:
        ContractError: with the column at fault, or `row`.

    """
    given = _given(layout, cells)
    kind = KINDS.get(given.get("type", ""))
    if kind is None:
        raise MalformedEvent("type", f"{given.get('type', '')[:100]!r} is none of {', '.join(KINDS)}")
    facts = [f"{name}={given[name]}" for name in sorted(given)]
    event: dict[str, Any] = {
        "specversion": "1.0",
        "id": given.get("id") or derived_id("csv", tenant, *facts),
        "type": kind.TYPE,
        "source": SOURCE,
        "tenant": tenant,
        "data": {name: given[name] for name in OF_DATA if name in given},
    }
    return event | {name: given[name] for name in ("time", "learner_ref", "platform") if name in given}


def told_by_column(error: ContractError) -> tuple[str, str]:
    """Return the column at fault and the reason, of an event that was refused."""
    column = error.field.removeprefix("data.")
    return {"learnerref": "learner_ref", "data": "row", "event": "row"}.get(column, column), error.reason


def _given(layout: Layout, cells: Sequence[str]) -> dict[str, str]:
    if len(cells) != len(layout.columns):
        raise MalformedEvent("row", _other_number(len(cells), len(layout.columns), cells))
    given: dict[str, str] = {}
    for column, cell in zip(layout.columns, cells, strict=True):
        text = cell.strip()
        if column is None or not text:
            continue
        if _BROKEN in text:
            raise MalformedEvent(column, "not UTF-8; save the table as CSV in UTF-8")
        if column in _NUMBERS and layout.delimiter != "," and _DECIMAL_COMMA.fullmatch(text):
            text = text.replace(",", ".")
        given[column] = text
    return given


def _other_number(found: int, named: int, cells: Sequence[str]) -> str:
    reason = f"{found} cells where {named} columns are named"
    if lines := sum(cell.count("\n") for cell in cells):
        reason += f"; it runs over {lines + 1} lines: a quotation mark may be left open"
    return reason
