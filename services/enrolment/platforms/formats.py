"""What a platform format is made of. Pure; how one is added stands in README.md beside this file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.enrolment.platforms.door import Sender, Translated

Items = tuple[list[Any], bool]
"""The items of a body, and whether it is a batch: of a batch what can be taken is taken."""


@dataclass(frozen=True, slots=True)
class Format:
    """A platform format: `items` cuts a body into items, `translate` turns each into canonical events.

    `items(content_type, body)` raises `ContractError` or `FieldError` for a body that cannot be cut, and `translate`
    raises `ContractError` for an item that cannot be taken. `id_of` is the platform's own id of an item, for refusals.
    """

    name: str
    translate: Callable[[Any, Sender], Translated]
    items: Callable[[str, bytes], Items]
    id_of: Callable[[Any], str | None] = lambda item: _text(item.get("id")) if isinstance(item, Mapping) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
