"""The tables as they lie in a folder, gzip or plain, and the calendar of presentations."""

import csv
import gzip
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TextIO

from deploy.cli.errors import UnreadableInput

COLUMNS = {
    "courses": ("code_module", "code_presentation"),
    "assessments": ("code_module", "code_presentation", "id_assessment", "assessment_type", "weight"),
    "studentRegistration": (
        "code_module",
        "code_presentation",
        "id_student",
        "date_registration",
        "date_unregistration",
    ),
    "studentAssessment": ("id_student", "id_assessment", "date_submitted", "is_banked", "score"),
}
MISSING = ("?", "")
FIRST_MONTH = {"B": 2, "J": 10}  # 'B' presentations start in February, 'J' in October

# The tables count in days. Within one day a registration comes first and an unregistration last.
MORNING, NOON, EVENING = time(0), time(12), time(23, 59, 59)

Line = tuple[int, dict[str, str]]
"""A line's number in its file, the header being 1, and its columns."""


def read_table(folder: Path, name: str) -> Iterator[Line]:
    """Yield the lines of a table; raises `UnreadableInput` when it is not there or lacks a column."""
    with _open(folder, name) as text:
        rows = csv.DictReader(text)
        lacking = [column for column in COLUMNS[name] if column not in (rows.fieldnames or ())]
        if lacking:
            raise UnreadableInput(f"{name} in {folder} has no column {lacking[0]}", "take the table as it is published")
        try:
            for row in rows:
                yield rows.line_num, row
        except (UnicodeDecodeError, csv.Error, EOFError, gzip.BadGzipFile) as error:
            raise UnreadableInput(f"{name} in {folder} breaks off: {error}", "fetch it again") from error


def _open(folder: Path, name: str) -> TextIO:
    path = path_of(folder, name)
    if path.suffix == ".gz":
        return io.TextIOWrapper(gzip.open(path), encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")


def path_of(folder: Path, name: str) -> Path:
    """Return the file of a table; raises `UnreadableInput` when it is not there."""
    for file in (folder / f"{name}.csv.gz", folder / f"{name}.csv"):
        if file.exists():
            return file
    raise UnreadableInput(f"{folder} has no {name}.csv or {name}.csv.gz", "name the folder that holds the OULAD tables")


def moment(presentation: str, day: str, hour: time = NOON) -> datetime:
    """Return the moment of a day counted from the presentation's start; raises `ValueError` for no number of days."""
    return datetime.combine(start(presentation) + timedelta(days=int(day)), hour, UTC)


def start(presentation: str) -> date:
    """Return the first day of a presentation such as `2013J`; raises `ValueError` for an unknown form."""
    year, half = presentation[:-1], presentation[-1:]
    if half not in FIRST_MONTH:
        raise ValueError(f"presentation {presentation!r} ends in neither B nor J")
    return date(int(year), FIRST_MONTH[half], 1)


def known(value: str) -> str | None:
    """Return a value, or None where the table has none."""
    return None if value in MISSING else value
