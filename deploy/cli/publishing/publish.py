"""From a source to a sender, batch by batch; what is refused is written down and never dropped."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from deploy.cli.publishing.bookmark import Bookmark, Standing
from deploy.cli.publishing.rows import Fault, Row, Source
from shared.contracts.envelope import Event

BATCH = 1_000  # events
BATCH_BYTES = 900_000  # below the services' limit of 1 MiB, with room for commas


class Sender(Protocol):
    """Takes events in order."""

    def send(self, events: Sequence[Event]) -> dict[int, Fault]:
        """Return when all events are on the log, but for those refused: index and why."""
        ...


@dataclass(frozen=True, slots=True)
class Refusals:
    """The file of refused rows: JSON lines with line, field, reason, and the table where there are several."""

    path: Path

    def cut(self, size: int) -> None:
        """Forget what was written after the standing was saved: it will be written again."""
        if self.path.exists():
            with self.path.open("r+b") as file:
                file.truncate(size)
            if not size:
                self.path.unlink()

    def write(self, refused: Sequence[tuple[Row, Fault]]) -> int:
        """Append refusals and return the size of the file."""
        if refused:
            with self.path.open("a") as file:
                file.writelines(json.dumps(_refusal(row, fault)) + "\n" for row, fault in refused)
        return self.path.stat().st_size if self.path.exists() else 0


@dataclass(frozen=True, slots=True)
class Trail:
    """What publishing leaves beside its source."""

    bookmark: Bookmark
    refusals: Refusals

    def forget(self) -> None:
        """Begin anew."""
        self.bookmark.forget()
        self.refusals.cut(0)


def _refusal(row: Row, fault: Fault) -> dict[str, object]:
    table = {"table": row.table} if row.table else {}
    return {**table, "line": row.line, "field": fault.field, "reason": fault.reason}


def publish(
    source: Source,
    sender: Sender,
    trail: Trail,
    standing: Standing,
    told: Callable[[Standing], None] = lambda _: None,
) -> Standing:
    """Publish all rows after `standing` and return where that ends; every batch is bookmarked once it is on the log."""
    trail.refusals.cut(standing.refusals_size)
    for batch in _batches(source.rows(standing.position)):
        refused = _send(batch, sender)
        size = trail.refusals.write(refused)
        position = batch[-1].after
        standing = standing.further(
            position,
            source.fingerprint(position),
            published=len(batch) - len(refused),
            refused=len(refused),
            size=size,
        )
        trail.bookmark.save(standing)
        told(standing)
    return standing


def _send(batch: Sequence[Row], sender: Sender) -> list[tuple[Row, Fault]]:
    events = [(row, row.content) for row in batch if not isinstance(row.content, Fault)]
    faults = sender.send([event for _, event in events]) if events else {}
    refused = [(row, row.content) for row in batch if isinstance(row.content, Fault)]
    refused += [(events[index][0], fault) for index, fault in faults.items()]
    return sorted(refused, key=lambda pair: pair[0].after)


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    size = 0
    for row in rows:
        weight = 0 if isinstance(row.content, Fault) else len(row.content.encode()) + 1
        if batch and (len(batch) == BATCH or size + weight > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += weight
    if batch:
        yield batch
