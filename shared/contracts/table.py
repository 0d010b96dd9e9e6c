"""Events as rows of a table, such as spreadsheets write in CSV: the columns, and what a row says.

Columns (the first row names them, in any order; an empty cell is an absent value):

    type          registered, unregistered, result, voided, verdict, recognised or identity
    time          when it happened, ISO 8601 with the offset from UTC
    learner_ref   opaque reference of the learner
    offering      id of the offering
    id            id of the event; without it one is derived from the row
    role, term    of a registration
    component, attempt, final, score, max_score, carried_over      of a result; no score means unmarked
    result_id     of a voiding: the id of the event that reported the result
    passed        of a verdict: true or false
    reason        of a recognition
    verified, method, expires      of an identity check
    platform      name of the platform

A column that is named otherwise is taken for one of these by a mapping; one without a name is passed over. Where cells
are not parted by commas, a comma in a number is the decimal one.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
ALWAYS = ("type", "time", "learner_ref", "offering")
_OF_DATA = (
    *("offering", "role", "term", "component", "attempt", "final", "score", "max_score", "carried_over", "result_id"),
    *("passed", "reason", "verified", "method", "expires"),
)
COLUMNS = (*ALWAYS, "id", *_OF_DATA[1:], "platform")
_NUMBERS = frozenset({"score", "max_score"})
SOURCE = "microcred/publish"
_DELIMITERS = (",", ";", "\t")
_DECIMAL_COMMA = re.compile(r"-?[0-9]+,[0-9]+")
#: What stands where a byte was no UTF-8.
_BROKEN = "\ufffd"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


Rows = Iterator[tuple[int, list[str] | ContractError]]
"""The number of the line where a row ends, and its cells; an error for what is no CSV."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is written: the column that each cell of a row is of (None is passed over), and what parts cells."""

    columns: tuple[str | None, ...]
    delimiter: str


def delimiter_of(line: str) -> str:
    """Return what parts the cells of a table whose first line this is: a comma, a semicolon or a tab."""
    outside = re.sub(r'"[^"]*"', "", line)
    return max(_DELIMITERS, key=outside.count)


def layout_of(header: Sequence[str], delimiter: str, mapping: Mapping[str, str] | None = None) -> Layout:
    """Return the layout of a table with this first row; `mapping` says what its own names mean, an empty one nothing.

    Raises:
        ContractError: with the column that is missing, unknown, or there twice.

    """
    names = [name.strip() for name in header]
    meant = {name.strip(): column.strip() for name, column in (mapping or {}).items()}
    if strange := [name for name in meant if name not in names]:
        raise MalformedEvent(strange[0], f"no column has this name; there are {_listed(names)}")
    columns = tuple(meant.get(name, name) or None for name in names)
    known = [column for column in columns if column is not None]
    for column in known:
        if column not in COLUMNS:
            raise MalformedEvent(column[:200], f"an unknown column; map it to nothing, or to one of {_listed(COLUMNS)}")
        if known.count(column) > 1:
            raise MalformedEvent(column, "two columns have this name; leave one out")
    for column in ALWAYS:
        if column not in known:
            raise MalformedEvent(column, f"no column has this name; there are {_listed(names)}")
    return Layout(columns, delimiter)


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


def mapping_of(given: Iterable[str]) -> dict[str, str]:
    """Return what `NAME=COLUMN` says of the names of a table; `NAME=` is passed over.

    Raises:
        MalformedEvent: there is no `=`, or a name stands there twice.

    """
    mapping: dict[str, str] = {}
    for each in given:
        name, separator, column = each.rpartition("=")
        if not separator or not name.strip():
            raise MalformedEvent(
                "map", f"{each[:100]!r} is not NAME=COLUMN; name a column of the table and its meaning"
            )
        if mapping.setdefault(name.strip(), column.strip()) != column.strip():
            raise MalformedEvent("map", f"{name.strip()[:100]!r} is mapped twice")
    return mapping


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
        "data": {name: given[name] for name in _OF_DATA if name in given},
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


def _listed(names: Iterable[str]) -> str:
    return ", ".join(name[:60] for name in list(names)[:40]) or "none"
