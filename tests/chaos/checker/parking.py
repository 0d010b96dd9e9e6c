"""Which refusals make the later records of their key wait, and who waits."""

from dataclasses import dataclass, field

from shared.contracts.topics import Topic
from shared.kit.errors import RecordRefused
from tests.chaos.checker.log import Stored

PARKS = True
"""Whether the engine parks: `letters`, `parked` and `parked_records` are compared only if it does."""
CURABLE = {RecordRefused.__name__, "UnknownVersion"}
COLLECTIONS = ("letters", "parked", "parked_records")


@dataclass(slots=True)
class Parking:
    """The keys that are parked, by topic and partition, each with the records that wait behind its letter."""

    on: bool = PARKS
    waiting: dict[tuple[str, int, bytes], list[Stored]] = field(default_factory=dict)

    def takes(self, record: Stored) -> bool:
        """Let a record wait if its key is parked, and tell whether it does."""
        held = self.waiting.get((record.topic, record.partition, record.key)) if record.key is not None else None
        if held is None:
            return False
        held.append(record)
        return True

    def refused(self, topic: Topic, record: Stored, error: Exception) -> None:
        """Park the key of a refused record if a redrive can cure it."""
        curable = type(error).__name__ in CURABLE and not topic.compacted
        if self.on and curable and record.key is not None:
            self.waiting.setdefault((record.topic, record.partition, record.key), [])
