"""xAPI over HTTP (xAPI Communication 1.0.3): statements go in, and are not given back.

We do what is asked of POST and PUT, and are no Learning Record Store: section 2.0 provides for such tools.
"""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Header, Query, Request, Response

from services.enrolment import asking
from services.enrolment.asking import Now
from services.enrolment.door.speaker import Speaker
from services.enrolment.platforms.xapi.statement import Statement
from services.enrolment.xapi.answers import LATEST, VERSION, StatementsRoute, body_of, refusals
from services.enrolment.xapi.examples import STATEMENT_BODY, STATEMENTS_BODY
from services.enrolment.xapi.statements import put, whole_statements
from services.enrolment.xapi.taking import take_statements
from shared.kit.auth import Caller
from shared.kit.problem import Problem

router = APIRouter(prefix="/xapi", tags=["xAPI"], route_class=StatementsRoute)
Version = Annotated[str | None, Header(alias=VERSION, description="1.0.3, or another 1.0; required")]


@router.post(
    "/statements",
    response_model=list[UUID],
    openapi_extra={"requestBody": {"required": True, "content": STATEMENTS_BODY}},
)
async def post_statements(request: Request, caller: asking.Reporting, now: Now, version: Version = None) -> Response:
    """Take one statement, or a batch of up to 1,000, and answer their ids when the log has what they say.

    A malformed one is a 400 that names its place and field, and then none of them counts. What is well-formed and not
    taken, since no offering is delivered by its course, is listed in the header `Microcred-Refused`.
    """
    speaker = _speaker(request, caller)
    given, _ = whole_statements(await body_of(request, version), speaker, now)
    headers = await _taken(request, speaker, now, given)
    return Response(orjson.dumps([each.id for each in given]), headers=headers, media_type="application/json")


@router.put(
    "/statements",
    status_code=204,
    response_model=None,
    openapi_extra={"requestBody": {"required": True, "content": STATEMENT_BODY}},
)
async def put_statement(
    *,
    request: Request,
    caller: asking.Reporting,
    now: Now,
    statement_id: Annotated[str | None, Query(alias="statementId", description="required")] = None,
    version: Version = None,
) -> Response:
    """Take one statement under the id that the address names; otherwise as POST."""
    given = put(await body_of(request, version), statement_id, now)
    return Response(status_code=204, headers=await _taken(request, _speaker(request, caller), now, [given]))


@router.get("/statements", include_in_schema=False)
async def get_statements() -> Response:
    """Say that statements are not given back."""
    detail = (
        "Statements are taken here and not given back: this is no Learning Record Store. Ask the one that you keep."
    )
    raise Problem(405, detail=detail, headers={"Allow": "POST, PUT"})


@router.get("/about")
async def about() -> dict[str, Any]:
    """Name the versions of xAPI that are spoken here (section 2.8)."""
    return {"version": [LATEST, "1.0.2", "1.0.1", "1.0.0"]}


def _speaker(request: Request, caller: Caller) -> Speaker:
    return Speaker(caller.tenant, caller.platform, request.state.traceparent)


async def _taken(request: Request, speaker: Speaker, now: datetime, given: list[Statement]) -> dict[str, str]:
    taken = await take_statements(request.app, speaker, now, given)
    return {"X-Experience-API-Consistent-Through": now.isoformat(), **refusals(taken.refused)}
