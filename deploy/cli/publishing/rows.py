"""What a source of events yields: rows that are an event, or say why they are not."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import ValidationError

from shared.contracts.envelope import Event
from shared.contracts.topics import CATALOGUE, PLATFORM_EVENTS, Topic
from shared.contracts.wire import ContractError, reason_of

TAKEN = (PLATFORM_EVENTS, CATALOGUE)
"""The topics that can be published to from outside."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row was refused; `field` is `event` or `row` where all of it is at fault."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in its table, where reading goes on after it, and what it holds."""

    line: int
    after: int
    content: Event | Fault
    table: str = ""


class Source(Protocol):
    """Events to publish; positions are bytes of a file or rows of tables."""

    def size(self) -> int:
        """Return the position after the last row."""
        ...

    def fingerprint(self, position: int) -> str:
        """Return a hash of all that lies before a position."""
        ...

    def rows(self, position: int = 0) -> Iterator[Row]:
        """Yield the rows from a position on."""
        ...


def topic_of(type_name: object) -> Topic:
    """Return the topic that takes events of this type, and the platforms' topic for an unknown one."""
    return next((topic for topic in TAKEN if type_name in {event.TYPE for event in topic.events}), PLATFORM_EVENTS)


def attempt(build: Callable[..., Event], attributes: Mapping[str, Any]) -> Event | Fault:
    """Return the event of these attributes, or what is wrong with them."""
    try:
        return build(**attributes)
    except ValidationError as error:
        return fault_of(reason_of(error, topic_of(attributes.get("type"))))


def fault_of(error: ContractError) -> Fault:
    """Return a broken contract as a fault."""
    return Fault(error.field, error.reason)
