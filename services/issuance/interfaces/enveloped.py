"""Credentials and presentations in the envelope of a JWT: taken out, and a presentation's envelope held to its holder.

Pure but for the verifier's ports. Sources: Verifiable Credentials Data Model 2.0, sections 4.12.1 and 4.13.2; Securing
Verifiable Credentials using JOSE and COSE 1.0, sections 3.1 (media types) and 4.1 (header, keys).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.issuance.checking.ports import Ports
from services.issuance.checking.screen import MAX_BYTES, require_modest
from services.issuance.checking.stated import id_of
from services.issuance.errors import CredentialRefused, KeyUnknown
from services.issuance.interfaces.datamodel import ENVELOPED
from services.issuance.interfaces.verifying import Expected
from services.issuance.jsonld.contexts import CREDENTIALS_V2
from services.issuance.jsonld.terms import listed, require_all_signed
from services.issuance.keys.multikey import algorithm_of
from services.issuance.keys.signature import is_signature
from services.issuance.proofs.vcjwt import ALGORITHMS, parts_of

Document = dict[str, Any]

_PRESENTATION = "EnvelopedVerifiablePresentation"
_HEADER = frozenset({"alg", "kid", "typ", "cty"})
_TYPES = ("vp+jwt", "JWT")
_CLAIMS = ("iss", "aud", "nonce", "nbf", "exp", "iat", "jti", "sub")


@dataclass(frozen=True, slots=True)
class Enveloped:
    """A presentation taken out of its envelope, and not yet believed; `method` names the key that closed it."""

    document: Document
    claims: Document
    method: str
    holds: Callable[[bytes], bool]


def jwt_in(document: Document) -> str | None:
    """Return the JWT that an enveloped credential holds, or None for any other document.

    Raises:
        CredentialRefused: it is an envelope, but not a good one.

    """
    return _held(document, "application/vc+jwt") if ENVELOPED in listed(document.get("type", [])) else None


def presentation_in(document: Document) -> Enveloped | None:
    """Return the presentation that an envelope holds, or None for any other document.

    Raises:
        CredentialRefused: it is an envelope, but not a good one.

    """
    if _PRESENTATION not in listed(document.get("type", [])):
        return None
    header, payload, content, signature = parts_of(_held(document, "application/vp+jwt"), MAX_BYTES)
    algorithm = ALGORITHMS.get(str(header.get("alg")))
    if header.keys() - _HEADER or algorithm is None or header.get("typ", "JWT") not in _TYPES:
        raise CredentialRefused("header", f"is not that of a presentation: {', '.join(sorted(_HEADER))}, and no other")
    if not isinstance(header.get("kid"), str):
        raise CredentialRefused("header.kid", "is missing: it names the holder's key")
    claims = {name: payload.pop(name) for name in _CLAIMS if name in payload}
    require_modest(payload)
    require_all_signed(payload)

    def holds(key: bytes) -> bool:
        return algorithm_of(key) == algorithm and is_signature(signature, content, key)

    kid, holder = header["kid"], id_of(payload.get("holder")) or claims.get("iss")
    return Enveloped(payload, claims, f"{holder}{kid}" if kid.startswith("#") else kid, holds)


async def fault_of_envelope(shown: Enveloped, expected: Expected, ports: Ports) -> str:
    """Return what is wrong with the envelope of a presentation, or nothing; its credentials are checked one by one."""
    owner = shown.method.partition("#")[0]
    if (id_of(shown.document.get("holder")) or owner, shown.claims.get("iss", owner)) != (owner, owner):
        return "It is signed by somebody else than its holder."
    for name, claim, wanted in (("challenge", "nonce", expected.challenge), ("domain", "aud", expected.domain)):
        if wanted != "" and wanted not in listed(shown.claims.get(claim)):
            return f"It answers another {name} than the one that was asked."
    if not _is_current(shown.claims, ports.now()):
        return "It has expired, or is not valid yet."
    try:
        held = shown.holds(await ports.key_of(owner, shown.method))
    except KeyUnknown as error:
        return f"The holder's key is not known here: {error}."
    return "" if held else "It was changed after it was signed, or somebody else than its holder signed it."


def _held(document: Document, kind: str) -> str:
    if CREDENTIALS_V2 not in listed(document.get("@context")):
        raise CredentialRefused("@context", f"does not name {CREDENTIALS_V2}")
    held, begins = document.get("id"), f"data:{kind},"
    if not isinstance(held, str) or not held.startswith(begins):
        raise CredentialRefused("id", f"is not {begins} and a JWT, the only envelope that is opened here")
    return held.removeprefix(begins)


def _is_current(claims: Document, now: datetime) -> bool:
    begins, ends = claims.get("nbf", 0), claims.get("exp", float("inf"))
    numbers = all(isinstance(each, int | float) and not isinstance(each, bool) for each in (begins, ends))
    return numbers and begins <= now.timestamp() < ends
