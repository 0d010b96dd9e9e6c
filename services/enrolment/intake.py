"""From a request's body to events, and what was refused of it, by index and field."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from services.enrolment.errors import BatchSize, UnsupportedMediaType
from shared.contracts.envelope import LearnerEvent
from shared.contracts.wire import ContractError, MalformedEvent, refuse_the_future

MOST_EVENTS = 1_000
JSON = "application/json"
EVENT = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"

Translate = Callable[[Any], LearnerEvent]


@dataclass(frozen=True, slots=True)
class Refused:
    """One event that was not taken, and why; `id` where it had one."""

    index: int
    id: str | None
    field: str
    reason: str


def items_of(content_type: str, body: bytes) -> tuple[list[Any], bool]:
    """Return what the body holds, and whether it is a batch.

    Raises:
        UnsupportedMediaType: the body is announced as something else than JSON.
        MalformedEvent: it is not JSON, or not of the announced shape.
        BatchSize: a batch without events, or with too many.

    """
    media_type = content_type.partition(";")[0].strip().lower() or JSON
    if media_type not in {JSON, EVENT, BATCH}:
        raise UnsupportedMediaType(media_type, f"{EVENT}, {BATCH} or {JSON}")
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MalformedEvent("body", f"not JSON in UTF-8: {error}") from error
    is_batch = isinstance(content, list)
    if is_batch is not {EVENT: False, BATCH: True}.get(media_type, is_batch):
        raise MalformedEvent("body", f"{BATCH} is an array of events, {EVENT} a single one")
    if is_batch and not 1 <= len(content) <= MOST_EVENTS:
        raise BatchSize(len(content), MOST_EVENTS)
    return content if is_batch else [content], is_batch


def sort_out(items: Iterable[Any], translate: Translate, now: datetime) -> tuple[list[LearnerEvent], list[Refused]]:
    """Return the events that can be taken, and what was refused of the rest."""
    accepted: list[LearnerEvent] = []
    refused: list[Refused] = []
    for index, item in enumerate(items):
        try:
            accepted.append(taken(item, translate, now))
        except ContractError as error:
            refused.append(Refused(index, _id_of(item), error.field, error.reason))
    return accepted, refused


def taken(item: Any, translate: Translate, now: datetime) -> LearnerEvent:
    """Return one event.

    Raises:
        ContractError: what is wrong with it, by field.

    """
    event = translate(item)
    refuse_the_future(event, now)
    return event


def _id_of(item: Any) -> str | None:
    given = item.get("id") if isinstance(item, dict) else None
    return given if isinstance(given, str) else None
