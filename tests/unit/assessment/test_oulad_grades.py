"""Every learner of the 2013 presentations, through the handlers alone: grade, pass and what is recognised."""

import os
from pathlib import Path
from typing import Any

import pytest

from deploy.cli.oulad.source import Oulad
from deploy.cli.oulad.truth import expected_standings
from services.assessment.explanation import explain
from services.assessment.store import OFFERINGS, PROGRESS, beside_key, progress_key
from services.assessment.stream import worker as assessment
from services.enrolment.store import ENROLMENTS, enrolment_key
from services.enrolment.stream import worker as enrolment
from shared.contracts.enrolment import LearnerEnrolled, LearnerUnenrolled, OfferingPublished
from shared.contracts.platform import LearnerRegistered, LearnerUnregistered
from shared.kit.worker import Beside, Place, Worker

FOLDER = Path(os.environ.get("MICROCRED_OULAD") or Path(__file__).parents[4] / "shared" / "data" / "oulad")
PLACE = Place("", 0, 0)

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason=f"the OULAD tables are not in {FOLDER}: fetch them from https://analyse.kmi.open.ac.uk/open_dataset and "
    "name their folder in MICROCRED_OULAD",
)


def handlers(worker: Worker) -> dict[Any, Any]:
    return {kind: handler for binding in worker.bindings for kind, handler in binding.handlers.items()}


class Services:
    """Enrolment and assessment as dictionaries: what one says the other hears at once."""

    def __init__(self) -> None:
        self.enrol, self.assess = handlers(enrolment), handlers(assessment)
        self.offerings: dict[str, Any] = {}
        self.places: dict[str, Any] = {}
        self.progress: dict[str, Any] = {}

    def take(self, event: Any) -> None:
        if isinstance(event, OfferingPublished):
            self.offerings[event.key] = self.assess[OfferingPublished](OFFERINGS.new(event.key), event).state
        elif isinstance(event, LearnerRegistered | LearnerUnregistered):
            key = enrolment_key(event)
            folded = self.enrol[type(event)](self.places.get(key) or ENROLMENTS.new(key), event)
            self.places[key] = folded.state
            for said in folded.says:
                assert isinstance(said, LearnerEnrolled | LearnerUnenrolled)
                self._note(said)
        else:
            self._note(event)

    def _note(self, event: Any) -> None:
        key, beside = progress_key(event), Beside(self.offerings.get(beside_key(event)), PLACE)
        self.progress[key] = self.assess[type(event)](self.progress.get(key) or PROGRESS.new(key), event, beside).state


def test_everybody_stands_where_the_tables_have_them() -> None:
    source, services = Oulad(FOLDER, "ou"), Services()
    for row in source.rows():
        services.take(row.content)
    compared, recognised = 0, 0
    for (student, offering), standing in expected_standings(FOLDER).items():
        published = services.offerings.get(f"ou/{offering}")
        if published is None or not offering.rpartition("-")[2].startswith("2013"):
            continue
        found = explain(services.progress[f"ou/{source.learner_ref(student)}/{offering}"], published)
        carried = {each.id for each in found.components if each.recognised == "contributes"}
        assert (found.grade_percent, found.passed) == (float(standing.grade), standing.passed), (student, offering)
        assert carried == standing.recognised, (student, offering)
        compared, recognised = compared + 1, recognised + bool(carried)
    assert compared
    assert recognised
