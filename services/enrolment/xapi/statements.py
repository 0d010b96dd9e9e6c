"""From a request's body to statements that are whole, and to what they void. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from msgspec.structs import replace

from services.enrolment.door.intake import MOST_EVENTS
from services.enrolment.door.speaker import Speaker
from services.enrolment.errors import BatchSize, FieldError
from services.enrolment.handlers import SOURCE
from services.enrolment.platforms.formats import Format
from services.enrolment.platforms.xapi.events import Voided, statements, translate, voided
from services.enrolment.platforms.xapi.statement import UUID, Statement
from shared.contracts.envelope import derived_id
from shared.contracts.fanout import StatementVoided
from shared.contracts.wire import refuse_the_future

XAPI = Format("xapi", translate, lambda _, body: statements(body), id_of=lambda statement: statement.id)


def whole_statements(body: bytes, speaker: Speaker, now: datetime) -> tuple[list[Statement], bool]:
    """Return the statements of a body, each with an id and a timestamp, and whether it was a batch.

    A statement without an id is given one that follows from its content: sent again, it is the same statement.

    Raises:
        MalformedEvent: one of them breaks the specification.
        BatchSize: too many.

    """
    given, is_batch = statements(body)
    if len(given) > MOST_EVENTS:
        raise BatchSize(len(given), MOST_EVENTS)
    if all(each.id and each.timestamp for each in given):
        return given, is_batch
    content: Any = orjson.loads(body)
    raws = content if is_batch else [content]
    return [_completed(each, raw, speaker, now) for each, raw in zip(given, raws, strict=True)], is_batch


def put(body: bytes, id_: str | None, now: datetime) -> Statement:
    """Return the one statement of a body, under the id that its address names (xAPI Communication, 2.1.1).

    Raises:
        FieldError: no id is named, more than one statement stands there, or one of another id.
        MalformedEvent: it breaks the specification.

    """
    if not id_ or not UUID.fullmatch(id_):
        raise FieldError("statementId", "name the statement's id, a UUID, as a parameter of the address")
    given, is_batch = statements(body)
    if is_batch:
        raise FieldError("body", "PUT takes one statement; POST takes a batch")
    (statement,) = given
    if statement.id and statement.id.lower() != id_.lower():
        raise FieldError("id", f"{statement.id} is not {id_}, which the address names")
    return replace(statement, id=id_, timestamp=statement.timestamp or now)


def voidings(given: Sequence[Statement], speaker: Speaker, now: datetime) -> list[StatementVoided]:
    """Return the events of what these statements void.

    Raises:
        EventFromFuture: one of them is said to have been made later than `now`.

    """
    events = [_voiding(each, speaker) for each in filter(None, map(voided, given))]
    for event in events:
        refuse_the_future(event, now)
    return events


def _voiding(told: Voided, speaker: Speaker) -> StatementVoided:
    return StatementVoided.model_validate(
        {
            "id": derived_id("voided", speaker.tenant, told.by, told.statement),
            "source": SOURCE,
            "time": told.time,
            "tenant": speaker.tenant,
            "platform": speaker.platform,
            "traceparent": speaker.traceparent,
            "data": {"statement": told.statement},
        }
    )


def _completed(statement: Statement, raw: Any, speaker: Speaker, now: datetime) -> Statement:
    id_ = statement.id or derived_id(
        "statement", speaker.tenant, speaker.platform, orjson.dumps(raw, option=orjson.OPT_SORT_KEYS).decode()
    )
    return replace(statement, id=id_, timestamp=statement.timestamp or now)
