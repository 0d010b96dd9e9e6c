"""Deciding about dead letters through a service's API: page by page in the order of the log, each seen through."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from deploy.cli.client import Http
from deploy.cli.errors import Undecided

AT_ONCE = 100
PAUSE_S = 0.2
PATH = "/v1/dead-letters"
Letter = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which letters are meant."""

    ids: Sequence[str] = ()
    topic: str = ""
    error: str = ""

    @property
    def parameters(self) -> dict[str, Any]:
        """The query of a list."""
        named = {"letter": list(self.ids), "topic": self.topic, "error": self.error}
        return {name: value for name, value in named.items() if value}


@dataclass(slots=True)
class Outcome:
    """What became of letters: `settled` are through, `again` were refused once more, `left` with the reason why."""

    settled: int = 0
    again: list[Letter] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)

    @property
    def seen(self) -> int:
        """How many letters something became of."""
        return self.settled + len(self.again) + len(self.left)


def pages(http: Http, wanted: Filter, status: str = "open", limit: int = AT_ONCE) -> Iterator[list[Letter]]:
    """Yield letters in the order in which their records stood."""
    cursor = ""
    while True:
        query = {**wanted.parameters, "limit": limit, **({"status": status} if status else {})}
        answer = http.call("GET", PATH, params={**query, "cursor": cursor} if cursor else query).json()
        yield answer["items"]
        if not (cursor := answer["next"] or ""):
            return


def show(http: Http, letter: str) -> Letter:
    """Return one letter with its bytes."""
    found: Letter = http.call("GET", f"{PATH}/{letter}").json()
    return found


def decide(  # noqa: PLR0913 - the last two are for tests
    http: Http,
    do: Literal["redrive", "discard"],
    letters: Sequence[Letter],
    why: str,
    *,
    patience_s: float,
    told: Callable[[Outcome], None] = lambda _: None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Outcome:
    """Decide about letters, in their order, and return when the worker has carried all of it out.

    Raises:
        Undecided: the worker did not get there in time; the decisions stand on the log.

    """
    outcome = Outcome()
    for start in range(0, len(letters), AT_ONCE):
        some = {each["id"]: each for each in letters[start : start + AT_ONCE]}
        reasons = {"why": why} if why else {}
        answer = http.call("POST", f"{PATH}/{do}", json={"letters": list(some), **reasons}).json()
        for refused in answer["refused"]:
            outcome.left.append((refused["letter"], refused["reason"]))
            some.pop(refused["letter"], None)
        deadline = clock() + patience_s
        while some:
            for now in next(pages(http, Filter(list(some)), status="")):
                if now["status"] != "open":
                    outcome.settled += 1
                    del some[now["id"]]
                elif now["attempts"] > some[now["id"]]["attempts"]:
                    outcome.again.append(now)
                    del some[now["id"]]
            told(outcome)
            if some and clock() > deadline:
                raise Undecided(len(some), patience_s)
            if some:
                sleep(PAUSE_S)
    return outcome
