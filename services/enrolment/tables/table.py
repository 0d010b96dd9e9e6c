"""From a table of events to what can be taken of it, and what was refused, by row and column."""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.enrolment.errors import FieldError, UnsupportedMediaType
from shared.contracts.envelope import LearnerEvent
from shared.contracts.table.layout import Layout
from shared.contracts.table.rows import event_in, line_of, open_table, refuse_other_encodings, told_by_column
from shared.contracts.wire import ContractError, MalformedEvent, refuse_the_future

Translate = Callable[[Any], LearnerEvent]
MOST_ROWS = 10_000
CSV = "text/csv"


class TooManyRows(FieldError):
    """A table with more rows than one request may bring."""

    def __init__(self) -> None:
        """Name the limit."""
        super().__init__("body", f"more than {MOST_ROWS} rows; split the table, or use `microcred publish`")


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One row that was not taken: the line where it ends, the column at fault (or `row`), and the cure."""

    row: int
    column: str
    reason: str


@dataclass(slots=True)
class Sorted:
    """What a table holds: events in the order of their rows, what was refused, and how many rows say it again."""

    columns: tuple[str | None, ...]
    events: dict[str, LearnerEvent] = field(default_factory=dict)
    refused: list[RefusedRow] = field(default_factory=list)
    repeated: int = 0

    def take(self, event: LearnerEvent) -> None:
        """Take an event, unless it is here already.

        Raises:
            MalformedEvent: another row has its id and says something else.

        """
        known = self.events.setdefault(event.id, event)
        if known is not event:
            if known != event:
                raise MalformedEvent("id", "an earlier row has this id and says something else")
            self.repeated += 1


def require_csv(content_type: str) -> None:
    """Refuse what is announced as something else than CSV in UTF-8.

    Raises:
        UnsupportedMediaType: with what is taken.

    """
    media_type, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charset = next((each.partition("=")[2].strip('"') for each in parameters if each.startswith("charset")), "utf-8")
    if media_type != CSV or charset not in {"utf-8", "utf8", "us-ascii"}:
        raise UnsupportedMediaType(content_type[:100], f"{CSV}; charset=utf-8")


def sort_rows(body: bytes, mapping: Mapping[str, str], tenant: str, translate: Translate, now: datetime) -> Sorted:
    """Return what a table holds.

    Raises:
        ContractError: its first row does not name the columns, or it is no text.
        TooManyRows: it has more than 10,000 rows.

    """
    refuse_other_encodings(body[:4])
    layout, rows = open_table(_lines(body), mapping)
    found = Sorted(layout.columns)
    for number, (line, cells) in enumerate(rows):
        if number == MOST_ROWS:
            raise TooManyRows
        try:
            event = translate(_raw(layout, cells, tenant))
            refuse_the_future(event, now)
            found.take(event)
        except ContractError as error:
            found.refused.append(RefusedRow(line, *told_by_column(error)))
    return found


def _raw(layout: Layout, cells: list[str] | ContractError, tenant: str) -> object:
    if isinstance(cells, ContractError):
        raise cells
    return event_in(layout, cells, tenant)


def _lines(body: bytes) -> Iterator[str]:
    return map(line_of, io.BytesIO(body))
