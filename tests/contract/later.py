"""Events as a later release may write them within the same major version."""

from typing import Any


def with_unknown_fields(value: Any) -> Any:
    """The same JSON with one more member in each of its objects, however deep it lies."""
    if isinstance(value, list):
        return [with_unknown_fields(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: with_unknown_fields(each) for name, each in value.items()} | {"notknownyet": {"nested": [1, None]}}
