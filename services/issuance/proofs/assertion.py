"""What in a credential claims to be its issuer's assertion, and whether it holds: data integrity proofs, or a JWT.

Source: Verifiable Credential Data Integrity 1.0, sections 4.4 (verify proof) and 4.5 (proof sets).
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.issuance.errors import CredentialRefused
from services.issuance.jsonld.terms import listed
from services.issuance.keys.jwk import fragment_of, public_key_of
from services.issuance.proofs.proof import holds
from services.issuance.proofs.suites import SUITES, suite_of
from services.issuance.proofs.vcjwt import Opened, fault_of_claims

Document = dict[str, Any]
MAX_PROOFS = 8
"""More than any issuer makes; each costs a canonicalisation."""
JWT = "VC-JWT"
_ELSEWHERE = ("previousProof", "domain", "challenge")


@dataclass(frozen=True, slots=True)
class Assertion:
    """One proof: its kind, the key that it names, and whether a public key made it.

    `fault` is what is wrong with it whatever its key is; `foreign` says that it does not speak for the issuer at all.
    """

    kind: str
    method: str
    is_held_by: Callable[[bytes], bool]
    fault: str = ""
    foreign: bool = False


async def proofs_of(
    document: Document, hash_of: Callable[[Document, Document], Awaitable[bytes]], now: datetime
) -> list[Assertion]:
    """Return the proofs of a document that are of a known suite.

    Raises:
        CredentialRefused: the document is not one that a proof covers whole, or has too many proofs.
        CheckOverrun: it took more time or memory than one check may.

    """
    proofs = listed(document.get("proof", []))
    if len(proofs) > MAX_PROOFS or not all(isinstance(each, dict) for each in proofs):
        raise CredentialRefused("proof", f"is no proof, or more than {MAX_PROOFS}")
    known = [(each, suite.name) for each in proofs if (suite := suite_of(each))]
    return [_proved(proof, name, await hash_of(document, proof), now) for proof, name in known]


def asserted_by_jwt(jwt: Opened) -> Assertion:
    """Return what a JWT asserts.

    Raises:
        KeyUnknown: its header carries something else than a public key.

    """
    if "jwk" not in jwt.header:
        return Assertion(JWT, _resolved(jwt.header["kid"], jwt.issuer), jwt.holds, fault_of_claims(jwt))
    carried = public_key_of(jwt.header["jwk"])
    named = _resolved(jwt.header.get("kid", f"#{fragment_of(carried)}"), jwt.issuer)
    return Assertion(JWT, named, lambda key: key == carried and jwt.holds(key), fault_of_claims(jwt))


def fault_of(assertions: Sequence[Assertion], issuer: str) -> str:
    """Return why none of these can stand for the issuer's word, or nothing."""
    if not assertions:
        return f"It carries no proof of a kind that is known here: {', '.join(map(str, SUITES))}, or a JWT."
    ours = own(assertions, issuer)
    if not ours:
        foreign = all(each.foreign for each in assertions)
        return (
            "Its proof was not made to assert a credential."
            if foreign
            else "Its proof names the key of somebody else than its issuer."
        )
    return next((each.fault for each in ours if each.fault), "")


def own(assertions: Sequence[Assertion], issuer: str) -> list[Assertion]:
    """Return those that claim to be the issuer's; what others say of a credential takes nothing from it."""
    return [each for each in assertions if not each.foreign and _speaks_for(each, issuer)]


async def keys_of(
    assertions: Sequence[Assertion], issuer: str, key_of: Callable[[str, str], Awaitable[bytes]]
) -> list[bytes]:
    """Return the key of each assertion.

    Raises:
        KeyUnknown: one of them is not to be had.

    """
    return [await key_of(issuer, each.method) for each in assertions]


def _speaks_for(assertion: Assertion, issuer: str) -> bool:
    return assertion.kind == JWT or assertion.method.partition("#")[0] == issuer


def _proved(proof: Document, name: str, content: bytes, now: datetime) -> Assertion:
    foreign = proof.get("type") != "DataIntegrityProof" or proof.get("proofPurpose") != "assertionMethod"
    method = str(proof.get("verificationMethod"))
    return Assertion(name, method, lambda key: holds(proof, content, key), _fault(proof, now), foreign)


def _fault(proof: Document, now: datetime) -> str:
    if any(name in proof for name in _ELSEWHERE):
        return "Its proof depends on something that is not in the document."
    if "expires" not in proof:
        return ""
    try:
        over = datetime.fromisoformat(str(proof["expires"])) <= now
    except (ValueError, TypeError):
        return "Its proof expires at a time that cannot be read."
    return f"Its proof expired on {proof['expires']}." if over else ""


def _resolved(kid: str, issuer: str) -> str:
    """Return a key's full name; a JWT may leave out the issuer's part."""
    return f"{issuer}{kid}" if kid.startswith("#") else kid
