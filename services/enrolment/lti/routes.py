"""LTI's Assignment and Grade Services 2.0 over HTTP: the line items of offerings, and the scores that tools post."""

from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request, Response

from services.enrolment.asking import Now
from services.enrolment.door.receiving import receipt_of, take
from services.enrolment.errors import FieldError, LineItemUnknown, UnsupportedMediaType
from services.enrolment.lti.line_items import LONGEST, LineItem, decoded, encoded, line_items
from services.enrolment.platforms.door import Place, Sender, Translated
from services.enrolment.platforms.formats import Format
from services.enrolment.platforms.lti_ags import SCORE as SCORE_TYPE
from services.enrolment.platforms.lti_ags import SOURCE, score
from services.enrolment.store import Offerings
from services.enrolment.views import NotedReceipt
from shared.contracts.wire import MalformedEvent
from shared.kit.auth import LINE_ITEMS, RESULTS, SCORE, Caller, needs
from shared.kit.problem import Problem

CONTAINER = "application/vnd.ims.lis.v2.lineitemcontainer+json"
ITEM = "application/vnd.ims.lis.v2.lineitem+json"
MOST = 200
Context = Annotated[str, Path(max_length=LONGEST, description="the offering's id in base32, without padding")]
Item = Annotated[str, Path(max_length=LONGEST, description="the component's id in base32, without padding")]
Filter = Annotated[str | None, Query(max_length=300)]
Reading = Annotated[Caller, Depends(needs(LINE_ITEMS))]
Scoring = Annotated[Caller, Depends(needs(SCORE))]
_OBJECT = {"schema": {"type": "object"}}
_LIST: dict[int | str, dict[str, Any]] = {200: {"content": {CONTAINER: {"schema": {"type": "array"}}}}}
_ONE: dict[int | str, dict[str, Any]] = {200: {"content": {ITEM: _OBJECT}}}
_SCORE: dict[str, Any] = {"requestBody": {"required": True, "content": {SCORE_TYPE: _OBJECT}}}

#: What a filter is called in the line items themselves.
_MEMBERS = {"resource_id": "resourceId", "resource_link_id": "resourceLinkId", "tag": "tag"}

router = APIRouter(prefix="/v1/lti", tags=["lti"])


@router.get("/{context}/lineitems", response_class=Response, responses=_LIST)
async def list_line_items(  # noqa: PLR0913 - what FastAPI hands in
    *,
    request: Request,
    caller: Reading,
    context: Context,
    limit: Annotated[int, Query(ge=1, le=1_000_000, description=f"never more than {MOST} are answered")] = MOST,
    after: Annotated[str, Query(max_length=LONGEST, description="where the page begins, as `Link` says it")] = "",
    resource_id: Filter = None,
    resource_link_id: Filter = None,
    tag: Filter = None,
) -> Response:
    """List the line items of an offering: its components, in the order of their names; `Link` names the next page."""
    given = {"resource_id": resource_id, "resource_link_id": resource_link_id, "tag": tag}
    wanted = {_MEMBERS[name]: value for name, value in given.items() if value is not None}
    begins = decoded(after)
    if begins is None:
        raise FieldError("after", "it is no place in this list; start again without it")
    base, most = _base(request), min(limit, MOST)
    items = [
        each
        for each in await _line_items(request, caller, context)
        if each.component > begins and wanted.items() <= each.shown(base).items()
    ]
    answer = _answer([each.shown(base) for each in items[:most]], CONTAINER)
    if len(items) > most:
        kept = {name: value for name, value in given.items() if value is not None}
        query = urlencode({**kept, "limit": most, "after": encoded(items[most - 1].component)})
        answer.headers["Link"] = f'<{base}/{context}/lineitems?{query}>; rel="next"'
    return answer


@router.get("/{context}/lineitems/{item}", response_class=Response, responses=_ONE)
async def show_line_item(request: Request, caller: Reading, context: Context, item: Item) -> Response:
    """Show one line item."""
    return _answer((await _line_item(request, caller, context, item)).shown(_base(request)), ITEM)


@router.api_route("/{context}/lineitems", methods=["POST"], include_in_schema=False)
@router.api_route("/{context}/lineitems/{item}", methods=["PUT", "DELETE"], include_in_schema=False)
async def refuse_change() -> None:
    """Say where line items come from."""
    detail = "Line items are the components of an offering; PUT /v1/offerings/{offering} changes them"
    raise Problem(405, detail=detail, headers={"Allow": "GET"})


@router.post("/{context}/lineitems/{item}/scores", openapi_extra=_SCORE)
async def post_score(*, request: Request, caller: Scoring, now: Now, context: Context, item: Item) -> NotedReceipt:
    """Take a score of a user: 200 when the log has it; of several, that with the latest `timestamp` stands.

    The score's own maximum counts, whatever that of the line item is. Points above it are full marks, and noted.
    """
    line_item = await _line_item(request, caller, context, item)
    client = request.app.state.settings.platforms.by_client.get(caller.client_id)
    # A token that was made by hand has no issuer of users but the client itself.
    tool = client.lti if client is not None and client.tenant == caller.tenant else None
    home = caller.client_id if tool is None else tool.home or tool.issuer
    translate = partial(_scored, place=Place(line_item.offering, line_item.component), home=home)
    return receipt_of(await take(request, caller, now, Format(SOURCE, translate, _one_score)))


@router.get("/{context}/lineitems/{item}/results", responses={501: {"description": "never answered here"}})
async def list_results(
    request: Request, caller: Annotated[Caller, Depends(needs(RESULTS))], context: Context, item: Item
) -> None:
    """Say who knows the results: grading is not this service's, and it keeps no marks."""
    await _line_item(request, caller, context, item)
    raise Problem(501, detail="Results are kept by the assessment service; they are not given out as LTI results")


def _scored(raw: Any, sender: Sender, *, place: Place, home: str) -> Translated:
    return score(raw, sender, place, home)


def _one_score(content_type: str, body: bytes) -> tuple[list[Any], bool]:
    if content_type.partition(";")[0].strip().lower() != SCORE_TYPE:
        raise UnsupportedMediaType(content_type[:100], SCORE_TYPE)
    try:
        return [orjson.loads(body)], False
    except orjson.JSONDecodeError as error:
        raise MalformedEvent("body", f"not JSON in UTF-8: {error}") from error


async def _line_items(request: Request, caller: Caller, context: str) -> list[LineItem]:
    offering = decoded(context)
    found = None if offering is None else await Offerings(request.app.state.reader, caller.tenant).get(offering)
    if found is None:
        raise LineItemUnknown(f"context {context} is no offering of this institution")
    return line_items(found.definition)


async def _line_item(request: Request, caller: Caller, context: str, item: str) -> LineItem:
    component = decoded(item)
    found = [each for each in await _line_items(request, caller, context) if each.component == component]
    if not found:
        raise LineItemUnknown(f"line item {item} is no component of this offering")
    return found[0]


def _base(request: Request) -> str:
    return f"{request.app.state.settings.public_url}{router.prefix}"


def _answer(content: Any, media_type: str) -> Response:
    return Response(orjson.dumps(content), media_type=media_type)
