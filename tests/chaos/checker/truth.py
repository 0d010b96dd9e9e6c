"""What must stand: each record folded by itself, in the order of its partition, by the services' own rules."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from shared.contracts.envelope import Event
from shared.contracts.topics import TOPICS, Topic
from shared.contracts.wire import CLOCK_SKEW, ContractError, decode, refuse_the_future
from shared.kit.bindings import Beside, Binding, Folded, Place
from shared.kit.errors import RecordRefused
from shared.kit.worker import Worker
from tests.chaos.checker.log import Stored
from tests.chaos.checker.parking import Parking

Document = dict[str, Any]
_TOPIC_OF = {kind: topic.name for topic in TOPICS for kind in topic.events}
_SKEW_MS = CLOCK_SKEW.total_seconds() * 1000


@dataclass(frozen=True, slots=True)
class Output:
    """One record that must stand on an output topic; `id` is the event's."""

    topic: str
    key: bytes
    id: str
    value: bytes


@dataclass(frozen=True, slots=True)
class Refusal:
    """One record that must stand among the dead letters, and why."""

    record: Stored
    error: str
    reason: str


@dataclass(slots=True)
class Truth:
    """Documents, outputs and refusals so far; `ids` are those of the worker's topics."""

    worker: Worker
    ids: Mapping[str, str]
    parking: Parking = field(default_factory=Parking)
    documents: dict[str, dict[str, Document]] = field(default_factory=dict)
    outputs: list[Output] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    partition: dict[tuple[str, str], int] = field(default_factory=dict)

    def take_all(self, records: Mapping[str, Iterable[Stored]]) -> None:
        """Fold whole topics, in the order of the worker's table."""
        for topic in self.worker.topics:
            for record in records.get(topic.name, ()):
                self.take(topic, record)

    def take(self, topic: Topic, record: Stored) -> None:
        """Fold one record."""
        if self.parking.takes(record):
            return
        try:
            event = decode(topic, record.value, record.headers)
            if record.timestamp > 0 and event.time.timestamp() * 1000 > record.timestamp + _SKEW_MS:
                refuse_the_future(event, datetime.fromtimestamp(record.timestamp / 1000, UTC))
        except ContractError as error:
            self._refuse(topic, record, error)
            return
        for binding in self._bindings(topic, event):
            try:
                self._fold(binding, record, event)
            except RecordRefused as error:
                self._refuse(topic, record, error)

    def counters(self) -> dict[str, dict[str, Document]]:
        """Return every counter document, recounted from the documents as they stand."""
        return {tally.collection: self._counted(tally) for tally in self.worker.tallies}

    def _bindings(self, topic: Topic, event: Event) -> list[Binding]:
        hearing = [each for each in self.worker.bindings if each.topic is topic and type(event) in each.handlers]
        return sorted(hearing, key=lambda each: self.worker.models.index(each.model))

    def _fold(self, binding: Binding, record: Stored, event: Event) -> None:
        model, key = binding.model, binding.key(event)
        if key is None:
            return
        held = self.documents.setdefault(model.collection, {})
        before = model.load(held[key]) if key in held else model.new(key)
        folded = self._answer(binding, record, event, before)
        if folded.state is not before:
            held[key] = {"_id": key, **model.dump(folded.state)}
            self.partition[model.collection, key] = record.partition
        for each in folded.says:
            self.outputs.append(Output(_TOPIC_OF[type(each)], each.key.encode(), each.id, each.encode()))

    def _answer(self, binding: Binding, record: Stored, event: Event, before: Any) -> Folded[Any]:
        handler = binding.handlers[type(event)]
        if binding.beside is None or binding.beside_key is None:
            return handler(before, event)
        beside = self.documents.get(binding.beside.collection, {}).get(binding.beside_key(event))
        place = Place(self.ids[record.topic], record.partition, record.offset)
        return handler(before, event, Beside(None if beside is None else binding.beside.load(beside), place))

    def _refuse(self, topic: Topic, record: Stored, error: Exception) -> None:
        self.refusals.append(Refusal(record, type(error).__name__, str(error)))
        self.parking.refused(topic, record, error)

    def _counted(self, tally: Any) -> dict[str, Document]:
        collection = tally.model.collection
        counts: dict[str, tuple[Document, Counter[str]]] = {}
        for key, document in self.documents.get(collection, {}).items():
            for bucket, name in tally.contributions(tally.model.load(document)):
                names = {**dict(bucket), "partition": self.partition[collection, key]}
                id_ = "|".join(map(str, names.values()))
                counts.setdefault(id_, ({"_id": id_, **names}, Counter()))[1][name] += 1
        return {id_: {**names, **counter} for id_, (names, counter) in counts.items()}
