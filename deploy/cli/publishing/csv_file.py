"""A CSV file with one event a row.

Columns (the first row names them, in any order; an empty cell is an absent value):

    type          registered, unregistered, result or voided
    time          when it happened, ISO 8601 with the offset from UTC
    learner_ref   opaque reference of the learner
    offering      id of the offering
    id            id of the event; without it one is derived from the row
    component, score, max_score, carried_over      of a result; no score means unmarked
    result_id     of a voiding: the id of the event that reported the result
    platform      name of the platform
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from deploy.cli.errors import UnreadableInput
from deploy.cli.publishing.prefix import PrefixHash
from deploy.cli.publishing.rows import Fault, Row, attempt, fault_of
from shared.contracts.envelope import Event, LearnerEvent, derived_id
from shared.contracts.platform import LearnerRegistered, LearnerUnregistered, ResultReported, ResultVoided
from shared.contracts.wire import EventFromFuture, refuse_the_future

KINDS: dict[str, type[LearnerEvent]] = {
    "registered": LearnerRegistered,
    "unregistered": LearnerUnregistered,
    "result": ResultReported,
    "voided": ResultVoided,
}
ALWAYS = ("type", "time", "learner_ref", "offering")
OF_DATA = ("offering", "component", "score", "max_score", "carried_over", "result_id")
COLUMNS = (*ALWAYS, "id", *OF_DATA[1:], "platform")
SOURCE = "microcred/publish"


class CsvFile:
    """Rows of a CSV file as events of one institution; positions are bytes."""

    def __init__(self, path: Path, tenant: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """`now` tells which events lie in the future."""
        self._path = path
        self._tenant = tenant
        self._now = now
        self._hash = PrefixHash(path)

    def size(self) -> int:
        """Return the size of the file."""
        return self._path.stat().st_size

    def fingerprint(self, position: int) -> str:
        """Return the hash of the bytes before a position."""
        return self._hash.at(position)

    def rows(self, position: int = 0) -> Iterator[Row]:
        """Yield the rows; raises `UnreadableInput` when a column is missing or unknown."""
        with self._path.open("rb") as file:
            lines = _Lines(file)
            reader = csv.reader(lines)
            header = self._checked(next(reader, []))
            for cells in _records(reader):
                if cells and lines.position > position:
                    content = cells if isinstance(cells, Fault) else self._read(header, cells)
                    yield Row(reader.line_num, lines.position, content)

    def _checked(self, header: list[str]) -> list[str]:
        cure = f"name the columns in the first row; known are {', '.join(COLUMNS)}"
        for name in ALWAYS:
            if name not in header:
                raise UnreadableInput(f"{self._path} has no column {name}", cure)
        for name in header:
            if name not in COLUMNS:
                raise UnreadableInput(f"{self._path} has an unknown column {name!r}", cure)
        return header

    def _read(self, header: list[str], cells: list[str]) -> Event | Fault:
        if len(cells) != len(header):
            return Fault("row", f"{len(cells)} cells where {len(header)} columns are named")
        given = {name: cell.strip() for name, cell in zip(header, cells, strict=True) if cell.strip()}
        kind = KINDS.get(given.get("type", ""))
        if kind is None:
            return Fault("type", f"{given.get('type', '')!r} is none of {', '.join(KINDS)}")
        event = attempt(kind, self._attributes(given, kind))
        return self._told_by_column(event) if isinstance(event, Fault) else self._not_ahead(event)

    def _attributes(self, given: Mapping[str, str], kind: type[Event]) -> dict[str, Any]:
        facts = [f"{name}={given[name]}" for name in sorted(given)]
        return {
            "id": given.get("id") or derived_id("csv", self._tenant, *facts),
            "type": kind.TYPE,
            "source": SOURCE,
            "tenant": self._tenant,
            "data": {name: given[name] for name in OF_DATA if name in given},
        } | {name: given[name] for name in ("time", "learner_ref", "platform") if name in given}

    def _not_ahead(self, event: Event) -> Event | Fault:
        try:
            refuse_the_future(event, self._now())
        except EventFromFuture as error:
            return fault_of(error)
        return event

    @staticmethod
    def _told_by_column(fault: Fault) -> Fault:
        column = fault.field.removeprefix("data.")
        return Fault({"learnerref": "learner_ref", "data": "row"}.get(column, column), fault.reason)


def _records(reader: Iterator[list[str]]) -> Iterator[list[str] | Fault]:
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:  # such as a quotation mark that is never closed
            yield Fault("row", f"not CSV: {error}")


class _Lines:
    """The lines of a file as text, with the position after the last one; a byte that is no UTF-8 shows as U+FFFD."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.position = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._file:
            self.position += len(line)
            yield io.TextIOWrapper(io.BytesIO(line), "utf-8-sig", "replace", newline="").read()
