"""What a measured process is told, and what it answers: two JSON files, since logs use its output."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import orjson

from shared.kit.settings import ServiceSettings


@dataclass(frozen=True, slots=True)
class Spec:
    """Where the servers are, and how many events end the run."""

    bootstrap: str
    mongo_url: str
    database: str
    prefix: str
    secret: str
    events: int
    answer: str

    @property
    def settings(self) -> ServiceSettings:
        """The settings that a service would have: its defaults, but for the addresses."""
        return ServiceSettings(
            kafka_bootstrap=self.bootstrap,
            mongo_url=self.mongo_url,
            topic_prefix=self.prefix,
            token_secret_file=Path(self.secret),
        )

    def write(self, path: Path) -> None:
        """Write it for the process."""
        path.write_bytes(orjson.dumps(asdict(self)))

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what `write` wrote."""
        return cls(**orjson.loads(path.read_bytes()))


@dataclass(frozen=True, slots=True)
class Mark:
    """One chunk's effects are done: at which moment, with how many events, what had been spent.

    `at` and `cpu` in seconds, `rss` in bytes.
    """

    at: float
    events: int
    cpu: float
    rss: int


@dataclass(frozen=True, slots=True)
class Run:
    """The marks of one run, one for each chunk."""

    marks: tuple[Mark, ...]

    @property
    def events(self) -> int:
        """The events after the first chunk: only of these the beginning was seen."""
        return self.marks[-1].events - self.marks[0].events

    @property
    def seconds(self) -> float:
        """From the first chunk's effect to the last one's."""
        return self.marks[-1].at - self.marks[0].at

    @property
    def rate(self) -> float:
        """Events a second, from first to last effect."""
        return self.events / self.seconds

    @property
    def cpu_us(self) -> float:
        """Processor time of the process for one event, in microseconds, all its threads together."""
        return (self.marks[-1].cpu - self.marks[0].cpu) / self.events * 1e6

    @property
    def chunk(self) -> float:
        """Mean number of events in a chunk."""
        return self.marks[-1].events / len(self.marks)

    @property
    def megabytes(self) -> float:
        """The most memory seen, in MiB."""
        return max(mark.rss for mark in self.marks) / 2**20

    def write(self, path: Path) -> None:
        """Write it for the bench."""
        rows = [[mark.at, mark.events, mark.cpu, mark.rss] for mark in self.marks]
        path.write_bytes(orjson.dumps(rows))

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what `write` wrote."""
        return cls(tuple(Mark(*row) for row in orjson.loads(path.read_bytes())))
