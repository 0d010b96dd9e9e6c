"""Checking a credential step by step, whoever issued it, in words for whoever was shown it.

Pure but for its ports, so that it serves the HTTP door and whoever else has a document and a way to find keys.
Order after Open Badges 3.0, section 9.1: form, schema, proof, issuer, dates, status.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.issuance.checking.openbadge import Status
from services.issuance.checking.report import Code, Outcome, Report, Step, stopped
from services.issuance.checking.screen import require_modest
from services.issuance.checking.stated import Reading, Stated, as_badge
from services.issuance.errors import (
    CheckOverrun,
    CredentialRefused,
    KeyUnknown,
    KeyUnreachable,
    StatusUnknown,
    StatusUnreachable,
)
from services.issuance.jsonld.terms import require_all_signed
from services.issuance.keys.multikey import DID_KEY
from services.issuance.proofs.assertion import Assertion, asserted_by_jwt, fault_of, keys_of, own, proofs_of
from services.issuance.proofs.vcjwt import opened
from services.issuance.status import is_set

Document = dict[str, Any]
_REVOKED = Step("status", Outcome.FAILED, "Its issuer revoked it: it does not stand any more.", Code.REVOKED)
_SUSPENDED = Step(
    "status",
    Outcome.FAILED,
    "Its issuer suspended it: it does not stand for the time being, and may stand again later.",
    Code.SUSPENDED,
)


async def _no_suspension(_list_url: str, _issuer: str) -> None:
    """Say that nothing is known of suspensions: issuers elsewhere publish none beside their revocations."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What checking needs from outside.

    `hash_of(document, proof)` returns what the proof signs, or raises CredentialRefused or CheckOverrun;
    `key_of(issuer, method)` returns the issuer's key (`keys/multikey.py`), or raises KeyUnknown: it has none of
    this name;
    `bits_of(list_url, issuer, purpose)` returns the bits of a status list by this issuer, or raises StatusUnknown;
    `suspension_of(list_url, issuer)` those of the suspension list that belongs to a list of revocations, or None.
    """

    hash_of: Callable[[Document, Document], Awaitable[bytes]]
    key_of: Callable[[str, str], Awaitable[bytes]]
    bits_of: Callable[[str, str, str], Awaitable[bytes]]
    now: Callable[[], datetime]
    suspension_of: Callable[[str, str], Awaitable[bytes | None]] = _no_suspension


async def check(document: Document, ports: Ports, reads: Reading = as_badge) -> Report:
    """Return how each step went; a step that makes no sense after a failure is skipped.

    Raises:
        CheckerBusy: strangers' documents wait already; nothing was found out.

    """
    try:
        require_modest(document)
        assertions = await proofs_of(document, ports.hash_of, ports.now())
    except CredentialRefused as error:
        return _malformed(error)
    except CheckOverrun as error:
        return stopped(Step("format", Outcome.FAILED, f"No honest credential is built like this: {error}."))
    return await _checked(document, assertions, ports, reads)


async def check_jwt(text: str, ports: Ports, reads: Reading = as_badge) -> Report:
    """Return how each step went for a credential as a JWT; proofs that it carries inside must hold, too.

    Raises:
        CheckerBusy: strangers' documents wait already; nothing was found out.

    """
    try:
        jwt = opened(text)
        require_modest(jwt.document)
        require_all_signed({name: value for name, value in jwt.document.items() if name != "proof"})
        assertions = [asserted_by_jwt(jwt), *await proofs_of(jwt.document, ports.hash_of, ports.now())]
    except (CredentialRefused, KeyUnknown) as error:
        return _malformed(error)
    except CheckOverrun as error:
        return stopped(Step("format", Outcome.FAILED, f"No honest credential is built like this: {error}."))
    return await _checked(jwt.document, assertions, ports, reads)


def _malformed(error: Exception) -> Report:
    return stopped(Step("format", Outcome.FAILED, f"This is not a credential that can be checked: {error}."))


async def _checked(document: Document, assertions: Sequence[Assertion], ports: Ports, reads: Reading) -> Report:
    form = Step("format", Outcome.PASSED, "It is a verifiable credential, and its signature covers all of it.")
    try:
        stated, schema = reads(document)
    except CredentialRefused as error:
        return stopped(form, Step("schema", Outcome.FAILED, f"It is not an Open Badge 3.0: {error}."))
    signed = await _signed(stated, assertions, ports)
    return Report((form, schema, *signed, _dates(stated, ports.now()), await _status(stated, ports)))


async def _signed(stated: Stated, assertions: Sequence[Assertion], ports: Ports) -> tuple[Step, Step]:
    """Return the steps proof and issuer: who signed it is only known when the proof holds."""
    failed = "Who issued it cannot be said, because the proof does not hold."
    nobody = Step("issuer", Outcome.UNKNOWN, failed)
    if fault := fault_of(assertions, stated.issuer_id):
        return Step("proof", Outcome.FAILED, fault), nobody
    ours = own(assertions, stated.issuer_id)
    try:
        keys = await keys_of(ours, stated.issuer_id, ports.key_of)
    except KeyUnknown as error:
        unchecked = Step("proof", Outcome.UNKNOWN, "Whether it was changed cannot be said without the issuer's key.")
        cause = Code.ISSUER_UNREACHABLE if isinstance(error, KeyUnreachable) else Code.ISSUER_UNKNOWN
        return unchecked, Step("issuer", Outcome.UNKNOWN, f"The issuer is not known here: {error}.", cause)
    if not all(each.is_held_by(key) for each, key in zip(ours, keys, strict=True)):
        changed = "It was changed after it was signed, or somebody else than its issuer signed it."
        return Step("proof", Outcome.FAILED, changed), nobody
    kinds = ", ".join(dict.fromkeys(each.kind for each in ours))
    words = f"Nothing in it was changed since its issuer signed it ({kinds})."
    return Step("proof", Outcome.PASSED, words), _issuer(stated)


def _issuer(stated: Stated) -> Step:
    if stated.issuer_id.startswith(DID_KEY):
        words = (
            "Its issuer is a bare key, which anybody can make: "
            f"ask {stated.issuer_name} whether {stated.issuer_id} is theirs."
        )
    else:
        words = f"Issued by {stated.issuer_name} ({stated.issuer_id})."
    return Step("issuer", Outcome.PASSED, words)


def _dates(stated: Stated, now: datetime) -> Step:
    if stated.valid_from and stated.valid_until and stated.valid_until < stated.valid_from:
        return Step("dates", Outcome.FAILED, "It ends before it begins.")
    if stated.valid_from and stated.valid_from > now:
        words = f"It is not valid yet: it begins on {stated.valid_from:%d %B %Y}."
        return Step("dates", Outcome.FAILED, words, Code.NOT_YET_VALID)
    if stated.valid_until and stated.valid_until <= now:
        words = f"It has expired: it ended on {stated.valid_until:%d %B %Y}."
        return Step("dates", Outcome.FAILED, words, Code.EXPIRED)
    since = f"Valid since {stated.valid_from:%d %B %Y}." if stated.valid_from else "It does not say since when."
    return Step("dates", Outcome.PASSED, since)


async def _status(stated: Stated, ports: Ports) -> Step:
    if not stated.statuses:
        return Step("status", Outcome.SKIPPED, "It names no status list: its issuer keeps no way to revoke it.")
    try:
        for status in stated.statuses:
            url, index, purpose = _entry(status)
            if is_set(await ports.bits_of(url, stated.issuer_id, purpose), index):
                return _REVOKED if purpose == "revocation" else _SUSPENDED
            beside = await ports.suspension_of(url, stated.issuer_id) if purpose == "revocation" else None
            if beside is not None and is_set(beside, index):
                return _SUSPENDED
    except StatusUnknown as error:
        cause = Code.STATUS_UNREACHABLE if isinstance(error, StatusUnreachable) else Code.STATUS_UNKNOWN
        return Step("status", Outcome.UNKNOWN, f"Whether it was revoked cannot be found out: {error}.", cause)
    return Step("status", Outcome.PASSED, "Its issuer has neither revoked nor suspended it.")


def _entry(status: Status) -> tuple[str, int, str]:
    known = status.type == "BitstringStatusListEntry" and status.purpose in {"revocation", "suspension"}
    if not known or status.index is None or status.list_url is None:
        raise StatusUnknown(f"its status is of a kind that is not known here ({status.type}, {status.purpose})")
    return status.list_url, int(status.index), str(status.purpose)
