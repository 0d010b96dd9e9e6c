"""What a bench leaves behind: a table, a file, a line."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table

from bench.machine import line
from bench.verdict import Figure, lines

RESULTS = Path(__file__).with_name("results")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The machine and the load of one bench; `wanted` is the load that the goals are set for."""

    versions: Mapping[str, str]
    hardware: Mapping[str, str]
    load: Mapping[str, str]
    given: Mapping[str, int]
    wanted: Mapping[str, int]

    @property
    def whole(self) -> bool:
        """Whether the load was not less than the goals are set for."""
        return all(self.given[name] >= least for name, least in self.wanted.items())


@dataclass(frozen=True, slots=True)
class Report:
    """One bench: the rows of its table and its figures, its own figure last; `raw` goes into the file only."""

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    figures: Sequence[Figure]
    notes: Sequence[str] = ()
    raw: Any = None

    def show(self, console: Console, around: Surroundings) -> None:
        """Print the table, what it was measured on, and the lines of the figures."""
        console.print(f"{self.name}: {self.title}", style="bold", highlight=False, soft_wrap=True)
        table = Table()
        for number, column in enumerate(self.columns):
            table.add_column(column, justify="right" if number else "left", no_wrap=True)
        for row in self.rows:
            table.add_row(*row)
        console.print(table)
        for facts in (around.versions, around.hardware, {**around.given, **around.load}):
            console.print(
                line({name: str(value) for name, value in facts.items()}), style="dim", highlight=False, soft_wrap=True
            )
        for note in (*self.notes, *_shortfall(around)):
            console.print(note, highlight=False, soft_wrap=True)
        for each in lines(self.figures, whole=around.whole):
            console.print(each, highlight=False, soft_wrap=True)

    def save(self, around: Surroundings, folder: Path = RESULTS) -> Path:
        """Write all of it as JSON, and return the file."""
        folder.mkdir(exist_ok=True)
        path = folder / f"{self.name}.json"
        content = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "name": self.name,
            "lines": lines(self.figures, whole=around.whole),
            "figures": [asdict(figure) for figure in self.figures],
            "table": [dict(zip(self.columns, row, strict=True)) for row in self.rows],
            "notes": [*self.notes, *_shortfall(around)],
            **asdict(around),
            "raw": self.raw,
        }
        path.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n")
        return path


def _shortfall(around: Surroundings) -> list[str]:
    if around.whole:
        return []
    less = [f"{around.given[name]} of {least} {name}" for name, least in around.wanted.items()]
    return [f"less than the goal's load ({', '.join(less)}): short, whatever the figure"]
