"""Folding a chunk in memory: each touched document once, whatever the number of its events. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.contracts.envelope import Event
from shared.contracts.topics import TOPICS
from shared.contracts.wire import HEADERS
from shared.kit.bindings import Beside, Bucket, Folded, Model, Tally
from shared.kit.commands import Command, Decision
from shared.kit.errors import RecordRefused
from shared.kit.ledger import Batch, Saying
from shared.kit.letters import Letter, Status, parks
from shared.kit.parking import Parking
from shared.kit.reading import Step, Target
from shared.kit.store import Document, Increment
from shared.kit.worker import Worker

_ABSENT: Any = object()
_TOPIC_OF = {event: topic.name for topic in TOPICS for event in topic.events}
_STATUS: dict[Decision, Status] = {"redrive": "redriven", "discard": "discarded"}


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
    parked: int = 0

    def say(self, batch: int, sayings: Iterable[Saying]) -> None:
        """Note what one batch has to say."""
        self.says.setdefault(batch, []).extend(sayings)


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


class Folding:
    """One chunk on its way through the handlers; `now` is the moment of it, in milliseconds since 1970."""

    def __init__(
        self,
        worker: Worker,
        batches: Sequence[Batch],
        loaded: Mapping[str, Mapping[str, Document]],
        parking: Parking,
        now: int,
    ) -> None:
        """Begin with the documents as loaded."""
        self._worker = worker
        self._batches = batches
        self._parking = parking
        self._now = now
        self._states = {model.collection: _States(model, loaded.get(model.collection, {})) for model in worker.models}
        self._changes = Changes()

    def take(self, step: Step) -> None:
        """Fold one record, or let it wait, or refuse it, or carry out what it commands."""
        if step.command is not None:
            self._carry_out(step, step.command)
        elif self._parking.parks(step):
            self._parking.park(step)
            self._changes.parked += 1
        elif (error := self._try(step)) is not None:
            self._refuse(step.batch, self._letter(step, error))

    def changes(self) -> Changes:
        """Return what all that was taken changed."""
        for collection, held in self._states.items():
            for key, before, after in held.touched():
                kind = self._changes.new if before is None else self._changes.changed
                kind.setdefault(collection, []).append({"_id": key, **held.model.dump(after)})
        for tally in self._worker.tallies:
            self._changes.added[tally.collection] = _increments(tally, self._states[tally.model.collection])
        return self._changes

    def _try(self, step: Step) -> Exception | None:
        """Fold the event into all its documents or, where one refuses it, into none."""
        if step.error is not None:
            return step.error
        before: list[tuple[_States, str, Any]] = []
        says: list[Event] = [*step.says]
        for target in step.targets:
            held, key = self._states[target[0].model.collection], target[1]
            state = held.state(key)
            try:
                folded = self._handle(state, step, target)
            except RecordRefused as error:
                for undone, name, was in reversed(before):
                    undone.now[name] = was
                return error
            before.append((held, key, state))
            held.now[key] = folded.state
            held.partition[key] = step.place.partition
            says.extend(folded.says)
        if says:
            self._changes.say(step.batch, map(said, says))
        return None

    def _handle(self, state: Any, step: Step, target: Target) -> Folded[Any]:
        binding, _, beside_key = target
        handler = binding.handlers[type(step.event)]  # type: ignore[index]  # a step with targets has an event
        if binding.beside is None:
            return handler(state, step.event)
        beside = self._states[binding.beside.collection].seen(beside_key)
        return handler(state, step.event, Beside(beside, step.place))

    def _letter(self, step: Step, error: Exception) -> Letter:
        batch = self._batches[step.batch]
        codec = self._worker.codecs.get(batch.topic)
        letter = Letter.of(self._worker.topic(batch.topic), batch.partition, step.record, error, self._now)
        return letter if codec is None else letter.sealed_by(codec)

    def _refuse(self, batch: int, letter: Letter) -> None:
        self._parking.keep(batch, letter)
        self._changes.say(batch, (letter.said(self._worker.service),))
        self._changes.refused += 1

    def _carry_out(self, step: Step, command: Command) -> None:
        letter = self._parking.letter(command.letter)
        if letter is None or (letter.status, letter.attempts) != ("open", command.attempts):
            return
        if command.do == "redrive" and (error := self._try(self._parking.redriven(letter.id))) is not None:
            holds = not letter.sealed and parks(error, self._worker.topic(letter.topic))
            again = letter.refused_again(error, parks=holds)
            self._refuse(step.batch, again)
            if again.parks:
                return
        else:
            settled = {"by": command.by, "why": command.why}
            self._parking.keep(step.batch, letter.settle(_STATUS[command.do], settled))
        for waiting in self._parking.release(step.batch, letter):
            self.take(waiting)


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
