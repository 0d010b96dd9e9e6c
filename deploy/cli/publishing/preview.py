"""What publishing a source would do: counted, and nothing sent or written."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from deploy.cli.publishing.rows import Fault, Row, Source

SHOWN = 20
#: Above it repetitions are not counted any more: their ids would not fit into memory.
MOST_IDS = 1_000_000


@dataclass(slots=True)
class Preview:
    """Events by type, the first rows that would be refused, how many would be, and how many say an id again."""

    types: Counter[str] = field(default_factory=Counter)
    refusals: list[tuple[Row, Fault]] = field(default_factory=list)
    refused: int = 0
    repeated: int = 0

    @property
    def told(self) -> str:
        """The counts in words."""
        return f"{self.types.total():,} events, {self.refused:,} refused"


def preview(source: Source, told: Callable[[int, Preview], None] = lambda _, __: None) -> Preview:
    """Read all rows of a source and return what they are; `told` hears the position after each and the counts."""
    seen: set[str] = set()
    found = Preview()
    for row in source.rows():
        if isinstance(row.content, Fault):
            found.refused += 1
            if len(found.refusals) < SHOWN:
                found.refusals.append((row, row.content))
        else:
            found.types[row.content.type] += 1
            found.repeated += row.content.id in seen
            if len(seen) < MOST_IDS:
                seen.add(row.content.id)
        told(row.after, found)
    return found
