"""Waiting until all that was published has gone through."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from deploy.cli.errors import Unsettled
from deploy.cli.funnel import Stages
from deploy.cli.lags import Behind

PAUSE_S = 0.5
STILL = 3  # looks in a row without a change, once what was wanted is there
QUIET = 40  # looks in a row without a change, when it is not


@dataclass(frozen=True)
class Watched:
    """What is looked at while waiting; `wanted` tells whether a total is what must come out."""

    behind: Callable[[], list[Behind]]
    total: Callable[[], Stages]
    alive: Callable[[], None]
    wanted: Callable[[Stages], bool] = lambda _: True


def settle(
    watched: Watched,
    patience_s: float,
    told: Callable[[Stages, int], None] = lambda *_: None,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Return when nobody is behind and the funnel rests: shortly after it shows what is wanted, else after longer.

    Lag alone would not do: the embedded broker understates it, and what waits for an offering is in no topic.

    Raises:
        Unsettled: that did not come about in time.

    """
    deadline = clock() + patience_s
    before: tuple[Stages, int] | None = None
    still = 0
    while True:
        watched.alive()
        behind = watched.behind()
        now = watched.total(), sum(row.records for row in behind)
        told(*now)
        still = still + 1 if now == before and not now[1] else 0
        if still >= (STILL if watched.wanted(now[0]) else QUIET):
            return
        before = now
        if clock() > deadline:
            raise Unsettled(patience_s, _words(behind))
        sleep(PAUSE_S)


def _words(behind: list[Behind]) -> str:
    late = [f"{row.service} {row.records:,} behind on {row.topic}" for row in behind if row.records]
    return ", ".join(late) or "the funnel still changes"
