"""Stand-ins for what events are sent to."""

from collections.abc import Sequence

from deploy.cli.publishing.rows import Fault
from shared.contracts.envelope import Event


class Collecting:
    """Takes events and keeps them; refuses those of these ids, and breaks down before the batch of this number."""

    def __init__(self, refuses: Sequence[str] = (), breaks_at: int | None = None) -> None:
        self.events: list[Event] = []
        self.batches = 0
        self._refuses = refuses
        self._breaks_at = breaks_at

    def send(self, events: Sequence[Event]) -> dict[int, Fault]:
        if self.batches == self._breaks_at:
            raise ConnectionError("the network went away")
        self.batches += 1
        refused = {index: Fault("id", "refused") for index, event in enumerate(events) if event.id in self._refuses}
        self.events += [event for index, event in enumerate(events) if index not in refused]
        return refused
