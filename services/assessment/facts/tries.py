"""From results to attempts: whatever was said of one attempt, over whichever route, is one attempt. Pure."""

from collections.abc import Container, Mapping
from typing import NamedTuple

from services.assessment.domain import Attempt, Ratio, percent
from services.assessment.facts.circumstances import Word
from shared.contracts.platform import STANDING_MARK

_ALONE = Word(None, final=True, carried_over=False)


class Try(NamedTuple):
    """One attempt at a component: the latest word of it, by time and then id, with the time of the first.

    The first word's time is when it was handed in; a mark that is corrected later makes nobody late. `told` is the time
    of the latest word, `ids` are those of all results that speak of it. `standing`, where a gradebook repeats its mark.
    """

    attempt: Attempt
    name: str | None
    told: int
    final: bool
    carried_over: bool
    ids: tuple[str, ...]
    standing: bool = False

    def named(self, name: str) -> bool:
        """Tell whether this is what a platform calls so."""
        return name == self.name or (self.standing and name == STANDING_MARK)

    @property
    def place(self) -> tuple[int, str]:
        """What attempts are ordered by."""
        return self.attempt.time, self.attempt.id


def tries_of(attempts: Mapping[str, Attempt], voided: Container[str], words: Mapping[str, Word]) -> list[Try]:
    """Return the attempts that these results speak of; one that names none is an attempt of its own.

    A gradebook's standing mark is none where it repeats that of an attempt which another route names.
    """
    spoken: dict[tuple[str, ...], list[Attempt]] = {}
    for attempt in attempts.values():
        if attempt.id not in voided:
            name = words.get(attempt.id, _ALONE).attempt
            spoken.setdefault((attempt.id,) if name is None else (attempt.component, name), []).append(attempt)
    found = {key: _one(said, words) for key, said in spoken.items()}
    named: dict[str, list[tuple[str, ...]]] = {}
    for key, each in found.items():
        if each.name is not None and each.name != STANDING_MARK:
            named.setdefault(each.attempt.component, []).append(key)
    for component, keys in named.items():
        mark = found.get((component, STANDING_MARK))
        alike = [key for key in keys if _repeats(mark, found[key])] if mark is not None else []
        if mark is not None and alike:
            repeated = max(alike, key=lambda key: found[key].place)
            ids = (id_ for id_ in mark.ids if _mark(attempts[id_]) == _mark(mark.attempt))
            found[repeated] = found[repeated]._replace(ids=(*found[repeated].ids, *ids), standing=True)
            del found[component, STANDING_MARK]
    return list(found.values())


def _repeats(mark: Try, other: Try) -> bool:
    """Tell whether a standing mark is that of a named attempt, and for good only if that is."""
    if mark.attempt.score is None:
        return False
    alike = _mark(mark.attempt) == _mark(other.attempt) and mark.carried_over == other.carried_over
    return alike and (other.final or not mark.final)


def _mark(attempt: Attempt) -> Ratio | None:
    return None if attempt.score is None else percent(attempt.score, attempt.max_score)


def _one(said: list[Attempt], words: Mapping[str, Word]) -> Try:
    if len(said) > 1:
        said.sort(key=lambda each: (each.time, each.id))
    first, latest = said[0], said[-1]
    word = words.get(latest.id, _ALONE)
    standing = latest if first is latest else latest._replace(time=first.time)
    return Try(standing, word.attempt, latest.time, word.final, word.carried_over, tuple(each.id for each in said))
