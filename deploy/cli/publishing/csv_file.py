"""A CSV file with one event a row, in the columns of `shared.contracts.table`."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from deploy.cli.errors import UnreadableInput
from deploy.cli.publishing.prefix import PrefixHash
from deploy.cli.publishing.rows import Fault, Row, attempt
from shared.contracts.envelope import Event
from shared.contracts.table.layout import Layout
from shared.contracts.table.rows import KINDS, event_in, line_of, open_table, refuse_other_encodings, told_by_column
from shared.contracts.wire import ContractError, refuse_the_future

_OF_TYPE = {kind.TYPE: kind for kind in KINDS.values()}


class CsvFile:
    """Rows of a CSV file as events of one institution; positions are bytes."""

    def __init__(
        self,
        path: Path,
        tenant: str,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        mapping: Mapping[str, str] | None = None,
    ) -> None:
        """`now` tells which events lie in the future; `mapping` says which column a name of the file means."""
        self._path = path
        self._tenant = tenant
        self._now = now
        self._mapping = mapping
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
            try:
                refuse_other_encodings(file.peek(4))
                layout, rows = open_table(lines, self._mapping)
            except ContractError as error:
                cure = "name the columns in the first row (see `microcred publish --help`), or map them with --map"
                raise UnreadableInput(f"{self._path}: column {error}", cure) from error
            for line, cells in rows:
                if lines.position > position:
                    content = _fault(cells) if isinstance(cells, ContractError) else self._read(layout, cells)
                    yield Row(line, lines.position, content)

    def _read(self, layout: Layout, cells: list[str]) -> Event | Fault:
        try:
            raw = event_in(layout, cells, self._tenant)
        except ContractError as error:
            return _fault(error)
        event = attempt(_OF_TYPE[raw["type"]], raw)
        return _by_column(event) if isinstance(event, Fault) else self._not_ahead(event)

    def _not_ahead(self, event: Event) -> Event | Fault:
        try:
            refuse_the_future(event, self._now())
        except ContractError as error:
            return _fault(error)
        return event


def _fault(error: ContractError) -> Fault:
    return Fault(*told_by_column(error))


def _by_column(fault: Fault) -> Fault:
    return _fault(ContractError(fault.field, fault.reason))


class _Lines:
    """The lines of a file as text, with the position after the last one."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.position = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._file:
            self.position += len(line)
            yield line_of(line)
