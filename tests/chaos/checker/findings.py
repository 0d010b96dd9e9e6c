"""What the checker has to complain about."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["lost", "doubled", "disordered", "behind"]
"""An effect that is missing or not whole; one that follows from nothing or counts twice; a swapped order; a lag."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of the engine's, with the place where it shows."""

    kind: Kind
    where: str
    what: str

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.kind}: {self.where}: {self.what}"
