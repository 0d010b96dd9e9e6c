"""What names of platforms mean, looked up for a whole batch at once and remembered for a moment."""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from itertools import islice

from services.enrolment.door.courses import Delivery, deliveries_of
from services.enrolment.errors import FieldError
from services.enrolment.store import Offerings
from shared.kit.store import Reader

REMEMBERED_S = 5.0
MOST_NAMES = 20_000
MOST_OFFERINGS = 200

Known = tuple[float, tuple[Delivery, ...]]


@dataclass(slots=True)
class CourseShelf:
    """Looks names up; `clock` counts seconds. What means nothing is not remembered: it may be published any moment."""

    reader: Reader
    clock: Callable[[], float] = time.monotonic
    _held: dict[tuple[str, str], Known] = field(default_factory=dict)

    def recall(self, tenant: str, name: str) -> tuple[Delivery, ...] | None:
        """Return what is remembered of a name, or None."""
        known = self._held.get((tenant, name))
        return known[1] if known is not None and known[0] > self.clock() else None

    async def look_up(self, tenant: str, names: Collection[str]) -> Mapping[str, tuple[Delivery, ...]]:
        """Return what each of these names means, by one query.

        Raises:
            FieldError: the names belong to more offerings than one request may be about.

        """
        offerings = await Offerings(self.reader, tenant).delivered_by(sorted(names), MOST_OFFERINGS + 1)
        if len(offerings) > MOST_OFFERINGS:
            raise FieldError("body", f"it is about more than {MOST_OFFERINGS} offerings; send less at once")
        fresh = deliveries_of([each.definition for each in offerings], names)
        self._remember(tenant, fresh)
        return fresh

    def _remember(self, tenant: str, fresh: Mapping[str, tuple[Delivery, ...]]) -> None:
        until = self.clock() + REMEMBERED_S
        for name, meant in fresh.items():
            if meant:
                self._held.pop((tenant, name), None)
                self._held[tenant, name] = (until, meant)
        for oldest in list(islice(self._held, max(0, len(self._held) - MOST_NAMES))):
            del self._held[oldest]
