"""From records to events on their way to documents, or to what is wrong with them. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from shared.contracts.envelope import Event
from shared.contracts.topics import Topic
from shared.contracts.wire import (
    CLOCK_SKEW,
    ContractError,
    MalformedEvent,
    UnknownVersion,
    decode,
    refuse_the_future,
)
from shared.kit.bindings import Binding, Place
from shared.kit.commands import Command, command_of
from shared.kit.foreign import Codec
from shared.kit.ledger import Batch, Record
from shared.kit.worker import Worker

_SKEW_MS = CLOCK_SKEW.total_seconds() * 1000

Target = tuple[Binding, str, str | None]
"""A binding, the key of its document, and the key of the document beside."""


class Step(NamedTuple):
    """One record on its way: an event into its documents, an error of one that could not be read, or a command.

    `says` is what a foreign record says in our words.
    """

    batch: int
    record: Record
    event: Event | None
    place: Place
    targets: Sequence[Target] = ()
    error: ContractError | None = None
    command: Command | None = None
    says: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Routes:
    """Where the events of one topic go."""

    topic: Topic
    bindings: Mapping[type[Event], tuple[Binding, ...]]
    names: frozenset[str]
    """Those of the events that are heard, without their version."""


async def read(worker: Worker, batches: Sequence[Batch]) -> list[Step]:
    """Decode every record and find the documents that it is for; only foreign ones are ever waited for.

    The steps come in the order in which the worker mentions its topics, so that what others look at beside their own
    documents is folded first; those of one batch stay together and in order.
    """
    rank = {topic.name: number for number, topic in enumerate(worker.topics)}
    steps: list[Step] = []
    for number, batch in sorted(enumerate(batches), key=lambda each: rank[each[1].topic]):
        steps.extend(await read_records(worker, number, batch, batch.records))
    return steps


async def read_records(worker: Worker, number: int, batch: Batch, records: Sequence[Record]) -> list[Step]:
    """Return the steps of records of batch `number`, in order."""
    routes = routes_of(worker, batch.topic)
    codec = worker.codecs.get(batch.topic)
    if codec is not None:
        return await read_foreign(codec, number, batch, records)
    return [_read_record(worker, number, batch, record, routes) for record in records]


def wanted(steps: Iterable[Step]) -> dict[str, set[str]]:
    """Return the ids of all documents that these steps touch or look at, by collection."""
    ids: dict[str, set[str]] = {}
    for step in steps:
        for binding, key, beside_key in step.targets:
            ids.setdefault(binding.model.collection, set()).add(key)
            if binding.beside is not None and beside_key is not None:
                ids.setdefault(binding.beside.collection, set()).add(beside_key)
    return ids


def routes_of(worker: Worker, topic: str) -> Routes:
    """Return where a worker's events of a topic go."""
    bindings = [binding for binding in worker.bindings if binding.topic.name == topic]
    kinds = {kind for binding in bindings for kind in binding.handlers}
    return Routes(
        worker.topic(topic),
        {kind: tuple(each for each in bindings if kind in each.handlers) for kind in kinds},
        frozenset(kind.TYPE.rpartition(".v")[0] for kind in kinds),
    )


async def read_foreign(codec: Codec, number: int, batch: Batch, records: Sequence[Record]) -> list[Step]:
    """Return the steps of foreign records: each has an error, or something to say, or neither."""
    steps = []
    for record, told in zip(records, await codec.read(records), strict=True):
        place = Place(batch.topic_id, batch.partition, record.offset)
        if isinstance(told, ContractError):
            steps.append(Step(number, record, None, place, error=told))
        else:
            steps.append(Step(number, record, None, place, says=told))
    return steps


def _read_record(worker: Worker, number: int, batch: Batch, record: Record, routes: Routes) -> Step:
    """Return the step of one record of batch `number`; a command to another service has nowhere to go."""
    place = Place(batch.topic_id, batch.partition, record.offset)
    command = command_of(record)
    if command is not None:
        return Step(number, record, None, place, command=command if command.service == worker.service else None)
    if not routes.topic.events:
        stray = MalformedEvent("", f"nothing but decisions about dead letters stands on {routes.topic.name}")
        return Step(number, record, None, place, error=stray)
    try:
        event = decode(routes.topic, record.value, record.headers)
        _refuse_the_future(event, record.timestamp)
    except UnknownVersion as error:
        # Another version of what this service does not hear is none of its business.
        return Step(number, record, None, place, error=error if error.event in routes.names else None)
    except ContractError as error:
        return Step(number, record, None, place, error=error)
    targets = [
        (binding, key, binding.beside_key(event) if binding.beside_key else None)
        for binding in routes.bindings.get(type(event), ())
        if (key := binding.key(event)) is not None
    ]
    return Step(number, record, event, place, targets)


def _refuse_the_future(event: Event, timestamp: int) -> None:
    # The record's own timestamp is the clock: a replay years later must decide the same.
    if timestamp > 0 and event.time.timestamp() * 1000 > timestamp + _SKEW_MS:
        refuse_the_future(event, datetime.fromtimestamp(timestamp / 1000, UTC))
