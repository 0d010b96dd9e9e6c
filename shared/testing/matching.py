"""MongoDB's rules of finding and sorting, as far as the port promises them: for the in-memory twin. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

_ABSENT: Any = object()
_RANKS: tuple[tuple[Any, ...], ...] = ((type(None),), (int, float), (str,), (dict,), (bytes,), (bool,), (datetime,))


def matches(document: Mapping[str, Any], where: Mapping[str, Any]) -> bool:
    """Tell whether a document is found; a list on the way stands for each of its members."""
    return all(_fits(_branches(document, path), wanted) for path, wanted in where.items())


def in_order(documents: Iterable[Any], sort: Sequence[tuple[str, int]]) -> list[Any]:
    """Return documents as MongoDB sorts them: what is absent before what is there, kinds apart."""
    found = list(documents)
    for path, direction in reversed(sort):
        pick = min if direction > 0 else max
        found.sort(key=lambda document: pick(map(_rank, _sorted_by(document, path))), reverse=direction < 0)
    return found


def _branches(value: Any, path: str) -> list[Any]:
    """Return the values at a dotted path, lists whole; `_ABSENT` where the path ends too early."""
    values = [value]
    for part in path.split("."):
        owners = [each for value in values for each in (_documents(value) if isinstance(value, list) else [value])]
        values = [owner.get(part, _ABSENT) if isinstance(owner, dict) else _ABSENT for owner in owners]
    return values


def _documents(members: list[Any]) -> list[Any]:
    return [member for member in members if isinstance(member, dict)]


def _fits(branches: Sequence[Any], wanted: Any) -> bool:
    if isinstance(wanted, Mapping) and any(str(name).startswith("$") for name in wanted):
        return all(_OPERATORS[name](branches, bound) for name, bound in wanted.items())
    return _equals(branches, wanted)


def _equals(branches: Sequence[Any], wanted: Any) -> bool:
    if wanted is None and _ABSENT in branches:
        return True
    return any(_rank(each) == _rank(wanted) for each in _with_members(branches))


def _comparing(compare: Callable[[Any, Any], bool]) -> Callable[[Sequence[Any], Any], bool]:
    def fits(branches: Sequence[Any], bound: Any) -> bool:
        kind = _rank(bound)[0]
        return any(_rank(each)[0] == kind and compare(each, bound) for each in _with_members(branches))

    return fits


def _with_members(branches: Sequence[Any]) -> list[Any]:
    there = [branch for branch in branches if branch is not _ABSENT]
    return there + [member for branch in there if isinstance(branch, list) for member in branch]


def _sorted_by(document: Any, path: str) -> list[Any]:
    values = [None if branch is _ABSENT else branch for branch in _branches(document, path)]
    return [each for value in values for each in (value if isinstance(value, list) else [value])] or [None]


def _rank(value: Any) -> tuple[int, Any]:
    kinds = [rank for rank, types in enumerate(_RANKS) if type(value) in types]
    return (kinds[0], value if value is not None else 0) if kinds else (len(_RANKS), value)


_OPERATORS: Mapping[str, Callable[[Sequence[Any], Any], bool]] = {
    "$in": lambda branches, wanted: any(_equals(branches, each) for each in wanted),
    "$gt": _comparing(lambda value, bound: value > bound),
    "$gte": _comparing(lambda value, bound: value >= bound),
    "$lt": _comparing(lambda value, bound: value < bound),
    "$lte": _comparing(lambda value, bound: value <= bound),
    "$exists": lambda branches, wanted: any(branch is not _ABSENT for branch in branches) is wanted,
}
