"""From results to attempts: whatever was said of one attempt, over whichever route, is one attempt. Pure."""

from collections.abc import Container, Mapping
from typing import NamedTuple

from services.assessment.domain import Attempt
from services.assessment.facts.circumstances import Word

_ALONE = Word(None, final=True, carried_over=False)


class Try(NamedTuple):
    """One attempt at a component: the latest word of it, by time and then id, with the time of the first.

    The first word's time is when it was handed in; a mark that is corrected later makes nobody late. `told` is the time
    of the latest word, `ids` are those of all results that speak of it.
    """

    attempt: Attempt
    name: str | None
    told: int
    final: bool
    carried_over: bool
    ids: tuple[str, ...]

    @property
    def place(self) -> tuple[int, str]:
        """What attempts are ordered by."""
        return self.attempt.time, self.attempt.id


def tries_of(attempts: Mapping[str, Attempt], voided: Container[str], words: Mapping[str, Word]) -> list[Try]:
    """Return the attempts that these results speak of; one that names none is an attempt of its own."""
    spoken: dict[tuple[str, ...], list[Attempt]] = {}
    for attempt in attempts.values():
        if attempt.id not in voided:
            name = words.get(attempt.id, _ALONE).attempt
            spoken.setdefault((attempt.id,) if name is None else (attempt.component, name), []).append(attempt)
    return [_one(said, words) for said in spoken.values()]


def _one(said: list[Attempt], words: Mapping[str, Word]) -> Try:
    if len(said) > 1:
        said.sort(key=lambda each: (each.time, each.id))
    first, latest = said[0], said[-1]
    word = words.get(latest.id, _ALONE)
    standing = latest if first is latest else latest._replace(time=first.time)
    return Try(standing, word.attempt, latest.time, word.final, word.carried_over, tuple(each.id for each in said))
