"""From records to events on their way to documents; what cannot be read becomes a dead letter. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from shared.contracts.envelope import Event
from shared.contracts.topics import Topic
from shared.contracts.wire import CLOCK_SKEW, ContractError, decode, refuse_the_future
from shared.kit.dead_letters import dead_letter
from shared.kit.ledger import Batch, Record, Saying
from shared.kit.worker import Binding, Place, Worker

_SKEW_MS = CLOCK_SKEW.total_seconds() * 1000

Target = tuple[Binding, str, str | None]
"""A binding, the key of its document, and the key of the document beside."""


class Step(NamedTuple):
    """One event on its way into its documents, or the letter of a record that could not be read."""

    batch: int
    record: Record
    event: Event | None
    place: Place
    targets: tuple[Target, ...] = ()
    letter: Saying | None = None


@dataclass(frozen=True, slots=True)
class _Routes:
    topic: Topic
    bindings: Mapping[type[Event], tuple[Binding, ...]]


def read(worker: Worker, batches: Sequence[Batch]) -> list[Step]:
    """Decode every record and find the documents that it is for."""
    steps: list[Step] = []
    for number, batch in enumerate(batches):
        routes = _routes(worker, batch.topic)
        steps.extend(_step(worker.service, number, batch, record, routes) for record in batch.records)
    return steps


def wanted(steps: Iterable[Step]) -> dict[str, set[str]]:
    """Return the ids of all documents that these steps touch or look at, by collection."""
    ids: dict[str, set[str]] = {}
    for step in steps:
        for binding, key, beside_key in step.targets:
            ids.setdefault(binding.model.collection, set()).add(key)
            if binding.beside is not None and beside_key is not None:
                ids.setdefault(binding.beside.collection, set()).add(beside_key)
    return ids


def _routes(worker: Worker, topic: str) -> _Routes:
    bindings = [binding for binding in worker.bindings if binding.topic.name == topic]
    kinds = {kind for binding in bindings for kind in binding.handlers}
    return _Routes(
        bindings[0].topic, {kind: tuple(each for each in bindings if kind in each.handlers) for kind in kinds}
    )


def _step(service: str, number: int, batch: Batch, record: Record, routes: _Routes) -> Step:
    place = Place(batch.topic_id, batch.partition, record.offset)
    try:
        event = decode(routes.topic, record.value, record.headers)
        _refuse_the_future(event, record.timestamp)
    except ContractError as error:
        return Step(number, record, None, place, letter=dead_letter(service, batch, record, error))
    targets = tuple(
        (binding, binding.key(event), binding.beside_key(event) if binding.beside_key else None)
        for binding in routes.bindings.get(type(event), ())
    )
    return Step(number, record, event, place, targets)


def _refuse_the_future(event: Event, timestamp: int) -> None:
    # The record's own timestamp is the clock: a replay years later must decide the same.
    if timestamp > 0 and event.time.timestamp() * 1000 > timestamp + _SKEW_MS:
        refuse_the_future(event, datetime.fromtimestamp(timestamp / 1000, UTC))
