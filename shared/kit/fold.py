"""Folding a chunk in memory: each touched document once, whatever the number of its events. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.contracts.envelope import Event
from shared.contracts.topics import TOPICS
from shared.contracts.wire import HEADERS
from shared.kit.dead_letters import dead_letter
from shared.kit.errors import RecordRefused
from shared.kit.ledger import Batch, Saying
from shared.kit.reading import Step, Target
from shared.kit.store import Document, Increment
from shared.kit.worker import Beside, Bucket, Folded, Model, Tally, Worker

_ABSENT: Any = object()
_TOPIC_OF = {event: topic.name for topic in TOPICS for event in topic.events}


def said(event: Event, topic: str | None = None) -> Saying:
    """Return an event as the record that will be appended, by default to its one topic."""
    return Saying(topic or _TOPIC_OF[type(event)], event.key.encode(), event.encode(), HEADERS)


@dataclass(slots=True)
class Changes:
    """What a folded chunk writes and says; `says` by the number of the batch."""

    new: dict[str, list[Document]] = field(default_factory=dict)
    changed: dict[str, list[Document]] = field(default_factory=dict)
    added: dict[str, list[Increment]] = field(default_factory=dict)
    says: dict[int, list[Saying]] = field(default_factory=dict)
    refused: int = 0

    def say(self, batch: int, sayings: Iterable[Saying]) -> None:
        """Note what one batch has to say."""
        self.says.setdefault(batch, []).extend(sayings)

    def refuse(self, batch: int, letter: Saying) -> None:
        """Note a dead letter."""
        self.say(batch, (letter,))
        self.refused += 1


class _States:
    """The states of one model during a chunk: as loaded, and as folded so far."""

    def __init__(self, model: Model[Any], documents: Mapping[str, Document]) -> None:
        self.model = model
        self.documents = documents
        self.before: dict[str, Any] = {}
        self.now: dict[str, Any] = {}
        self.partition: dict[str, int] = {}

    def state(self, key: str) -> Any:
        state = self.now.get(key, _ABSENT)
        if state is _ABSENT:
            document = self.documents.get(key)
            state = self.model.new(key) if document is None else self.model.load(document)
            self.before[key] = self.now[key] = state
        return state

    def seen(self, key: str | None) -> Any:
        """Return the state if the document exists, else None."""
        if key is not None and (key in self.documents or self.now.get(key) is not self.before.get(key)):
            return self.state(key)
        return None

    def touched(self) -> Iterable[tuple[str, Any, Any]]:
        """Return (key, before or None, after) of every changed document."""
        for key, after in self.now.items():
            before = self.before[key]
            if after is not before:
                yield key, before if key in self.documents else None, after


def fold(
    worker: Worker, batches: Sequence[Batch], steps: Sequence[Step], loaded: Mapping[str, Mapping[str, Document]]
) -> Changes:
    """Fold the steps into the loaded documents, model by model in the order of first mention."""
    states = {model.collection: _States(model, loaded.get(model.collection, {})) for model in worker.models}
    changes = Changes()
    for step in steps:
        if step.letter is not None:
            changes.refuse(step.batch, step.letter)
    for model in worker.models:
        for step in steps:
            for target in step.targets:
                if target[0].model is model:
                    _take(worker, batches, step, target=target, states=states, changes=changes)
    for collection, held in states.items():
        for key, before, after in held.touched():
            kind = changes.new if before is None else changes.changed
            kind.setdefault(collection, []).append({"_id": key, **held.model.dump(after)})
    for tally in worker.tallies:
        changes.added[tally.collection] = _increments(tally, states[tally.model.collection])
    return changes


def _take(  # noqa: PLR0913 - one event with all that surrounds it
    worker: Worker,
    batches: Sequence[Batch],
    step: Step,
    *,
    target: Target,
    states: Mapping[str, _States],
    changes: Changes,
) -> None:
    key = target[1]
    held = states[target[0].model.collection]
    try:
        folded = _handle(held.state(key), step, target, states)
    except RecordRefused as error:
        changes.refuse(step.batch, dead_letter(worker.service, batches[step.batch], step.record, error))
        return
    held.now[key] = folded.state
    held.partition[key] = step.place.partition
    if folded.says:
        changes.say(step.batch, map(said, folded.says))


def _handle(state: Any, step: Step, target: Target, states: Mapping[str, _States]) -> Folded[Any]:
    binding, _, beside_key = target
    handler = binding.handlers[type(step.event)]  # type: ignore[index]  # a step with targets has an event
    if binding.beside is None:
        return handler(state, step.event)
    return handler(state, step.event, Beside(states[binding.beside.collection].seen(beside_key), step.place))


def _increments(tally: Tally, held: _States) -> list[Increment]:
    deltas: dict[tuple[Bucket, int], Counter[str]] = {}
    for key, before, after in held.touched():
        for sign, state in ((1, after), (-1, before)):
            for bucket, name in tally.contributions(state) if state is not None else ():
                deltas.setdefault((bucket, held.partition[key]), Counter())[name] += sign
    return [
        _increment(bucket, partition, counter)
        for (bucket, partition), counter in deltas.items()
        if any(counter.values())
    ]


def _increment(bucket: Bucket, partition: int, counter: Counter[str]) -> Increment:
    names: dict[str, Any] = {**dict(bucket), "partition": partition}
    add = {name: number for name, number in counter.items() if number}
    return Increment("|".join(map(str, names.values())), names, add)
