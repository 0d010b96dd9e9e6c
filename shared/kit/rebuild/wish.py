"""What an operator asks of a rebuild."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wish:
    """A rebuild of all read models or of one, or one of the things to do after one."""

    model: str | None = None
    accept_differences: bool = False
    rollback: bool = False
    discard: bool = False
