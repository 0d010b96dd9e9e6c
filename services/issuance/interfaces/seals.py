"""Codes, tokens and nonces that carry what they are good for, sealed with a secret: no process has to remember them.

JWTs signed with HS256, each kind with a `typ` of its own, so that none is taken for another (RFC 8725, section 3.11).
128 random bits name each one; whoever has no secret can neither guess nor make one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from secrets import token_urlsafe
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from pydantic import BaseModel, ConfigDict

from services.issuance.errors import CredentialRefused
from services.issuance.proofs.vcjwt import parts_of
from shared.contracts.envelope import derived_id
from shared.kit.secret import derived

_ALGORITHM = "HS256"
_LONGEST = 2_000
_ID_BYTES = 16


class SealBroken(Exception):
    """It is none of ours, of another kind, or no longer good; the message says which."""


class Kind(StrEnum):
    """What a seal stands on."""

    CODE = "microcred-code+jwt"
    ACCESS = "microcred-wallet-at+jwt"
    NONCE = "microcred-nonce+jwt"
    NOTICE = "microcred-notice+jwt"


class Sealed(BaseModel):
    """What a code or token says: for which institution, for which credential in which configurations.

    `tx` is the mark of the transaction code that belongs to it, `detailed` tells that the wallet asked by
    authorization_details, `token` names the access token that a notice goes with.
    """

    model_config = ConfigDict(strict=True, frozen=True)

    jti: str
    exp: int
    tenant: str
    credential: str = ""
    configurations: list[str] = []
    tx: str = ""
    detailed: bool = False
    token: str = ""

    def once(self, kind: Kind, *more: str) -> str:
        """Return the name under which its use is noted, which does not give it away."""
        return derived_id(kind, self.jti, *more)


@dataclass(frozen=True, slots=True)
class Seals:
    """Makes and opens seals; every process with the same secret opens those of the others."""

    secret: bytes

    def sealed(self, kind: Kind, now: datetime, lifetime: timedelta, **says: Any) -> str:
        """Return a new one, good for so long; its transaction code is given as `code`."""
        jti = token_urlsafe(_ID_BYTES)
        if code := says.pop("code", ""):
            says["tx"] = self.mark(jti, code)
        claims = Sealed(jti=jti, exp=int((now + lifetime).timestamp()), **says)
        header = {"alg": _ALGORITHM, "typ": kind}
        return jwt.encode(header, claims.model_dump(exclude_defaults=True), self._key, [_ALGORITHM])

    def opened(self, kind: Kind, text: str, tenant: str, now: datetime) -> Sealed:
        """Return what one says.

        Raises:
            SealBroken: it is not of this kind and institution, or its time is over.

        """
        try:
            parts_of(text, _LONGEST)
            found = jwt.decode(text, self._key, [_ALGORITHM])
            claims = Sealed.model_validate(found.claims)
        # A header with a member of another kind is a TypeError to the library.
        except (CredentialRefused, JoseError, ValueError, TypeError) as error:
            raise SealBroken("is none of ours") from error
        if found.header.get("typ") != kind or claims.tenant != tenant:
            raise SealBroken("is none of ours")
        if claims.exp <= now.timestamp():
            raise SealBroken("is no longer good")
        return claims

    def mark(self, jti: str, code: str) -> str:
        """Return the mark of a transaction code: who sees it and has no secret cannot try codes against it."""
        return derived(self.secret, f"transaction code of {jti}: {code}").hex()

    @property
    def _key(self) -> OctKey:
        return OctKey.import_key(self.secret)
