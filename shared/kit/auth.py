"""Who calls, and what they may do: the dependency that every protected route declares."""

from collections.abc import Awaitable, Callable
from functools import cache
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from shared.kit.problem import Problem
from shared.kit.tokens import INSTITUTION, LINE_ITEMS, LTI, RESULTS, SCOPES, SCORE, Caller, TokenRefused, Tokens

__all__ = [
    "INSTITUTION",
    "LINE_ITEMS",
    "LTI",
    "RESULTS",
    "SCOPES",
    "SCORE",
    "Caller",
    "TokenRefused",
    "Tokens",
    "needs",
]

_BEARER = HTTPBearer(auto_error=False, description="`microcred token` makes one")


@cache
def needs(scope: str) -> Callable[..., Awaitable[Caller]]:
    """Return the dependency that lets only callers with this scope through: `Depends(needs("read"))`.

    The same scope gives the same function, so that one request is asked once.
    """
    if scope not in SCOPES:
        raise ValueError(f"scope {scope!r} does not exist; known are {sorted(SCOPES)}")

    async def caller(
        request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
    ) -> Caller:
        if bearer is None:
            detail = "Send an access token: Authorization: Bearer TOKEN"
            raise Problem(401, detail=detail, headers={"WWW-Authenticate": "Bearer"})
        tokens: Tokens = request.app.state.tokens
        try:
            known = tokens.read(bearer.credentials)
        except TokenRefused as error:
            challenge = 'Bearer error="invalid_token", error_description="{}"'
            text = str(error).replace("\\", "").replace('"', "'")
            raise Problem(401, detail=str(error), headers={"WWW-Authenticate": challenge.format(text)}) from error
        if scope not in known.scopes:
            challenge = f'Bearer error="insufficient_scope", scope="{scope}"'
            detail = f"The token lacks the scope {scope}"
            raise Problem(403, detail=detail, headers={"WWW-Authenticate": challenge})
        return known

    return caller
