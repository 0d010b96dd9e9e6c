"""The funnel over HTTP: as it stands, and as it changes."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse

from services.analytics.dashboard.session import Looking
from services.analytics.live import Feed
from services.analytics.projections.funnel import Funnel
from services.analytics.query import Asked
from services.analytics.store import Funnels

_COUNTS = {"enrolled": 1303, "assessed": 1059, "passed": 722, "issued": 722, "left": 398}
_RATES = {
    "assessed_of_enrolled": 0.8127,
    "passed_of_enrolled": 0.5541,
    "issued_of_enrolled": 0.5541,
    "left_of_enrolled": 0.3055,
    "passed_of_assessed": 0.6818,
    "issued_of_passed": 1.0,
}
_EXAMPLE = {
    "by": "offering",
    "total": {"key": "total", "title": "All", "counts": _COUNTS, "rates": _RATES},
    "rows": [{"key": "BBB-2014J", "title": "Introduction to law", "counts": _COUNTS, "rates": _RATES}],
}
_FUNNEL: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"example": _EXAMPLE}}}}
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "events `funnel` with what GET /v1/funnel returns, and `unavailable` while it cannot be read",
        "content": {"text/event-stream": {"example": 'event: funnel\ndata: {"by":"offering","total":{},"rows":[]}\n'}},
    },
    503: {"description": "no room for another listener"},
}

router = APIRouter(prefix="/v1", tags=["funnel"])


@router.get("/funnel", responses=_FUNNEL)
async def funnel(request: Request, looking: Looking, view: Asked) -> Funnel:
    """Return how many learners reached each stage, by offering or by month of enrolment.

    Every rate names its denominator: `passed_of_enrolled` is the share of those ever enrolled whose pass stands now.
    """
    return await Funnels(request.app.state.reader).read(looking.tenant, view)


async def _feed(request: Request, looking: Looking, view: Asked) -> AsyncIterator[Feed]:
    async with request.app.state.live.listening(looking.tenant, view) as feed:
        yield feed


@router.get("/funnel/live", response_class=StreamingResponse, responses=_STREAM)
async def live(looking: Looking, feed: Annotated[Feed, Depends(_feed)]) -> StreamingResponse:
    """Send the funnel now and whenever it changes (server-sent events), until the token expires."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(feed.lines(looking.still_good), headers=headers, media_type="text/event-stream")
