"""Records that were read past: the consumer stands behind them, nothing of them is in hand, and they are not folded.

Whoever folds what comes after them meets a hole and reads again; where nothing comes after them, nobody would.
"""

from collections.abc import Mapping
from typing import Any

FIRST_LOOK = 2
"""At one look it may be that what was fetched has not been handed over yet."""
EVERY_LOOK = 60
"""For what stays where it is: that may be the mark of a producer's transaction, which no fetch brings."""


class Jumps:
    """Looks at places again and again, and tells of which to read again."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self._seen: dict[Any, tuple[int, int]] = {}

    def look(self, places: Mapping[Any, int]) -> list[Any]:
        """Return the partitions that are to be read again; `places` are those read past, and where reading stands."""
        self._seen = {partition: (place, self._looks(partition, place) + 1) for partition, place in places.items()}
        return [
            partition for partition, (_, looks) in self._seen.items() if looks == FIRST_LOOK or looks % EVERY_LOOK == 0
        ]

    def _looks(self, partition: Any, place: int) -> int:
        before, looks = self._seen.get(partition, (place, 0))
        return looks if before == place else 0
