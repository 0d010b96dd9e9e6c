"""Orders to a worker: at which passing of which point it kills itself. A file, since it must be read by a process."""

import json
import os
import signal
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

VARIABLE = "MICROCRED_CHAOS_ORDERS"
"""The environment variable that names the file."""

AFTER_LOAD = "after load"
AFTER_WRITE = "after write"
DURING_COMMIT = "during commit"
BEFORE_PRODUCE = "before produce"
BETWEEN_PRODUCES = "between produces"
BEFORE_ACKNOWLEDGEMENT = "before acknowledgement"
DURING_REVOCATION = "during revocation"
POINTS = (
    AFTER_LOAD,
    AFTER_WRITE,
    DURING_COMMIT,
    BEFORE_PRODUCE,
    BETWEEN_PRODUCES,
    BEFORE_ACKNOWLEDGEMENT,
    DURING_REVOCATION,
)


@dataclass(frozen=True, slots=True)
class Order:
    """Die at this point, at the `nth` passing from now on, `after_ms` later."""

    point: str
    nth: int = 1
    after_ms: float = 0.0

    def give(self, file: Path) -> None:
        """Lay the order down for the worker that looks at this file; in one step, so that none is read in half."""
        fresh = file.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(self)))
        fresh.rename(file)


class Orders:
    """What the worker itself sees of its orders."""

    def __init__(self, file: Path) -> None:
        """Look at this file."""
        self._file = file
        self._passed = 0

    def wants(self, point: str) -> Order | None:
        """Return the order that is to be carried out at this passing of this point, if there is one."""
        if not self._file.exists():
            return None
        content: dict[str, Any] = json.loads(self._file.read_text())
        order = Order(**content)
        if order.point != point:
            return None
        self._passed += 1
        return order if self._passed >= order.nth else None

    def passing(self, point: str) -> None:
        """Die here and now if that is the order."""
        if self.wants(point) is not None:
            die()

    def leaving(self, point: str) -> None:
        """Die within the ordered time while the work goes on."""
        order = self.wants(point)
        if order is not None:
            threading.Timer(order.after_ms / 1000, die).start()


def die() -> None:
    """End the worker as kill -9 does, with the process that folds beside it."""
    os.killpg(0, signal.SIGKILL)
