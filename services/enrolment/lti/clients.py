"""Who an LTI tool is, by the assertion that it signs: OAuth 2 client credentials with a JWT (RFC 7523, section 2.2).

What must stand in it says the Security Framework 1.0 of 1EdTech, section 4.1.1. An assertion can be used until it
expires: we keep no list of those that we have seen, and it gives no more than the token that it was exchanged for.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import orjson
from joserfc import jws, jwt
from joserfc.errors import JoseError

from services.enrolment.door.registered import Platform

MAX_BYTES = 8_192
MAX_LIFETIME_S = 3_600
_ALGORITHMS = ["RS256"]
_LEEWAY_S = 60


class ClientRefused(Exception):
    """The assertion does not show who the client is; the message says why, as far as a stranger may know."""


def client_of(assertion: str, clients: Mapping[str, Platform], audiences: Collection[str], now: datetime) -> Platform:
    """Return the registered tool that signed an assertion for one of these audiences.

    Raises:
        ClientRefused: with the reason.

    """
    platform = clients.get(_subject(assertion))
    if platform is None or platform.lti is None:
        raise ClientRefused("no registered client has signed this")
    tool = platform.lti
    rules = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=_LEEWAY_S,
        iss={"essential": True, "values": [tool.client_id, tool.issuer]},
        sub={"essential": True, "value": tool.client_id},
        aud={"essential": True, "values": list(audiences)},
        iat={"essential": True},
        exp={"essential": True},
        jti={"essential": True},
    )
    try:
        claims = jwt.decode(assertion, tool.keys, _ALGORITHMS).claims
    except (JoseError, KeyError, TypeError, ValueError) as error:
        raise ClientRefused("no registered client has signed this") from error
    try:
        rules.validate(claims)
    except (JoseError, TypeError, ValueError) as error:
        raise ClientRefused(f"claim refused: {getattr(error, 'description', '') or error}") from error
    if claims["exp"] - claims["iat"] > MAX_LIFETIME_S:
        raise ClientRefused(f"claim refused: exp is more than {MAX_LIFETIME_S} s after iat")
    return platform


def _subject(assertion: str) -> str:
    """Return whom an assertion names, before anything of it is believed."""
    if len(assertion) > MAX_BYTES:
        raise ClientRefused(f"an assertion has at most {MAX_BYTES} characters")
    try:
        claims: Any = orjson.loads(jws.extract_compact(assertion.encode("ascii")).payload)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise ClientRefused("client_assertion is not a JWT") from error
    subject = claims.get("sub") if isinstance(claims, dict) else None
    return subject if isinstance(subject, str) else ""
