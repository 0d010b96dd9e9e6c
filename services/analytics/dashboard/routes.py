"""The dashboard over HTTP: the page, what it is made of, signing in and out."""

import asyncio
from typing import Any, Literal
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.analytics.dashboard import assets, chart, page
from services.analytics.dashboard.session import Looking, Visiting, own_form, sign_in, sign_out
from services.analytics.query import Asked
from services.analytics.store import Funnels
from shared.kit.auth import TokenRefused

#: Nothing but our own files, no inline script or style, no eval, nobody's frame (Content Security Policy Level 3).
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_GUARD = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}

router = APIRouter(prefix="/dashboard", include_in_schema=False)


@router.get("")
async def show(request: Request, visitor: Visiting, view: Asked) -> Response:
    """Return the funnel's page, or the one that asks for a token."""
    if visitor is None:
        return _page(page.sign_in_page(_minutes(request)))
    funnels = Funnels(request.app.state.reader)
    titles = await funnels.titles(visitor.tenant)
    return _page(page.funnel_page(await funnels.read(visitor.tenant, view), view, titles))


@router.post("/session", dependencies=[Depends(own_form)])
async def open_session(request: Request) -> Response:
    """Take a token from the form, and keep it in a cookie if it lets its bearer read."""
    form = parse_qs((await request.body()).decode(errors="replace"))
    token = form.get("token", [""])[0].strip()
    try:
        caller = request.app.state.tokens.read(token)
    except TokenRefused as refused:
        return _page(page.sign_in_page(_minutes(request), f"That token is no good: {refused}."), 401)
    if "read" not in caller.scopes:
        return _page(page.sign_in_page(_minutes(request), "That token lacks the scope read."), 403)
    response = RedirectResponse("/dashboard", 303)
    sign_in(request, response, token)
    return response


@router.post("/logout", dependencies=[Depends(own_form)])
async def close_session() -> Response:
    """Forget the token."""
    response = RedirectResponse("/dashboard", 303)
    sign_out(response)
    return response


@router.get("/chart.json")
async def chart_description(request: Request, looking: Looking, view: Asked) -> dict[str, Any]:
    """Return the Vega-Lite description of the chart, with its data."""
    return chart.spec(await Funnels(request.app.state.reader).read(looking.tenant, view))


@router.get("/funnel.svg")
async def picture(request: Request, looking: Looking, view: Asked) -> Response:
    """Return the chart as a picture, for a browser without scripts."""
    funnel = await Funnels(request.app.state.reader).read(looking.tenant, view)
    return Response(await asyncio.to_thread(chart.picture, funnel), headers=_GUARD, media_type="image/svg+xml")


@router.get("/vega.js")
async def vega(request: Request) -> Response:
    """Return the script that draws."""
    return assets.answer(request, await asyncio.to_thread(assets.vega))


@router.get("/{name}")
async def file(request: Request, name: Literal["dashboard.css", "dashboard.js", "icon.svg"]) -> Response:
    """Return one of the files that the page is made of."""
    return assets.answer(request, assets.file(name))


def _page(html: str, status: int = 200) -> Response:
    return HTMLResponse(html, status, headers=_GUARD)


def _minutes(request: Request) -> int:
    return int(request.app.state.settings.dashboard_session_s // 60)
