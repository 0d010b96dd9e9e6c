"""Access tokens (RFC 9068 profile) signed with HS256, and read by the rules of RFC 8725."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated
from uuid import uuid4

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from shared.contracts.envelope import Identifier, LearnerRef, Tenant
from shared.kit.secret import MIN_BYTES

INSTITUTION = frozenset(
    {
        "events:write",
        "offerings:write",
        "grades:write",
        "credentials:write",
        "credentials:claim",
        "credentials:issue",
        "read",
    }
)
"""What an institution may be allowed to."""

SCORE, LINE_ITEMS, RESULTS = (
    f"https://purl.imsglobal.org/spec/lti-ags/scope/{name}"
    for name in ("score", "lineitem.readonly", "result.readonly")
)
LTI = frozenset({SCORE, LINE_ITEMS, RESULTS})
"""What an LTI tool may be allowed to (Assignment and Grade Services 2.0)."""

LEARNERS = frozenset({"learners:read", "learners:write"})
"""Seeing who a learner is, and erasing or linking them: given only where it is asked for by name."""

_OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/scope"
LEARNER = frozenset(
    f"{_OPEN_BADGES}/{name}"
    for name in ("credential.readonly", "credential.upsert", "profile.readonly", "profile.update")
)
"""What a learner may let a wallet or a backpack do (Open Badges 3.0, section 6.2.1); such a token names the learner."""

SCOPES = INSTITUTION | LTI | LEARNERS | LEARNER | {"operate"}
"""All scopes; who operates the installation sees what every institution's records say, where they were refused."""

_ALGORITHM = "HS256"
_TYPES = frozenset({"at+jwt", "application/at+jwt"})
#: Seconds by which the clocks of the machines may differ.
_LEEWAY_S = 5


class TokenRefused(Exception):
    """The token is not one of ours, no longer good, or incomplete; the message says which."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whom the token speaks for; repositories take the tenant from here and from nowhere else."""

    tenant: str
    client_id: str
    scopes: frozenset[str]
    platform: str | None = None
    learner_ref: str | None = None
    """Whose own token it is, if it is a learner's."""


class _Claims(BaseModel):
    """The claims of RFC 9068, section 2.2, with tenant, platform and learner beside them."""

    model_config = ConfigDict(strict=True)

    iss: str
    aud: str | list[str]
    sub: str
    client_id: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    jti: str
    iat: int
    exp: int
    scope: str
    tenant: Tenant
    platform: Identifier | None = None
    learner_ref: LearnerRef | None = None


class Tokens:
    """Issues and reads access tokens with one secret that all services share."""

    def __init__(self, secret: bytes, *, issuer: str = "microcred", audience: str = "microcred") -> None:
        """Refuse a secret that could be guessed."""
        if len(secret) < MIN_BYTES:
            raise ValueError(f"the token secret has {len(secret)} bytes; at least {MIN_BYTES} are needed")
        self._key = OctKey.import_key(secret)
        self._issuer = issuer
        self._audience = audience
        self._rules = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY_S,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
        )

    def issue(  # noqa: PLR0913 - what stands in a token
        self,
        tenant: str,
        scopes: Iterable[str],
        client_id: str,
        platform: str | None = None,
        lifetime: float = 3600,
        *,
        learner_ref: str | None = None,
    ) -> str:
        """Return a token that is good for `lifetime` seconds.

        Raises:
            ValueError: for a scope that does not exist, or a tenant, client or platform out of its bounds.

        """
        if unknown := set(scopes) - SCOPES:
            raise ValueError(f"scopes {sorted(unknown)} do not exist; known are {sorted(SCOPES)}")
        now = int(time.time())
        claims = _Claims(
            iss=self._issuer,
            aud=self._audience,
            sub=client_id,
            client_id=client_id,
            jti=str(uuid4()),
            iat=now,
            exp=now + int(lifetime),
            scope=" ".join(sorted(set(scopes))),
            tenant=tenant,
            platform=platform,
            learner_ref=learner_ref,
        )
        header = {"alg": _ALGORITHM, "typ": "at+jwt"}
        return jwt.encode(header, claims.model_dump(exclude_none=True), self._key, [_ALGORITHM])

    def read(self, token: str) -> Caller:
        """Return the caller.

        Raises:
            TokenRefused: with the reason.

        """
        try:
            parsed = jwt.decode(token, self._key, [_ALGORITHM])
            _check_header(parsed.header)
            self._rules.validate(parsed.claims)
            claims = _Claims.model_validate(parsed.claims)
        except ValidationError as error:
            first = error.errors(include_input=False)[0]
            raise TokenRefused(f"claim {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
        # A header that is no object is a TypeError to the library.
        except (JoseError, ValueError, TypeError) as error:
            raise TokenRefused(_why(error)) from error
        scopes = frozenset(claims.scope.split())
        return Caller(claims.tenant, claims.client_id, scopes, claims.platform, claims.learner_ref)


def _check_header(header: dict[str, object]) -> None:
    # Only what we write ourselves: a key or a place to fetch one from has no business in a token (RFC 8725, 3.10).
    if set(header) - {"alg", "typ"}:
        raise TokenRefused("the header may hold alg and typ only")
    if str(header.get("typ", "")).lower() not in _TYPES:
        raise TokenRefused("not an access token: its typ is not at+jwt")


def _why(error: Exception) -> str:
    description = getattr(error, "description", "") or getattr(error, "error", "")
    return str(description or "not a token").strip().rstrip(".")
