"""HTTP: the page that checks a credential, as a form that needs no script."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from services.issuance.checking.presented import Presented, presented, presented_text
from services.issuance.errors import CredentialRefused
from services.issuance.pages.frame import HEADERS
from services.issuance.pages.verifier import asking_page, report_page
from services.issuance.routes import AtDesk, Desk

router = APIRouter(include_in_schema=False)

_FIELDS = 3
_PAGE = {**HEADERS, "Cache-Control": "no-store"}


@router.get("/verify")
async def ask(url: Annotated[str, Query(max_length=2000)] = "") -> HTMLResponse:
    """Return the page that asks for a credential; `url` is put into its field, and not fetched yet."""
    return HTMLResponse(asking_page(url), headers=_PAGE)


@router.post("/verify")
async def tell(desk: AtDesk, request: Request) -> HTMLResponse:
    """Check what the form holds: a file before an address before a text."""
    try:
        shown = await _shown(desk, request)
    except CredentialRefused as error:
        complaint = f"This could not be read as a credential: {error}."
        return HTMLResponse(asking_page(complaint=complaint), HTTPStatus.BAD_REQUEST, headers=_PAGE)
    report = await desk.check(shown)
    return HTMLResponse(report_page(report, _name(shown)), headers=_PAGE)


async def _shown(desk: Desk, request: Request) -> Presented:
    try:
        async with request.form(max_files=_FIELDS, max_fields=_FIELDS) as form:
            file = form.get("file")
            content = await file.read() if isinstance(file, UploadFile) else b""
            url, text = (str(form.get(name, "")).strip() for name in ("url", "text"))
    except HTTPException as error:
        raise CredentialRefused("form", "cannot be read") from error
    if content:
        return await presented_text(content)
    if not url and not text:
        raise CredentialRefused("form", "is empty: choose a file, or give an address or a text")
    return await presented((url or text).encode(), desk.fetcher)


def _name(shown: Presented) -> str:
    name = (shown.document or {}).get("name")
    return name if isinstance(name, str) else ""
