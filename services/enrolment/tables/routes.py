"""A table of events over HTTP: first looked at, then taken."""

import asyncio
import csv
import io
from collections import Counter
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, StringConstraints

from services.enrolment import asking
from services.enrolment.asking import Now
from services.enrolment.door.intake import one_or_many
from services.enrolment.door.opening import door_of
from services.enrolment.door.speaker import Speaker
from services.enrolment.platforms.canonical import canonical
from services.enrolment.platforms.door import Translated
from services.enrolment.platforms.formats import Format
from services.enrolment.tables.table import CSV, RefusedRow, Sorted, require_csv, sort_rows
from shared.contracts.envelope import LearnerEvent
from shared.contracts.table.layout import mapping_of
from shared.contracts.table.rows import safe_cell
from shared.kit.problem import MEDIA_TYPE, Problem

SHOWN_EVENTS = 20
SHOWN_REFUSALS = 1_000
EXAMPLE = """type;time;learner_ref;offering;component;score;max_score
registered;2026-02-20T10:00:00Z;lrn-7f3a;AAA/2013J;;;
result;2026-03-02T09:57:06Z;lrn-7f3a;AAA/2013J;exam;12,3;15
"""
_TABLE: dict[str, Any] = {
    "requestBody": {"required": True, "content": {CSV: {"schema": {"type": "string"}, "example": EXAMPLE}}}
}
Mapping = Annotated[
    list[Annotated[str, StringConstraints(min_length=2, max_length=300)]],
    Query(max_length=60, description="NAME=COLUMN: what a name of the table means; NAME= is passed over"),
]

#: Rows that were sorted out before, so that the door has nothing left to refuse.
ROWS = Format("table", lambda event, _: Translated((event,)), one_or_many)

router = APIRouter(prefix="/v1")


class RowView(BaseModel):
    """One row that was not taken; `row` is the line where it ends, `column` is `row` where all of it is at fault."""

    model_config = ConfigDict(from_attributes=True)

    row: int
    column: str
    reason: str


class TableReceipt(BaseModel):
    """What was taken of a table, or would be; the first 1,000 refusals, and the first 20 events of a preview."""

    preview: bool
    accepted: int
    types: dict[str, int]
    repeated: int
    refused_rows: int
    refused: list[RowView]
    columns: list[str | None]
    events: list[dict[str, Any]] = []

    @classmethod
    def of(cls, found: Sorted, *, preview: bool) -> "TableReceipt":
        """Show what a table holds."""
        return cls(
            preview=preview,
            accepted=len(found.events),
            types=dict(Counter(event.type for event in found.events.values())),
            repeated=found.repeated,
            refused_rows=len(found.refused),
            refused=[RowView.model_validate(each) for each in found.refused[:SHOWN_REFUSALS]],
            columns=list(found.columns),
            events=[_shown(event) for event in list(found.events.values())[:SHOWN_EVENTS]] if preview else [],
        )


_AS_TABLE: dict[str, Any] = {CSV: {"schema": {"type": "string"}}}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"model": TableReceipt, "description": "what would be taken (preview)", "content": _AS_TABLE},
    202: {"content": _AS_TABLE},
    422: {"description": "nothing was taken", "content": {**_AS_TABLE, MEDIA_TYPE: {"schema": {"type": "object"}}}},
}


@router.post(
    "/events/csv",
    status_code=202,
    tags=["events"],
    openapi_extra=_TABLE,
    response_model=TableReceipt,
    responses=_ANSWERS,
)
async def report_table(  # noqa: PLR0913 - what FastAPI hands in
    *,
    request: Request,
    response: Response,
    caller: asking.Reporting,
    now: Now,
    preview: Annotated[bool, Query(description="only say what would be taken: 200, and nothing is written")] = False,
    map_: Annotated[Mapping, Query(alias="map")] = [],  # noqa: B006 - FastAPI's way; nobody changes it
    accept: Annotated[str, Header(include_in_schema=False)] = "",
) -> TableReceipt | Response:
    """Take a table of events, one a row, in CSV (UTF-8, up to 1 MiB and 10,000 rows).

    Commas, semicolons or tabs part the cells; beside the latter two a comma in a number is the decimal one. The columns
    are named in the first row, or mapped. What can be taken is taken, and each row that was not is listed with its
    column and the reason; it is a 422 when nothing was. A row that says what another says is taken once; sending the
    table again is harmless. With `Accept: text/csv` the answer is the table of refused rows.
    """
    require_csv(request.headers.get("content-type", ""))
    speaker = Speaker(caller.tenant, caller.platform, request.state.traceparent)
    translate = partial(canonical, tenant=speaker.tenant, platform=speaker.platform, traceparent=speaker.traceparent)
    # Half a second for 10,000 rows: other requests are answered meanwhile.
    found = await asyncio.to_thread(sort_rows, await request.body(), mapping_of(map_), caller.tenant, translate, now)
    status = 200 if preview else 202 if found.events else 422
    if not preview and found.events:
        await door_of(request.app).take(list(found.events.values()), ROWS, speaker, now)
    if CSV in accept:
        return Response(_as_table(found.refused), status, media_type=CSV)
    receipt = TableReceipt.of(found, preview=preview)
    if status == 422:  # noqa: PLR2004 - HTTP's own number
        detail = f"none of the {receipt.refused_rows} rows was accepted; refused says why of each"
        raise Problem(422, detail=detail, **receipt.model_dump(include={"refused_rows", "refused", "columns"}))
    response.status_code = status
    return receipt


def _shown(event: LearnerEvent) -> dict[str, Any]:
    return event.model_dump(mode="json", by_alias=True, exclude_none=True)


def _as_table(refused: list[RefusedRow]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("row", "column", "reason"))
    # What stood in a stranger's table is opened in a spreadsheet again.
    writer.writerows((each.row, safe_cell(each.column), safe_cell(each.reason)) for each in refused)
    return text.getvalue()
