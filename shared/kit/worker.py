"""What an engineer of a service writes: which event meets which document through which handler."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

from shared.contracts.envelope import Event
from shared.contracts.topics import Topic
from shared.kit.foreign import FOREIGN_LETTERS, Codec
from shared.kit.letters import LETTERS

S = TypeVar("S")
O = TypeVar("O")  # noqa: E741 - the other document's state

Document = dict[str, Any]
Bucket = tuple[tuple[str, str], ...]
"""What a counter counts for, as names and values: `(("tenant", "ou"), ("offering", "x"))`."""


class Folded(NamedTuple, Generic[S]):
    """What a handler answers: the state after the event, and the events that follow from it.

    The very same state object means that nothing changed and nothing is written.
    """

    state: S
    says: tuple[Event, ...] = ()


class Place(NamedTuple):
    """Where a record stands: unique and the same at every replay."""

    topic_id: str
    partition: int
    offset: int


class Beside(NamedTuple, Generic[O]):
    """What a handler may look at besides its own document: another one, read in the same snapshot."""

    document: O | None
    place: Place


@dataclass(frozen=True, slots=True)
class Model(Generic[S]):
    """A read model: the collection of its documents and how a document becomes state and back.

    `dump` leaves `_id` out; `key` is the document's `_id`, made of what identifies it, tenant first.
    `indexes` are lists of (field, 1 or -1).
    """

    collection: str
    new: Callable[[str], S]
    load: Callable[[Document], S]
    dump: Callable[[S], Document]
    indexes: tuple[tuple[tuple[str, int], ...], ...] = ()


Handler = Callable[..., Folded[Any]]
"""`(state, event) -> Folded`, or `(state, event, beside) -> Folded` where the binding looks beside."""


@dataclass(frozen=True, slots=True)
class Binding:
    """One line of a worker: the handlers that fold events of a topic into documents of a model."""

    topic: Topic
    model: Model[Any]
    handlers: Mapping[type[Event], Handler]
    key: Callable[[Any], str | None]
    beside: Model[Any] | None = None
    beside_key: Callable[[Any], str] | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """A rollup: what a document contributes to counters; only the change of it is ever added."""

    model: Model[Any]
    collection: str
    contributions: Callable[[Any], Iterable[tuple[Bucket, str]]]
    indexes: tuple[tuple[tuple[str, int], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Sweep:
    """Documents of a model that wait for one of another, and the event that ends the wait."""

    model: Model[Any]
    known: Model[Any]
    topic: Topic
    arrived: Callable[[Document, Document], Event]


@dataclass(frozen=True, slots=True)
class Telling:
    """Documents of a model that must hear of rulings on one of another, and the events that tell them and end it.

    A ruled document has the field `untold` until everybody has heard; `behind` finds those who have not.
    """

    model: Model[Any]
    ruled: Model[Any]
    behind: Callable[[Document], Sequence[Mapping[str, Any]]]
    tell_on: Topic
    tell: Callable[[Document, Document], Event]
    told_on: Topic
    told: Callable[[Document], Event]


@dataclass(slots=True)
class Worker:
    """The stream side of one service, as a table of bindings; models are folded in the order of first mention."""

    service: str
    bindings: list[Binding] = field(default_factory=list)
    tallies: list[Tally] = field(default_factory=list)
    sweeping: list[Sweep] = field(default_factory=list)
    codecs: dict[str, Codec] = field(default_factory=dict)
    foreign: list[Topic] = field(default_factory=list)
    obeys: Topic | None = None
    """The topic of ours where operators decide about the letters of foreign ones, on which nobody else may write."""
    named: str = ""
    """The group that it joins, where that is another than the service's."""
    letters_kept_s: float | None = None
    """How long an undecided letter keeps the sealed bytes of a foreign record; None is for ever."""
    telling: list[Telling] = field(default_factory=list)
    settles: Callable[[], Awaitable[bool]] | None = None
    """Awaited after a chunk was folded: true when it has to be folded once more, with what was fetched meanwhile."""

    def hears(
        self,
        topic: Topic,
        model: Model[Any],
        handlers: Mapping[type[Event], Handler],
        *,
        key: Callable[[Any], str | None],
        beside: tuple[Model[Any], Callable[[Any], str]] | None = None,
    ) -> None:
        """Fold these events of a topic into the document that `key` names; with None for a key they are passed over.

        With `beside=(model, key)` the handlers are given a `Beside` with that other document, as it is after
        this chunk's own changes to it; mention that model first.
        """
        other, other_key = beside or (None, None)
        self.bindings.append(Binding(topic, model, handlers, key, other, other_key))

    def translates(self, topic: Topic, codec: Codec) -> None:
        """Read a topic that is somebody else's, by its own name on the broker, and say what its codec makes of it."""
        self.foreign.append(topic)
        self.codecs[topic.name] = codec

    def counts(
        self,
        model: Model[Any],
        collection: str,
        contributions: Callable[[Any], Iterable[tuple[Bucket, str]]],
        *,
        indexes: tuple[tuple[tuple[str, int], ...], ...] = (),
    ) -> None:
        """Keep a rollup of a model: `contributions(state)` names each bucket and field in which it counts one."""
        self.tallies.append(Tally(model, collection, contributions, indexes))

    def sweeps(
        self, *, model: Model[Any], known: Model[Any], topic: Topic, arrived: Callable[[Document, Document], Event]
    ) -> None:
        """Tell documents whose field `waiting_for` names a document of `known` once that is there.

        `arrived(waiting, known)` makes the event, with a derived id, that is appended to the service's own `topic`.
        """
        self.sweeping.append(Sweep(model, known, topic, arrived))

    def tells(
        self,
        model: Model[Any],
        ruled: Model[Any],
        *,
        behind: Callable[[Document], Sequence[Mapping[str, Any]]],
        tell: tuple[Topic, Callable[[Document, Document], Event]],
        told: tuple[Topic, Callable[[Document], Event]],
    ) -> None:
        """Tell the documents that `behind(ruled)` finds of what was ruled, while a document of `ruled` is `untold`.

        `tell` makes the event of one document, `told` that which is said of the ruled one when nobody is left; both
        with derived ids.
        """
        self.telling.append(Telling(model, ruled, behind, *tell, *told))

    @property
    def topics(self) -> tuple[Topic, ...]:
        """All topics that this worker hears, each once, in the order of first mention, foreign ones first."""
        obeyed = (self.obeys,) if self.obeys is not None else ()
        return tuple(dict.fromkeys((*self.foreign, *(binding.topic for binding in self.bindings), *obeyed)))

    def topic(self, name: str) -> Topic:
        """Return the topic of this name that the worker hears."""
        return next(topic for topic in self.topics if topic.name == name)

    @property
    def group(self) -> str:
        """The consumer group, without the installation's prefix."""
        return self.named or self.service

    @property
    def letters(self) -> str:
        """The collection of its letters: no rebuild makes those of foreign records anew."""
        return FOREIGN_LETTERS if self.codecs else LETTERS

    @property
    def models(self) -> tuple[Model[Any], ...]:
        """All read models, each once, in the order of first mention."""
        return tuple(dict.fromkeys(binding.model for binding in self.bindings))
