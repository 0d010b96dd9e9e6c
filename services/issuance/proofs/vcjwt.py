"""Credentials as VC-JWT: the credential itself is the payload, and registered claims repeat what it says.

Sources: Open Badges 3.0, section 8.2 (JSON Web Token proof format); RFC 7515 and RFC 7519.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from services.issuance.checking.screen import MAX_BYTES, parsed
from services.issuance.errors import CredentialRefused, KeyUnknown
from services.issuance.jsonld.terms import only
from services.issuance.keys.multikey import ED25519, P256, RS256, algorithm_of
from services.issuance.keys.signature import is_signature
from services.issuance.keys.signer import Signer

Document = dict[str, Any]
#: Ed25519 is what RFC 9864 calls EdDSA with that curve; most verifiers know the older name only.
ALGORITHMS: Mapping[object, str] = {"EdDSA": ED25519, "Ed25519": ED25519, "RS256": RS256, "ES256": P256}
JOSE_NAMES = {ED25519: "EdDSA", RS256: "RS256", P256: "ES256"}
_HEADER = frozenset({"alg", "kid", "jwk", "typ"})
_CLAIMS = ("iss", "jti", "nbf", "sub", "exp", "iat")
_PARTS = 3


@dataclass(frozen=True, slots=True)
class Opened:
    """A JWT, taken apart and not yet believed: `document` is the credential without the registered claims."""

    header: Document
    document: Document
    claims: Document
    content: bytes
    signature: bytes

    @property
    def issuer(self) -> str:
        """The id of whoever the credential says issued it, or nothing."""
        return str(_id_of(self.document.get("issuer")) or "")

    def holds(self, public_key: bytes) -> bool:
        """Tell whether it is signed by this key, with the algorithm that the key is for."""
        if ALGORITHMS.get(self.header["alg"]) != algorithm_of(public_key):
            return False
        return is_signature(self.signature, self.content, public_key)


def signed_jwt(document: Document, signer: Signer, kid: str) -> str:
    """Return a credential as a compact JWS. Proofs that it carries already are signed with it.

    Raises:
        KeyUnknown: no JWT is signed with the signer's algorithm.
        CredentialRefused: it has no id, issuer, validFrom or subject id to repeat.

    """
    if signer.algorithm not in JOSE_NAMES:
        raise KeyUnknown(f"no JWT is signed with {signer.algorithm} here: use an Ed25519, RSA or P-256 key")
    header = {"alg": JOSE_NAMES[signer.algorithm], "kid": kid, "typ": "JWT"}
    content = b".".join(_encoded(orjson.dumps(part)) for part in (header, {**document, **claims_of(document)}))
    return b".".join((content, _encoded(signer.sign(content)))).decode()


def opened(text: str, *, max_chars: int = MAX_BYTES) -> Opened:
    """Return the parts of a JWT whose form is right.

    Raises:
        CredentialRefused: it is not a VC-JWT, or its header says what none may.

    """
    header, payload, content, signature = parts_of(text, max_chars)
    _require_header(header)
    return Opened(
        header,
        document={name: value for name, value in payload.items() if name not in _CLAIMS},
        claims={name: payload[name] for name in _CLAIMS if name in payload},
        content=content,
        signature=signature,
    )


def parts_of(text: str, max_chars: int) -> tuple[Document, Document, bytes, bytes]:
    """Return header, payload, what is signed, and the signature of a compact JWS; nothing of it is believed yet.

    Raises:
        CredentialRefused: it is none.

    """
    if len(text) > max_chars:
        raise CredentialRefused("", f"has more than {max_chars} characters")
    parts = text.split(".")
    if len(parts) != _PARTS:
        raise CredentialRefused("", "is not a compact JWS: three parts with full stops between them")
    header, payload = parsed(_decoded(parts[0], "header")), parsed(_decoded(parts[1], "payload"))
    return header, payload, f"{parts[0]}.{parts[1]}".encode(), _decoded(parts[2], "signature")


def claims_of(document: Document) -> Document:
    """Return the registered claims that repeat what a credential says.

    Raises:
        CredentialRefused: it does not say what they repeat.

    """
    claims = {
        "iss": _id_of(document.get("issuer")),
        "jti": document.get("id"),
        "nbf": _seconds(document, "validFrom"),
        "sub": _id_of(document.get("credentialSubject")),
    }
    if missing := [name for name, value in claims.items() if value is None]:
        raise CredentialRefused("", f"does not say what the claims {', '.join(missing)} repeat")
    return {**claims, "exp": _seconds(document, "validUntil")} if "validUntil" in document else claims


def fault_of_claims(jwt: Opened) -> str:
    """Return which registered claim says something else than the credential, or nothing."""
    try:
        expected = claims_of(jwt.document)
    except CredentialRefused as error:
        return f"It {error.reason}."
    stated = {name: value for name, value in jwt.claims.items() if name != "iat"}
    wrong = [name for name in stated.keys() | expected if not _same(stated.get(name), expected.get(name))]
    return f"Its claims say something else than the credential: {', '.join(sorted(wrong))}." if wrong else ""


def _require_header(header: Document) -> None:
    if unknown := header.keys() - _HEADER:
        raise CredentialRefused("header", f"may hold alg, kid, jwk and typ only, not {', '.join(sorted(unknown))}")
    if not isinstance(header.get("alg"), str) or header["alg"] not in ALGORITHMS:
        raise CredentialRefused("header.alg", f"is none of {', '.join(map(str, ALGORITHMS))}")
    if header.get("typ", "JWT") != "JWT":
        raise CredentialRefused("header.typ", "is not JWT")
    if not isinstance(header.get("kid", ""), str) or ("kid" not in header and "jwk" not in header):
        raise CredentialRefused("header", "names no key: neither kid nor jwk")


def _same(stated: object, expected: object) -> bool:
    if isinstance(stated, int | float) and isinstance(expected, int) and not isinstance(stated, bool):
        return abs(stated - expected) < 1
    return stated == expected


def _id_of(value: Any) -> object:
    one = only(value)
    return one.get("id") if isinstance(one, dict) else one


def _seconds(document: Document, name: str) -> int | None:
    try:
        moment = datetime.fromisoformat(document[name])
        return int(moment.timestamp()) if moment.tzinfo else None
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _encoded(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")


def _decoded(text: str, name: str) -> bytes:
    try:
        content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise CredentialRefused(name, f"is not base64url: {error}") from error
    if _encoded(content).decode() != text:
        raise CredentialRefused(name, "is not base64url in its only form")
    return content
