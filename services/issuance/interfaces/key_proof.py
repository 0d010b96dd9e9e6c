"""Whose key a wallet has: the key proof of type `jwt`. Pure.

Source: OpenID for Verifiable Credential Issuance 1.0, Appendix F.1 (jwt proof type) and F.4 (verifying key proofs).
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.issuance.checking.screen import parsed
from services.issuance.errors import CredentialRefused
from services.issuance.keys.jwk import public_key_of
from services.issuance.keys.multikey import DID_KEY, ED25519, P256, algorithm_of, did_key, key_of
from services.issuance.keys.signature import is_signature
from services.issuance.proofs.vcjwt import parts_of

Document = dict[str, Any]

TYPE = "openid4vci-proof+jwt"
ALGORITHMS = {"ES256": P256, "EdDSA": ED25519, "Ed25519": ED25519}
METHODS = ["did:key", "did:jwk", "jwk"]
DID_JWK = "did:jwk:"
_LONGEST = 8_000
_OLDEST_S, _EARLIEST_S = 300, 60


@dataclass(frozen=True, slots=True)
class Proven:
    """The DID of a key that its holder has proven to have, and the nonce that they signed."""

    did: str
    nonce: str


def proven_by(text: str, audience: str, now: datetime) -> Proven:
    """Return whose key a key proof shows; `audience` is the Credential Issuer Identifier.

    Whether the nonce is one of ours, and not used yet, is for the caller to say.

    Raises:
        CredentialRefused: it proves nothing; names the member at fault.
        KeyUnknown: its key is of a kind that is not known here.

    """
    header, claims, content, signature = parts_of(text, _LONGEST)
    did, public_key = _key_in(header)
    if ALGORITHMS[header["alg"]] != algorithm_of(public_key):
        raise CredentialRefused("header.alg", "is not what its key signs with")
    if not is_signature(signature, content, public_key):
        raise CredentialRefused("signature", "is not made with the key in the header")
    if claims.get("aud") not in (audience, [audience]):
        raise CredentialRefused("aud", f"is not {audience}")
    _require_fresh(claims, int(now.timestamp()))
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not nonce:
        raise CredentialRefused("nonce", "is missing: it is had from the nonce endpoint")
    return Proven(did, nonce)


def _key_in(header: Document) -> tuple[str, bytes]:
    if header.get("typ") != TYPE:
        raise CredentialRefused("header.typ", f"is not {TYPE}")
    if not isinstance(header.get("alg"), str) or header["alg"] not in ALGORITHMS:
        raise CredentialRefused("header.alg", f"is none of {', '.join(ALGORITHMS)}")
    if "crit" in header:
        raise CredentialRefused("header.crit", "demands something that is not known here")
    if len({"kid", "jwk", "x5c"} & header.keys()) != 1 or "x5c" in header:
        raise CredentialRefused("header", "names its key by none of kid and jwk, or by more than one")
    if "jwk" in header:
        public_key = public_key_of(header["jwk"])
        if algorithm_of(public_key) not in ALGORITHMS.values():
            raise CredentialRefused("header.jwk", "is neither an Ed25519 nor a P-256 key")
        return did_key(public_key), public_key
    return _key_named(header["kid"])


def _key_named(kid: object) -> tuple[str, bytes]:
    did, _, fragment = kid.partition("#") if isinstance(kid, str) else ("", "", "")
    if did.startswith(DID_KEY) and fragment == did.removeprefix(DID_KEY):
        return did, key_of(fragment)
    if did.startswith(DID_JWK) and fragment == "0":
        return did, public_key_of(_jwk_of(did.removeprefix(DID_JWK)))
    raise CredentialRefused("header.kid", "is no key of a did:key or did:jwk")


def _jwk_of(text: str) -> Document:
    try:
        return parsed(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as error:
        raise CredentialRefused("header.kid", "is no did:jwk") from error


def _require_fresh(claims: Document, now: int) -> None:
    issued = claims.get("iat")
    if not isinstance(issued, int | float) or isinstance(issued, bool):
        raise CredentialRefused("iat", "is missing, or no number of seconds")
    if not now - _OLDEST_S <= issued <= now + _EARLIEST_S:
        raise CredentialRefused("iat", f"is more than {_OLDEST_S} s ago or more than {_EARLIEST_S} s ahead")
    for name, sign in (("exp", 1), ("nbf", -1)):
        moment = claims.get(name, now + sign)
        if not isinstance(moment, int | float) or (moment - now) * sign < (1 if sign > 0 else -_EARLIEST_S):
            raise CredentialRefused(name, "says that it is not good now")
