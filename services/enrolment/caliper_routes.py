"""IMS Caliper over HTTP: envelopes of sensors, with the access token as bearer (Caliper 1.1, section 6)."""

from datetime import datetime

from fastapi import APIRouter, FastAPI, Request

from services.enrolment import asking
from services.enrolment.asking import Now
from services.enrolment.commands import nothing_taken
from services.enrolment.door.door import Taken
from services.enrolment.door.intake import JSON, MOST_EVENTS
from services.enrolment.door.opening import door_of
from services.enrolment.door.speaker import Speaker
from services.enrolment.errors import BatchSize, UnsupportedMediaType
from services.enrolment.platforms.caliper.events import Piece, pieces, translate
from services.enrolment.platforms.formats import Format
from services.enrolment.views import Receipt, RefusedEvent
from services.enrolment.xapi.examples import ENVELOPE_BODY
from shared.contracts.wire import MalformedEvent

router = APIRouter(tags=["Caliper"])


def _cut(content_type: str, body: bytes) -> tuple[list[Piece], bool]:
    media_type = content_type.partition(";")[0].strip().lower() or JSON
    if media_type != JSON:
        raise UnsupportedMediaType(media_type, JSON)
    found = pieces(body)
    if not 1 <= len(found) <= MOST_EVENTS:
        raise BatchSize(len(found), MOST_EVENTS)
    return found, True


CALIPER = Format("caliper", translate, _cut, id_of=lambda piece: piece.item.id or None)


@router.post("/caliper", openapi_extra={"requestBody": {"required": True, "content": ENVELOPE_BODY}})
async def take_envelope(request: Request, caller: asking.Reporting, now: Now) -> Receipt:
    """Take an envelope of up to 1,000 events and entities, and answer when the log has what was accepted.

    What is not taken is listed by its place in `data`. It is a 422 only when all of it is malformed: what happens in
    courses that no offering is delivered by is no fault of the sensor's.
    """
    media_type = request.headers.get("content-type", "")
    speaker = Speaker(caller.tenant, caller.platform, request.state.traceparent)
    taken = await take_body(request.app, speaker, now, await request.body(), media_type)
    refused = [RefusedEvent.model_validate(each) for each in taken.refused]
    return Receipt(accepted=len(taken.events), refused=refused)


async def take_body(app: FastAPI, speaker: Speaker, now: datetime, body: bytes, media_type: str = JSON) -> Taken:
    """Take an envelope through the door, whoever brings it.

    Raises:
        MalformedEvent: it is no envelope.
        BatchSize: its data are none, or too many.
        Problem: 422 when all of it is malformed.

    """
    given, _ = CALIPER.items(media_type, body)
    taken = await door_of(app).take(given, CALIPER, speaker, now)
    if len([each for each in taken.refused if isinstance(each.error, MalformedEvent)]) == len(given):
        raise nothing_taken(taken.refused)
    return taken
