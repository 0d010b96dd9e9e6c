"""Errors as OAuth 2.0 and OpenID4VCI have them: `error` and `error_description`. Pure.

Sources: RFC 6749, section 5.2; RFC 6750, section 3; OpenID4VCI 1.0, sections 8.3.1 and 11.3.
"""

import re
from functools import partial
from typing import Any

import orjson
from fastapi import Response

from shared.kit.problem import Problem, Wording

#: What may not stand in a description (RFC 6749, appendix A.8).
_FORBIDDEN = re.compile(r"[^\x20-\x21\x23-\x5b\x5d-\x7e]")
NO_STORE = {"Cache-Control": "no-store"}
ERRORS: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "What went wrong, as OAuth 2.0 says it",
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["error"],
                    "properties": {"error": {"type": "string"}, "error_description": {"type": "string"}},
                },
                "example": {"error": "invalid_grant", "error_description": "pre-authorized_code: is no longer good"},
            }
        },
    }
}
_UNAVAILABLE, _UNAUTHORISED, _SERVER = 503, 401, 500


def refusal(error: str, description: str, status: int = 400) -> Problem:
    """Return the problem of an OAuth error."""
    challenge = {"WWW-Authenticate": f'Bearer error="{error}"'} if status == _UNAUTHORISED else {}
    return Problem(status, error, description, headers=challenge, error=error)


def _say(problem: Problem, malformed: str) -> Response:
    error = problem.extra.get("error") or _usual(problem.status, malformed)
    document = {"error": error, "error_description": _FORBIDDEN.sub("'", problem.detail)[:500]}
    headers = {**problem.headers, **NO_STORE}
    # OAuth knows no 422: what it forbids is a bad request.
    status = 400 if problem.status == 422 else problem.status  # noqa: PLR2004 - HTTP's own number
    return Response(orjson.dumps(document), status, headers, "application/json")


def _usual(status: int, malformed: str) -> str:
    if status == _UNAVAILABLE:
        return "temporarily_unavailable"
    return "server_error" if status >= _SERVER else malformed


def _wording(endpoint: str, malformed: str) -> Wording:
    return Wording(re.compile(f"/issuers/[^/]+/oid4vci/{endpoint}"), partial(_say, malformed=malformed))


WORDINGS = (
    _wording("credential$", "invalid_credential_request"),
    _wording("notification$", "invalid_notification_request"),
    _wording("", "invalid_request"),
)
