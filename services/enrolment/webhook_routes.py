"""Deliveries that are signed instead of sent with a token: by secret (Standard Webhooks), or by Canvas."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Path, Request

from services.enrolment import asking, caliper_routes
from services.enrolment.asking import Now
from services.enrolment.door.courses import CourseUnknown
from services.enrolment.door.door import Taken
from services.enrolment.door.intake import JSON, one_or_many
from services.enrolment.door.opening import door_of
from services.enrolment.door.receiving import CANONICAL, all_or_some, receipt_of, take, take_body
from services.enrolment.door.registered import Platform
from services.enrolment.door.speaker import Speaker
from services.enrolment.platforms.canvas.events import canvas
from services.enrolment.platforms.canvas.signed import live_event
from services.enrolment.platforms.formats import Format
from services.enrolment.platforms.lti_ags import lti_ags
from services.enrolment.platforms.webhook import NotSigned, verify
from services.enrolment.views import NotedReceipt
from services.enrolment.xapi import taking
from shared.kit.bounds import check_json
from shared.kit.problem import Problem

Take = Callable[[FastAPI, Speaker, datetime, bytes], Awaitable[Taken]]
CANVAS = Format("canvas", canvas, one_or_many)


async def _take_live_events(app: FastAPI, speaker: Speaker, now: datetime, body: bytes) -> Taken:
    items, is_batch = CANVAS.items(JSON, body)
    taken = await door_of(app).take(items, CANVAS, speaker, now)
    return taken if _not_ours(taken) else all_or_some(taken, len(items), is_batch=is_batch)


#: How a body is taken of each format that `registered.Format` names.
TAKES: Mapping[str, Take] = {
    "canonical": partial(take_body, CANONICAL),
    "canvas": _take_live_events,
    "lti-ags": partial(take_body, Format("lti-ags", lti_ags, one_or_many)),
    "xapi": taking.take_body,
    "caliper": caliper_routes.take_body,
}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {JSON: {"schema": {}}, "application/jwt": {"schema": {"type": "string"}}},
    }
}

router = APIRouter(prefix="/v1")


@router.post("/webhooks/{name}", status_code=202, tags=["platforms"], openapi_extra=_BODY)
async def deliver(
    request: Request, now: Now, name: Annotated[str, Path(max_length=63, description="as it is registered")]
) -> NotedReceipt:
    """Take a delivery of a registered platform: one item, or up to 1,000, in the format that it is registered with.

    Statements of xAPI and envelopes of Caliper are judged as at their own addresses, and answered with this receipt.

    Signed by the Standard Webhooks specification (`webhook-id`, `webhook-timestamp` within five minutes of our clock,
    `webhook-signature`), or by Canvas (the body is a JWT, RS256). The secret says for which institution and platform
    it speaks. A delivery that is repeated is harmless.
    """
    registered = request.app.state.settings.platforms.by_name.get(name)
    if registered is None or (registered.webhook is None and registered.canvas is None):
        raise Problem(
            404, detail=f"no platform is registered as {name!r} to deliver here; see MICROCRED_PLATFORMS_FILE"
        )
    try:
        body, taking_it = _signed(registered, request.headers, await request.body(), now)
    except NotSigned as error:
        raise Problem(401, detail=str(error), headers={"WWW-Authenticate": "Signature"}) from error
    check_json(body)
    speaker = Speaker(registered.tenant, registered.platform, request.state.traceparent)
    return receipt_of(await taking_it(request.app, speaker, now, body))


@router.post("/canvas/events", status_code=202, tags=["platforms"], openapi_extra=_BODY)
async def report_live_events(request: Request, caller: asking.Reporting, now: Now) -> NotedReceipt:
    """Take a Live Event of Canvas, or up to 1,000, from whoever reads them from a queue: with a token."""
    return receipt_of(await take(request, caller, now, CANVAS))


def _signed(registered: Platform, headers: Mapping[str, str], body: bytes, now: datetime) -> tuple[bytes, Take]:
    """Return the body of a delivery as JSON, and how it is taken; raises `NotSigned`."""
    if registered.canvas is not None:
        return live_event(body, registered.canvas.keys, registered.canvas.root_account_uuid, now), TAKES["canvas"]
    assert registered.webhook is not None  # noqa: S101 - one of the two
    verify(headers, body, registered.webhook.keys, now)
    return body, TAKES[registered.webhook.format]


def _not_ours(taken: Taken) -> bool:
    # Canvas tells of every course of an institution, and stops telling where it is refused too often.
    return bool(taken.refused) and all(isinstance(each.error, CourseUnknown) for each in taken.refused)
