"""The columns of a table of events, and how one is laid out.

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

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shared.contracts.wire import MalformedEvent

ALWAYS = ("type", "time", "learner_ref", "offering")
OF_DATA = (
    *("offering", "role", "term", "component", "attempt", "final", "score", "max_score", "carried_over", "result_id"),
    *("passed", "reason", "verified", "method", "expires"),
)
COLUMNS = (*ALWAYS, "id", *OF_DATA[1:], "platform")
_DELIMITERS = (",", ";", "\t")


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


def _listed(names: Iterable[str]) -> str:
    return ", ".join(name[:60] for name in list(names)[:40]) or "none"
