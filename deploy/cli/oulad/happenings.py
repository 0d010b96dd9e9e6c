"""What the tables tell, line by line: who registered, handed in, left, and when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deploy.cli.oulad.offerings import Assessment, offering_id
from deploy.cli.oulad.tables import EVENING, MORNING, known, moment, read_table
from deploy.cli.publishing.rows import Fault
from shared.contracts.envelope import LearnerEvent
from shared.contracts.platform import LearnerRegistered, LearnerUnregistered, ResultReported

AFTER_ALL = datetime.max.replace(tzinfo=UTC)  # where lines without a readable date go


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that a line tells, or what is wrong with the line."""

    table: str
    line: int
    at: datetime
    kind: type[LearnerEvent] = LearnerEvent
    student: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    fault: Fault | None = None


def happenings(folder: Path, assessments: Mapping[str, Assessment]) -> Iterator[Happening]:
    """Yield all that the tables tell, table by table; a line that cannot be read yields its fault."""
    for table, read in (("studentRegistration", _registration), ("studentAssessment", _result)):
        for line, row in read_table(folder, table):
            try:
                told = read(row, assessments)
            except ValueError as error:
                yield Happening(table, line, AFTER_ALL, fault=Fault("row", str(error)))
                continue
            for kind, at, data in told:
                yield Happening(table, line, at, kind, row["id_student"], data)


_Told = list[tuple[type[LearnerEvent], datetime, dict[str, Any]]]


def _registration(row: Mapping[str, str], _: Mapping[str, Assessment]) -> _Told:
    """Read a registration, and the unregistration that its line may hold.

    Where the day of registration is missing it is taken to be the first day of the presentation, or the day of
    unregistration where that is earlier: nobody leaves what they have not joined.
    """
    presentation = row["code_presentation"]
    data = {"offering": offering_id(row["code_module"], presentation)}
    left = known(row["date_unregistration"])
    joined = known(row["date_registration"]) or min("0", left or "0", key=int)
    told: _Told = [(LearnerRegistered, moment(presentation, joined, MORNING), data)]
    if left is not None:
        told.append((LearnerUnregistered, moment(presentation, left, EVENING), data))
    return told


def _result(row: Mapping[str, str], assessments: Mapping[str, Assessment]) -> _Told:
    assessment = assessments.get(row["id_assessment"])
    if assessment is None:
        raise ValueError(f"id_assessment {row['id_assessment']!r} is not in the table of assessments")
    score = known(row["score"])
    data = {
        "offering": assessment.offering,
        "component": assessment.id,
        "score": None if score is None else float(score),
        "carried_over": row["is_banked"] == "1",
    }
    return [(ResultReported, moment(assessment.presentation, row["date_submitted"]), data)]
