"""What a rebuild tells while it works: JSON, one object a line, with the key `rebuild` for the step."""

import sys
import time
from collections.abc import Callable
from typing import Any, TextIO

import orjson

Tell = Callable[..., None]
"""`(step, **details)`."""
_EVERY_S = 0.5


def to_stream(stream: TextIO | None = None) -> Tell:
    """Return what tells on a stream, standard output if none is given."""

    def tell(step: str, **details: Any) -> None:
        out = stream or sys.stdout
        out.write(orjson.dumps({"rebuild": step, **details}).decode() + "\n")
        out.flush()

    return tell


class Estimate:
    """How much is folded, and how long the rest will take; told twice a second."""

    def __init__(self, tell: Tell, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin to count now."""
        self._tell = tell
        self._clock = clock
        self._began: tuple[float, int] | None = None
        self._told_at = float("-inf")

    def at(self, done: int, of: int) -> None:
        """Note that so many records of so many are folded."""
        now = self._clock()
        began, first = self._began = self._began or (now, done)
        if now - self._told_at < _EVERY_S and done < of:
            return
        self._told_at = now
        rate = (done - first) / (now - began) if now > began else 0.0
        left = round((of - done) / rate, 1) if rate else None
        self._tell("replay", done=done, of=of, per_s=round(rate), left_s=left)
