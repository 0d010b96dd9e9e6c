"""What may be used once, and by whom it was: a fold over the tries in the order of the log. Pure.

docs/decisions/0041 says why the log decides, and not a database that several processes write to.
"""

from dataclasses import dataclass, replace

from shared.contracts.once import UseTried
from shared.kit.bindings import Folded, Model
from shared.kit.store import Document

MOST_TRIES = 5
"""Tries with something wrong after which it is good for nobody; a transaction code has 10^6 values."""


@dataclass(frozen=True, slots=True)
class Uses:
    """The tries of one thing: who has it, and who tried in vain before."""

    winner: str = ""
    refused: tuple[str, ...] = ()

    @property
    def settled(self) -> bool:
        """Whether no try to come can change anything."""
        return bool(self.winner) or len(self.refused) >= MOST_TRIES


def tried(uses: Uses, event: UseTried) -> Folded[Uses]:
    """Note a try: the first that is allowed has it, unless too many were not before."""
    attempt = event.data.attempt
    if uses.settled or attempt in uses.refused:
        return Folded(uses)
    if event.data.allowed:
        return Folded(replace(uses, winner=attempt))
    return Folded(replace(uses, refused=(*uses.refused, attempt)))


def uses_key(event: UseTried) -> str:
    """Return what a try is about."""
    return f"{event.tenant}/{event.data.once}"


def _new(_key: str) -> Uses:
    return Uses()


def _load(document: Document) -> Uses:
    return Uses(document["winner"], tuple(document["refused"]))


def _dump(uses: Uses) -> Document:
    return {"winner": uses.winner, "refused": list(uses.refused)}


USES: Model[Uses] = Model("uses", _new, _load, _dump)
