"""What an engineer of a service writes: which event meets which document through which handler."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.contracts.envelope import Event
from shared.contracts.topics import Topic
from shared.kit.bindings import Binding, Bucket, Document, Handler, Model, Sweep, Tally, Telling
from shared.kit.foreign import FOREIGN_LETTERS, Codec
from shared.kit.letters import LETTERS


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
        tell: tuple[Topic, Callable[[Document, Document], Event | None]],
        told: tuple[Topic, Callable[[Document], Event]],
    ) -> None:
        """Tell the documents that `behind(ruled)` finds of what was ruled, while a document of `ruled` is `untold`.

        `tell` makes the event of one document, or None where that one knows; `told` makes that which is said of the
        ruled one when nobody is left. Both have derived ids.
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
