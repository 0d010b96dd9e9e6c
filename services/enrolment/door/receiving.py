"""The one way of a payload from a request through the door: what a format's routes are made of."""

from datetime import datetime
from typing import Any

from fastapi import FastAPI, Request

from services.enrolment.commands import nothing_taken
from services.enrolment.door.door import Taken
from services.enrolment.door.intake import JSON, items_of
from services.enrolment.door.opening import door_of
from services.enrolment.door.speaker import Speaker
from services.enrolment.platforms.canonical import canonical
from services.enrolment.platforms.door import Sender, Translated
from services.enrolment.platforms.formats import Format
from services.enrolment.views import NotedReceipt, NoteView, Receipt, RefusedEvent
from shared.kit.auth import Caller


async def take(request: Request, caller: Caller, now: datetime, format_: Format) -> Taken:
    """Take the body of a request through the door, for routes that answer in a platform's own words.

    Raises:
        ContractError: a single item was refused.
        Problem: 422 when nothing of a batch was taken.

    """
    speaker = Speaker(caller.tenant, caller.platform, request.state.traceparent)
    media_type = request.headers.get("content-type", "")
    return await take_body(format_, request.app, speaker, now, await request.body(), media_type)


async def take_body(  # noqa: PLR0913, PLR0917 - what a request holds, as every format's own has it
    format_: Format, app: FastAPI, speaker: Speaker, now: datetime, body: bytes, media_type: str = JSON
) -> Taken:
    """Take a body through the door, whoever brings it; raises as `take` does."""
    items, is_batch = format_.items(media_type, body)
    return all_or_some(await door_of(app).take(items, format_, speaker, now), len(items), is_batch=is_batch)


def all_or_some(taken: Taken, items: int, *, is_batch: bool) -> Taken:
    """Return what became of so many items, unless nothing was taken of them.

    Raises:
        ContractError: a single item was refused.
        Problem: 422 when nothing of a batch was taken.

    """
    if taken.refused and not is_batch:
        raise taken.refused[0].error
    if len(taken.refused) == items:
        raise nothing_taken(taken.refused)
    return taken


async def receive(request: Request, caller: Caller, now: datetime, format_: Format) -> Receipt:
    """Take the body of a request through the door, and answer what became of it; raises as `take` does."""
    taken = await take(request, caller, now, format_)
    refused = [RefusedEvent.model_validate(each) for each in taken.refused]
    return Receipt(accepted=len(taken.events), refused=refused)


def receipt_of(taken: Taken) -> NotedReceipt:
    """Return what became of a payload as it is answered, with notes."""
    return NotedReceipt(
        accepted=len(taken.events) + len(taken.voids),
        refused=[RefusedEvent.model_validate(each) for each in taken.refused],
        notes=[NoteView.model_validate(each) for each in taken.notes],
    )


def _canonical(raw: Any, sender: Sender) -> Translated:
    event = canonical(raw, tenant=sender.tenant, platform=sender.platform, traceparent=sender.traceparent)
    return Translated((event,))


CANONICAL = Format("canonical", _canonical, items_of)
