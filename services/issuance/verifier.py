"""Checking a credential step by step, whoever issued it, in words for whoever was shown it.

Pure but for its ports, so that it serves the HTTP door and whoever else has a document and a way to find keys.
Order after Open Badges 3.0, section 9.1: form, schema, proof, issuer, dates, status.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.issuance.errors import (
    CheckOverrun,
    CredentialRefused,
    KeyUnknown,
    KeyUnreachable,
    StatusUnknown,
    StatusUnreachable,
)
from services.issuance.multikey import DID_KEY
from services.issuance.openbadge import Badge, Status, badge_of
from services.issuance.proof import SUITE, holds
from services.issuance.report import Code, Outcome, Report, Step, stopped
from services.issuance.screen import require_modest
from services.issuance.status import is_set
from services.issuance.terms import listed

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ports:
    """What checking needs from outside.

    `hash_of(document, proof)` returns what the proof signs, or raises CredentialRefused or CheckOverrun;
    `key_of(issuer, method)` returns the issuer's Ed25519 key, or raises KeyUnknown;
    `bits_of(list_url, issuer)` returns the bits of a status list by this issuer, or raises StatusUnknown.
    """

    hash_of: Callable[[Document, Document], Awaitable[bytes]]
    key_of: Callable[[str, str], Awaitable[bytes]]
    bits_of: Callable[[str, str], Awaitable[bytes]]
    now: Callable[[], datetime]


async def check(document: Document, ports: Ports) -> Report:
    """Return how each step went; a step that makes no sense after a failure is skipped.

    Raises:
        CheckerBusy: strangers' documents wait already; nothing was found out.

    """
    try:
        require_modest(document)
        proof = _proof_of(document)
        content = await ports.hash_of(document, proof) if proof else b""
    except CredentialRefused as error:
        return stopped(Step("format", Outcome.FAILED, f"This is not a credential that can be checked: {error}."))
    except CheckOverrun as error:
        return stopped(Step("format", Outcome.FAILED, f"No honest credential is built like this: {error}."))
    form = Step("format", Outcome.PASSED, "It is a verifiable credential, and its signature covers all of it.")
    try:
        badge = badge_of(document)
    except CredentialRefused as error:
        return stopped(form, Step("schema", Outcome.FAILED, f"It is not an Open Badge 3.0: {error}."))
    schema = Step("schema", Outcome.PASSED, "It says all that an Open Badge 3.0 must say.")
    signed = await _signed(badge, proof, content, ports)
    return Report((form, schema, *signed, _dates(badge, ports.now()), await _status(badge, ports)))


def _proof_of(document: Document) -> Document | None:
    proofs = [each for each in listed(document.get("proof", [])) if isinstance(each, dict)]
    return next((each for each in proofs if each.get("cryptosuite") == SUITE), None)


async def _signed(badge: Badge, proof: Document | None, content: bytes, ports: Ports) -> tuple[Step, Step]:
    """Return the steps proof and issuer: who signed it is only known when the proof holds."""
    failed = "Who issued it cannot be said, because the proof does not hold."
    nobody = Step("issuer", Outcome.UNKNOWN, failed)
    if proof is None:
        return Step("proof", Outcome.FAILED, f"It carries no proof of the kind {SUITE}."), nobody
    fault = _fault_of(proof, badge, ports.now())
    if fault:
        return Step("proof", Outcome.FAILED, fault), nobody
    try:
        key = await ports.key_of(badge.issuer_id, str(proof["verificationMethod"]))
    except KeyUnknown as error:
        unchecked = Step("proof", Outcome.UNKNOWN, "Whether it was changed cannot be said without the issuer's key.")
        cause = Code.ISSUER_UNREACHABLE if isinstance(error, KeyUnreachable) else Code.ISSUER_UNKNOWN
        return unchecked, Step("issuer", Outcome.UNKNOWN, f"The issuer is not known here: {error}.", cause)
    if not holds(proof, content, key):
        changed = "It was changed after it was signed, or somebody else than its issuer signed it."
        return Step("proof", Outcome.FAILED, changed), nobody
    return Step("proof", Outcome.PASSED, "Nothing in it was changed since its issuer signed it."), _issuer(badge)


def _fault_of(proof: Document, badge: Badge, now: datetime) -> str:
    """Return what is wrong with a proof whatever its value is, or nothing (Data Integrity 1.0, section 4.4)."""
    if proof.get("type") != "DataIntegrityProof" or proof.get("proofPurpose") != "assertionMethod":
        return "Its proof was not made to assert a credential."
    if str(proof.get("verificationMethod")).partition("#")[0] != badge.issuer_id:
        return "Its proof names the key of somebody else than its issuer."
    if "previousProof" in proof or "domain" in proof or "challenge" in proof:
        return "Its proof depends on something that is not in the document."
    if "expires" in proof:
        return _expiry(proof["expires"], now)
    return ""


def _expiry(expires: object, now: datetime) -> str:
    try:
        over = datetime.fromisoformat(str(expires)) <= now
    except (ValueError, TypeError):
        return "Its proof expires at a time that cannot be read."
    return f"Its proof expired on {expires}." if over else ""


def _issuer(badge: Badge) -> Step:
    if badge.issuer_id.startswith(DID_KEY):
        words = (
            "Its issuer is a bare key, which anybody can make: "
            f"ask {badge.issuer_name} whether {badge.issuer_id} is theirs."
        )
    else:
        words = f"Issued by {badge.issuer_name} ({badge.issuer_id})."
    return Step("issuer", Outcome.PASSED, words)


def _dates(badge: Badge, now: datetime) -> Step:
    if badge.valid_until and badge.valid_until < badge.valid_from:
        return Step("dates", Outcome.FAILED, "It ends before it begins.")
    if badge.valid_from > now:
        words = f"It is not valid yet: it begins on {badge.valid_from:%d %B %Y}."
        return Step("dates", Outcome.FAILED, words, Code.NOT_YET_VALID)
    if badge.valid_until and badge.valid_until <= now:
        words = f"It has expired: it ended on {badge.valid_until:%d %B %Y}."
        return Step("dates", Outcome.FAILED, words, Code.EXPIRED)
    return Step("dates", Outcome.PASSED, f"Valid since {badge.valid_from:%d %B %Y}.")


async def _status(badge: Badge, ports: Ports) -> Step:
    if badge.status is None:
        return Step("status", Outcome.SKIPPED, "It names no status list: its issuer keeps no way to revoke it.")
    try:
        url, index = _entry(badge.status)
        revoked = is_set(await ports.bits_of(url, badge.issuer_id), index)
    except StatusUnknown as error:
        cause = Code.STATUS_UNREACHABLE if isinstance(error, StatusUnreachable) else Code.STATUS_UNKNOWN
        return Step("status", Outcome.UNKNOWN, f"Whether it was revoked cannot be found out: {error}.", cause)
    if revoked:
        return Step("status", Outcome.FAILED, "Its issuer revoked it: it does not stand any more.", Code.REVOKED)
    return Step("status", Outcome.PASSED, "Its issuer has not revoked it.")


def _entry(status: Status) -> tuple[str, int]:
    known = status.type == "BitstringStatusListEntry" and status.purpose == "revocation"
    if not known or status.index is None or status.list_url is None:
        raise StatusUnknown(f"its status is of a kind that is not known here ({status.type}, {status.purpose})")
    return status.list_url, int(status.index)
