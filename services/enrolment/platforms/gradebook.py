"""Marks as gradebooks keep them: one standing mark for each learner and column, in whatever scale."""

from typing import NamedTuple

from services.enrolment.platforms.door import Note


class Mark(NamedTuple):
    """A score within its maximum, and what was cut off of it, if anything; `score` is absent while there is none."""

    score: float | None
    max_score: float
    notes: tuple[Note, ...] = ()


def mark(given: float | None, maximum: float, *, field: str) -> Mark:
    """Return a mark within 0 and its maximum: extra credit counts as full marks, a negative score as none.

    What was cut off is noted with its field, since no grade can hold it: a component never counts for more than its
    weight (docs/decisions/0091).
    """
    if given is None:
        return Mark(None, maximum)
    kept = min(max(given, 0.0), maximum)
    if kept == given:
        return Mark(given, maximum)
    beyond = "above the maximum and counts as full marks" if given > kept else "below 0 and counts as 0"
    return Mark(kept, maximum, (Note(field, f"{given:g} of {maximum:g} is {beyond}"),))
