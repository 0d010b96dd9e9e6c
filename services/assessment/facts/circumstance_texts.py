"""Circumstances as one JSON text: lists of lists, since nobody asks the database for single ones."""

from typing import Any

import orjson

from services.assessment.facts.circumstances import (
    Check,
    Circumstances,
    Extension,
    Migration,
    Recognition,
    Release,
    Verdict,
    Word,
)

_KINDS: tuple[type[Any], ...] = (Verdict, Recognition, Check, Release, Extension, Migration)


def text_of(around: Circumstances) -> str:
    """Return circumstances as text."""
    words, *kinds, said, began_under, heard, awaits = around
    rows = [[_row(each) for each in kind.values()] for kind in kinds]
    return orjson.dumps(
        [[[id_, *word] for id_, word in words.items()], *rows, sorted(said), began_under, heard, awaits]
    ).decode()


def _row(fact: Any) -> list[Any]:
    # A verdict of which nobody says who repeats it is stored as ever.
    return list(fact[:-1] if isinstance(fact, Verdict) and fact.by is None else fact)


def circumstances_of(text: str) -> Circumstances:
    """Return circumstances of their text."""
    words, *rows, said, began_under, heard, awaits = orjson.loads(text)
    kinds = ({row[0]: kind(*row) for row in held} for kind, held in zip(_KINDS, rows, strict=True))
    named = {id_: Word(*word) for id_, *word in words}
    return Circumstances._make((named, *kinds, frozenset(said), began_under, heard, awaits))
