"""What stands in the table of a worker: read models, bindings, rollups, and what waits or must be told."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from shared.contracts.envelope import Event
from shared.contracts.topics import Topic

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

    A ruled document has the field `untold` until everybody has heard; `behind` finds those who may not have, and `tell`
    answers None for those of them who have.
    """

    model: Model[Any]
    ruled: Model[Any]
    behind: Callable[[Document], Sequence[Mapping[str, Any]]]
    tell_on: Topic
    tell: Callable[[Document, Document], Event | None]
    told_on: Topic
    told: Callable[[Document], Event]
