"""Is the new generation the old one? Every document of both, streamed in the order of `_id`. Pure."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from shared.kit.letters import LETTERS
from shared.kit.store import Document

MOST_EXAMPLES = 5
_MOST_TEXT = 120
_NONE: Any = object()

Essence = Callable[[Document], Document | None]
"""What of a document is compared; None for one that might as well not be there."""

#: When a record was refused is of the clock, not of the log.
_OF_THE_CLOCK: Mapping[str, frozenset[str]] = {LETTERS: frozenset({"first_failed"})}


class Difference(NamedTuple):
    """One document that differs, and the first field at which it does."""

    id: str
    field: str
    old: str
    new: str


@dataclass(slots=True)
class Parity:
    """How the two generations of one collection compare; `after` is the `_id` that comparing has come to."""

    collection: str
    same: int = 0
    only_old: int = 0
    only_new: int = 0
    different: int = 0
    examples: list[Difference] = field(default_factory=list)
    after: str = ""

    @property
    def whole(self) -> bool:
        """Whether there is no difference."""
        return not (self.only_old or self.only_new or self.different)

    def told(self) -> dict[str, Any]:
        """Return it for a report."""
        counts = {name: getattr(self, name) for name in ("collection", "same", "only_old", "only_new", "different")}
        return counts | {"examples": [each._asdict() for each in self.examples]}

    def note(self, key: str, old: Document | None, new: Document | None) -> None:
        """Count one document; None where there is none."""
        self.after = key
        if old == new:
            self.same += old is not None
            return
        if old is None:
            self.only_new += 1
        elif new is None:
            self.only_old += 1
        else:
            self.different += 1
        if len(self.examples) < MOST_EXAMPLES:
            self.examples.append(_difference(key, old, new))


def essence_of(collection: str, *, tally: bool) -> Essence:
    """Return what of a collection's documents is compared."""
    clock = _OF_THE_CLOCK.get(collection, frozenset())
    if tally:
        return _counted
    if clock:
        return lambda document: {name: value for name, value in document.items() if name not in clock}
    return lambda document: document


def _counted(document: Document) -> Document | None:
    # A counter that went up and down again in one chunk was never written: nothing and 0 are the same.
    kept = {name: value for name, value in document.items() if value != 0 or name == "partition"}
    numbers = [name for name, value in kept.items() if isinstance(value, int) and name != "partition"]
    return kept if numbers else None


async def compare(parity: Parity, old: AsyncIterator[Document], new: AsyncIterator[Document], essence: Essence) -> None:
    """Compare two streams in the order of `_id` to their ends; what was counted before an error stays counted."""
    left, right = await anext(old, None), await anext(new, None)
    while left is not None or right is not None:
        key = min(str(each["_id"]) for each in (left, right) if each is not None)
        ours = left if left is not None and left["_id"] == key else None
        theirs = right if right is not None and right["_id"] == key else None
        parity.note(key, ours and essence(ours), theirs and essence(theirs))
        left = await anext(old, None) if ours is not None else left
        right = await anext(new, None) if theirs is not None else right


def _difference(key: str, old: Document | None, new: Document | None) -> Difference:
    if old is None or new is None:
        return Difference(key, "", "absent" if old is None else "there", "absent" if new is None else "there")
    path, was, now = _first(old, new, "")
    start = _begins_to_differ(was, now)
    return Difference(key, path, _text(was, start), _text(now, start))


def _first(old: Any, new: Any, path: str) -> tuple[str, Any, Any]:
    """Return the path of the first value that differs, and both values."""
    if isinstance(old, dict) and isinstance(new, dict):
        names = sorted({*old, *new})
        at = next(name for name in names if old.get(name, _NONE) != new.get(name, _NONE))
        return _first(old.get(at, _NONE), new.get(at, _NONE), f"{path}.{at}" if path else at)
    if isinstance(old, list) and isinstance(new, list):
        for number, (was, now) in enumerate(zip(old, new, strict=False)):
            if was != now:
                return _first(was, now, f"{path}[{number}]")
        return f"{path}.length", len(old), len(new)
    return path, old, new


def _begins_to_differ(old: Any, new: Any) -> int:
    """Return where two long texts are worth a look."""
    if not (isinstance(old, str | bytes) and type(old) is type(new)) or max(len(old), len(new)) <= _MOST_TEXT:
        return 0
    at = next((number for number, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), 0)
    return max(at - _MOST_TEXT // 3, 0)


def _text(value: Any, start: int = 0) -> str:
    if value is _NONE:
        return "absent"
    text = ("…" if start else "") + repr(value[start : start + _MOST_TEXT] if start else value)
    return text if len(text) <= _MOST_TEXT + 4 else f"{text[:_MOST_TEXT]}…"
