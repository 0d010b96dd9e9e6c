"""What peers are given that take one event at a time: the same fold as ours, one find and one write for each event."""

from bench.grading import key_of, learner_assessed
from services.assessment.facts.progress import Progress
from services.assessment.store import PROGRESS
from shared.contracts.assessment import LearnerAssessed
from shared.contracts.envelope import Event
from shared.kit.store import Document


def folded(event: LearnerAssessed, before: Document | None) -> tuple[Document, tuple[Event, ...]]:
    """Return the document after an event, and what follows from it."""
    key = key_of(event)
    state, says = learner_assessed(Progress.new(key) if before is None else PROGRESS.load(before), event)
    return {"_id": key, **PROGRESS.dump(state)}, says
