"""From the body of a request in JSON to its items."""

from typing import Any

import orjson

from services.enrolment.errors import BatchSize, UnsupportedMediaType
from shared.contracts.wire import MalformedEvent

MOST_EVENTS = 1_000
JSON = "application/json"
EVENT = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"


def one_or_many(content_type: str, body: bytes) -> tuple[list[Any], bool]:
    """Return the items of a body that is one JSON value or an array of 1 to 1,000, and whether it is an array.

    Raises:
        UnsupportedMediaType: the body is announced as something else than JSON.
        MalformedEvent: it is not JSON.
        BatchSize: an array of none, or of too many.

    """
    media_type = content_type.partition(";")[0].strip().lower() or JSON
    if media_type != JSON and not media_type.endswith("+json"):
        raise UnsupportedMediaType(media_type, JSON)
    return _items(_parsed(body))


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
    content = _parsed(body)
    is_batch = isinstance(content, list)
    if is_batch is not {EVENT: False, BATCH: True}.get(media_type, is_batch):
        raise MalformedEvent("body", f"{BATCH} is an array of events, {EVENT} a single one")
    return _items(content)


def _parsed(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MalformedEvent("body", f"not JSON in UTF-8: {error}") from error


def _items(content: Any) -> tuple[list[Any], bool]:
    if not isinstance(content, list):
        return [content], False
    if not 1 <= len(content) <= MOST_EVENTS:
        raise BatchSize(len(content), MOST_EVENTS)
    return content, True
