"""Topics that are somebody else's: other keys, other partitions, records that are no events of ours. Pure.

What is read there becomes events of ours, and is said like whatever else follows from a chunk: with its position.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from shared.contracts.envelope import Event
from shared.contracts.wire import ContractError
from shared.kit.ledger import Record

FOREIGN_LETTERS = "foreign_letters"
"""The letters of such records: no rebuild makes them anew, since others decide for how long those topics are kept."""


Reading = tuple[Event, ...] | ContractError
"""What one record says in events of ours, or why it cannot be taken."""


class Codec(Protocol):
    """Reads one topic."""

    async def read(self, records: Sequence[Record]) -> Sequence[Reading]:
        """Return what each record says, or why it cannot be taken.

        What it has to look up, or to keep, it does here, and waits for it; it may be asked about the same records
        again, whatever became of the first time. Only what is a record's own fault is its error.
        """
        ...

    def seal(self, record: Record) -> Record:
        """Return what a letter may keep of a record that names people: its place, and bytes that say nothing."""
        ...

    def opened(self, record: Record) -> Record | ContractError:
        """Return the record that was sealed, or why it cannot be opened any more."""
        ...


class Names:
    """What topics are called on the broker: ours with the installation's prefix, those of others as they are."""

    def __init__(self, prefix: str, topics: Sequence[str], foreign: Mapping[str, Any]) -> None:
        """Know these topics, of which those are foreign."""
        self._full = {topic: topic if topic in foreign else prefix + topic for topic in topics}
        self._short = {full: topic for topic, full in self._full.items()}

    @property
    def all(self) -> tuple[str, ...]:
        """The names of all of them on the broker."""
        return tuple(self._full.values())

    def full(self, topic: str) -> str:
        """Return the name on the broker."""
        return self._full[topic]

    def short(self, full: str) -> str:
        """Return the name in the table of topics."""
        return self._short[full]
