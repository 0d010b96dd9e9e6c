"""Conditions on an offering, as rule sets write them, and whether they hold. Pure.

A condition looks `at` a path of the definition, in which `[]` stands for each item of a list; an item that has a member
`path` is known by that. What is not there holds no condition but `absent`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Document = Mapping[str, Any]
_ABSENT: Any = object()
_STEP = re.compile(r"[^.\[\]]+|\[\]")
_MOST_TEXT = 200
_MOST_FOUND = 20


class Found(NamedTuple):
    """What stands at a path: the value, or None."""

    path: str
    value: Any


class Condition(BaseModel):
    """One condition: a place and what is asked of it, or conditions joined by `all`, `any` and `none`."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    at: str | None = None
    given: bool = False
    absent: bool = False
    least: Annotated[Decimal | None, Field(alias="from")] = None
    most: Annotated[Decimal | None, Field(alias="to")] = None
    above: Decimal | None = None
    among: tuple[str | int | bool, ...] = ()
    like: re.Pattern[str] | None = None
    without: tuple[str, ...] = ()
    holding: tuple[str, ...] = ()
    all: "tuple[Condition, ...]" = ()
    any: "tuple[Condition, ...]" = ()
    none: "tuple[Condition, ...]" = ()

    @model_validator(mode="after")
    def _asks_one_kind_of_thing(self) -> Self:
        joined = [name for name in ("all", "any", "none") if getattr(self, name)]
        if len(joined) + (self.at is not None) != 1:
            raise ValueError("a condition has either `at`, or one of all, any and none")
        return self

    def fails(self, document: Document) -> list[Found]:
        """Return what stands in the way of this condition; nothing where it holds."""
        if self.at is not None:
            return [found for found in values_at(document, self.at) if not self._holds(found.value)][:_MOST_FOUND]
        parts = [part.fails(document) for part in (*self.all, *self.any, *self.none)]
        if self.all:
            return [found for part in parts for found in part]
        if self.any:
            return [] if not all(parts) else _once(found for part in parts for found in part)
        return [found for part in self.none if not part.fails(document) for found in part.looked_at(document)]

    def holds(self, document: Document) -> bool:
        """Tell whether it holds."""
        return not self.fails(document)

    def looked_at(self, document: Document) -> list[Found]:
        """Return all that this condition looks at."""
        if self.at is not None:
            return list(values_at(document, self.at))
        return _once(found for part in (*self.all, *self.any, *self.none) for found in part.looked_at(document))

    def _holds(self, value: Any) -> bool:
        if self.absent:
            return value in (None, "", (), []) or value == {}
        if self.without and value is None:
            return True
        if value is None or value in ("", [], ()) or value == {}:
            return False
        return self._is_within(value) and self._is_worded(value)

    def _is_within(self, value: Any) -> bool:
        if self.least is self.most is self.above is None:
            return True
        number = _number(value)
        if number is None:
            return False
        return (
            (self.least is None or number >= self.least)
            and (self.most is None or number <= self.most)
            and (self.above is None or number > self.above)
        )

    def _is_worded(self, value: Any) -> bool:
        if self.among and not any(value == each and type(value) is type(each) for each in self.among):
            return False
        if self.like is not None and not (isinstance(value, str) and self.like.fullmatch(value)):
            return False
        if self.holding and not (isinstance(value, Sequence) and set(self.holding) <= set(map(str, value))):
            return False
        return not any(_speaks_of(str(value), word) for word in self.without)


def values_at(document: Document, path: str) -> Iterator[Found]:
    """Yield what stands at a path, each with the place where it stands; None where there is nothing."""
    yield from _values(document, _STEP.findall(path), "")


def _values(node: Any, steps: Sequence[str], place: str) -> Iterator[Found]:
    if not steps:
        yield Found(place, node)
        return
    step, *rest = steps
    if step == "[]":
        items = node if isinstance(node, list | tuple) else []
        for number, item in enumerate(items):
            named = item.get("path") if isinstance(item, dict) else None
            yield from _named(_values(item, rest, f"{place}.{number}"), named)
        return
    inner = node.get(step) if isinstance(node, Mapping) else None
    where = f"{place}.{step}" if place else step
    if inner is None:
        yield Found(".".join([where, *(each for each in rest if each != "[]")]), None)
    else:
        yield from _values(inner, rest, where)


def _named(found: Iterator[Found], path: str | None) -> Iterator[Found]:
    for each in found:
        yield each if path is None else Found(path, each.value)


def _number(value: Any) -> Decimal | None:
    if isinstance(value, list | tuple):
        return Decimal(len(value))
    if isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _speaks_of(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None


def shown(value: Any) -> Any:
    """Return a value as it stands in a finding: cut where it is long."""
    if isinstance(value, str) and len(value) > _MOST_TEXT:
        return value[:_MOST_TEXT] + "…"
    if isinstance(value, list | dict) and len(str(value)) > _MOST_TEXT:
        return f"{len(value)} {'items' if isinstance(value, list) else 'members'}"
    return value


def _once(found: Iterator[Found]) -> list[Found]:
    unique: list[Found] = []
    for each in found:
        if each not in unique:
            unique.append(each)
    return unique
