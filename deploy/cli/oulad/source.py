"""The dataset as a source of events, in the order in which things happened."""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import islice
from pathlib import Path

from deploy.cli.oulad.happenings import Happening, happenings
from deploy.cli.oulad.offerings import SOURCE, publications, read_assessments, read_presentations
from deploy.cli.oulad.tables import COLUMNS, path_of, read_table
from deploy.cli.publishing.rows import Fault, Row, attempt
from shared.contracts.enrolment import OfferingPublished
from shared.contracts.envelope import Event, derived_id

PLATFORM = "oulad"
REF_DIGITS = 32


@dataclass
class Oulad:
    """The tables of a folder as events of one institution; `salt` keys the hash that hides the students' numbers.

    The offerings come first, then all else by time. Positions count rows.
    """

    folder: Path
    tenant: str
    pass_mark: Decimal = Decimal(40)
    salt: str = "oulad"

    @cached_property
    def offerings(self) -> tuple[list[OfferingPublished], list[str]]:
        """The offerings that can be graded, and the names of those that cannot."""
        assessments = read_assessments(self.folder).values()
        return publications(read_presentations(self.folder), assessments, self.tenant, self.pass_mark)

    def size(self) -> int:
        """Return the number of rows."""
        return len(self.offerings[0]) + len(self._told)

    def fingerprint(self, position: int) -> str:
        """Return a hash of the tables, the options and the position: one means something only with the others."""
        given = f"{self.tenant}\n{self.pass_mark}\n{self.salt}\n{self._tables_hash}\n{position}"
        return hashlib.sha256(given.encode()).hexdigest()

    @cached_property
    def _tables_hash(self) -> str:
        digest = hashlib.sha256()
        for name in COLUMNS:
            digest.update(path_of(self.folder, name).read_bytes())
        return digest.hexdigest()

    def rows(self, position: int = 0) -> Iterator[Row]:
        """Yield the rows from a position on."""
        return islice(self._rows(), position, None)

    def _rows(self) -> Iterator[Row]:
        published = self.offerings[0]
        for number, event in enumerate(published, 1):
            yield Row(number, number, event, "courses")
        for number, told in enumerate(self._told, len(published) + 1):
            yield Row(told.line, number, told.fault or self._event(told), told.table)

    @cached_property
    def _told(self) -> list[Happening]:
        told = happenings(self.folder, read_assessments(self.folder))
        return sorted(told, key=lambda each: (each.at, each.table, each.line))

    def _event(self, told: Happening) -> Event | Fault:
        learner_ref = self.learner_ref(told.student)
        facts = [value for name, value in told.data.items() if name in {"offering", "component"}]
        attributes = {
            # From the reference, not from the student's number, which a hash of few digits would give away.
            "id": derived_id("oulad", learner_ref, told.kind.TYPE, *facts, told.at.isoformat()),
            "source": SOURCE,
            "time": told.at,
            "tenant": self.tenant,
            "platform": PLATFORM,
            "learner_ref": learner_ref,
            "data": told.data,
        }
        return attempt(told.kind, attributes)

    def learner_ref(self, student: str) -> str:
        """Return the opaque reference of a student: a keyed hash."""
        return hmac.new(self.salt.encode(), student.encode(), hashlib.sha256).hexdigest()[:REF_DIGITS]


def notes(source: Oulad) -> list[str]:
    """Return what a reader of the figures should know, in words."""
    offerings, ungradable = source.offerings
    marked = {row["id_assessment"] for _, row in read_table(source.folder, "studentAssessment")}
    return [
        *(
            f"{name}: no assessment has a weight, so no policy can be made; its registrations and results are "
            "published all the same, and the results are held until an offering of this name is put"
            for name in ungradable
        ),
        *filter(None, (_out_of_reach(event, marked) for event in offerings)),
    ]


def _out_of_reach(event: OfferingPublished, marked: set[str]) -> str:
    parts = event.data.policy.components
    lacking = [part for part in parts if part.weight and part.id not in marked]
    if not lacking:
        return ""
    lost = 100 * sum(part.weight for part in lacking) / sum(part.weight for part in parts)
    names = ", ".join(f"{part.title} (weight {part.weight:g})" for part in lacking)
    return f"{event.data.offering}: the tables have no result for {names}, so grades reach {100 - lost:.0f} % at most"
