"""What peers are given that take one event at a time: one write for each, and one more for each pass.

The write appends the attempt and brings back the document as it was, so nothing has to be read before.
"""

from dataclasses import dataclass
from typing import Any

from bench.grading import key_of, learner_assessed
from services.assessment.domain import Attempt
from services.assessment.progress import Progress
from services.assessment.store import PROGRESS
from shared.contracts.assessment import LearnerAssessed
from shared.contracts.envelope import Event
from shared.kit.moments import microseconds
from shared.kit.store import Document

_STANDING = ("policy_version", "passed", "ordinal")


@dataclass(frozen=True, slots=True)
class Append:
    """One event as arguments of `find_one_and_update`, with `upsert`, returning the document before."""

    event: LearnerAssessed

    @property
    def where(self) -> Document:
        """The document that it goes into."""
        return {"_id": key_of(self.event)}

    @property
    def update(self) -> Document:
        """The attempt appended; all other fields where the document is new."""
        data = self.event.data
        row = Attempt(data.result_id, data.component, microseconds(self.event.time), data.score_percent, 100.0)
        new = PROGRESS.dump(Progress.new(key_of(self.event)))
        return {
            "$push": {"attempts": list(row)},
            "$setOnInsert": {name: value for name, value in new.items() if name != "attempts"},
        }

    def outcome(self, before: Document | None) -> tuple[Document, tuple[Event, ...]]:
        """Return what changes in the learner's standing, empty for nothing, and what follows."""
        key = key_of(self.event)
        folded = learner_assessed(Progress.new(key) if before is None else PROGRESS.load(before), self.event)
        if not folded.says:
            return {}, ()
        after: dict[str, Any] = PROGRESS.dump(folded.state)
        return {"$set": {name: after[name] for name in _STANDING}}, folded.says
