"""Who looks: a token from the Authorization header, or from the dashboard's cookie, which serves GET only.

`EventSource` and `img` cannot send headers, and a script must not hold the token: hence a cookie that no script can
read (HttpOnly), that no other site can make a browser send (SameSite=Strict), and that opens nothing but reading.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from services.analytics.errors import ForeignForm
from shared.kit.auth import TokenRefused, needs
from shared.kit.problem import Problem

COOKIE = "microcred_dashboard"
_BEARER = HTTPBearer(auto_error=False, description="`microcred token` makes one; the dashboard's cookie does as well")
_OWN = {"same-origin", "none"}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whose funnel is shown, and whether it still may be: a stream outlives the check at its start."""

    tenant: str
    still_good: Callable[[], bool]


async def viewer(request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]) -> Viewer:
    """Return the viewer, who needs the scope `read`.

    Raises:
        Problem: 401 or 403.

    """
    if bearer is None and COOKIE in request.cookies and request.method == "GET":
        bearer = HTTPAuthorizationCredentials(scheme="Bearer", credentials=request.cookies[COOKIE])
    caller = await needs("read")(request, bearer)

    def still_good() -> bool:
        try:
            request.app.state.tokens.read(bearer.credentials if bearer else "")
        except TokenRefused:
            return False
        return True

    return Viewer(caller.tenant, still_good)


async def visitor(request: Request) -> Viewer | None:
    """Return who is signed in by the cookie, or None."""
    try:
        return await viewer(request, None)
    except Problem:
        return None


Looking = Annotated[Viewer, Depends(viewer)]
Visiting = Annotated[Viewer | None, Depends(visitor)]


def sign_in(request: Request, response: Response, token: str) -> None:
    """Keep the token in the cookie, for as long as the settings allow."""
    settings = request.app.state.settings
    secure = settings.public_url.startswith("https://")
    response.set_cookie(
        COOKIE, token, max_age=settings.dashboard_session_s, secure=secure, httponly=True, samesite="strict"
    )


def sign_out(response: Response) -> None:
    """Forget the token."""
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")


def own_form(request: Request) -> None:
    """Refuse a form from another site: it could sign a visitor in as somebody else (Fetch Metadata, section 2.3).

    Raises:
        ForeignForm: when the browser says that the form is not ours.

    """
    site = request.headers.get("sec-fetch-site", "none")
    if site not in _OWN:
        raise ForeignForm(site)
