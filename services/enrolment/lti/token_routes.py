"""Access tokens for LTI tools: OAuth 2 client credentials, with an assertion that the tool signs (RFC 7523)."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel

from services.enrolment.asking import Now
from services.enrolment.lti.clients import ClientRefused, client_of
from shared.kit.auth import LTI
from shared.kit.problem import Problem

LIFETIME_S = 3_600
GRANT = "client_credentials"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
Field = Annotated[str, Form(max_length=10_000)]

router = APIRouter(prefix="/v1/lti")


class TokenView(BaseModel):
    """An access token (RFC 6749, section 5.1); `scope` is what was granted, which may be less than was asked for."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - no secret, RFC 6749's word
    expires_in: int = LIFETIME_S
    scope: str


@router.post("/token", tags=["lti"])
async def give_token(  # noqa: PLR0913 - what FastAPI hands in
    *,
    request: Request,
    response: Response,
    now: Now,
    grant_type: Field = "",
    client_assertion_type: Field = "",
    client_assertion: Field = "",
    scope: Field = "",
) -> TokenView:
    """Give a registered tool an access token for an hour, in exchange for a JWT that it signed (RS256).

    Refusals are problem details with the members `error` and `error_description` of RFC 6749, section 5.2.
    """
    if grant_type != GRANT:
        raise _refusal(400, "unsupported_grant_type", f"grant_type: {GRANT} is expected")
    if client_assertion_type != ASSERTION:
        raise _refusal(400, "invalid_request", f"client_assertion_type: {ASSERTION} is expected")
    settings, here = request.app.state.settings, f"{request.app.state.settings.public_url}{router.prefix}/token"
    try:
        platform = client_of(client_assertion, settings.platforms.by_client, {here, settings.public_url}, now)
    except ClientRefused as error:
        raise _refusal(401, "invalid_client", f"client_assertion: {error}") from error
    granted = LTI.intersection(scope.split())
    if not granted:
        raise _refusal(400, "invalid_scope", f"scope: some of {', '.join(sorted(LTI))} is expected")
    assert platform.lti is not None  # noqa: S101 - else it is no client
    token = request.app.state.tokens.issue(
        platform.tenant, granted, platform.lti.client_id, platform.platform, LIFETIME_S
    )
    response.headers["Cache-Control"] = "no-store"
    return TokenView(access_token=token, scope=" ".join(sorted(granted)))


def _refusal(status: int, error: str, description: str) -> Problem:
    return Problem(status, detail=description, error=error, error_description=description)
