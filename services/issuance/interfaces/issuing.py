"""Signing what an institution hands in: a credential of its own making, signed by its own key and kept nowhere.

Why it is not kept: docs/decisions/0040. What is signed is a stranger's document until it is signed: it is bounded, and
canonicalised where nothing of it can hold up the service.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from services.issuance.checking.screen import require_modest
from services.issuance.credential import Names
from services.issuance.did import method_of
from services.issuance.errors import CheckOverrun, CredentialRefused
from services.issuance.interfaces.datamodel import require_credential
from services.issuance.jsonld.terms import listed, require_all_signed
from services.issuance.keys.multikey import base58btc
from services.issuance.keys.ring import KeyRing
from services.issuance.proofs.proof import options_for
from services.issuance.proofs.suites import SUITES, Suite, usual_suite
from services.issuance.schema import require_official
from services.issuance.wording import timestamp

Document = dict[str, Any]
HashOf = Callable[[Document, Document], Awaitable[bytes]]
_BADGES = {"AchievementCredential", "OpenBadgeCredential"}


def require_issuable(document: Document, names: Names, tenant: str) -> None:
    """Refuse a credential that is not a whole one, is signed already, or names another issuer than the institution.

    Raises:
        CredentialRefused: with the path of the member at fault.

    """
    require_credential(document)
    require_modest(document)
    if "proof" in document:
        raise CredentialRefused("proof", "is there already: hand in the credential without it")
    issuer, own = document["issuer"], names.issuer(tenant)
    if (issuer["id"] if isinstance(issuer, dict) else issuer) != own:
        raise CredentialRefused("issuer", f"is not {own}, in whose name alone this token may issue")
    if str(document.get("id", "")).startswith(names.credential("")):
        raise CredentialRefused("id", "is an address below which only credentials for passes stand")
    require_all_signed(document)


async def signed(  # noqa: PLR0913 - what a signature takes
    document: Document,
    names: Names,
    keys: KeyRing,
    hash_of: HashOf,
    *,
    tenant: str,
    now: datetime,
    cryptosuite: object = None,
) -> Document:
    """Return a credential with the institution's proof, of the cryptosuite that is named, or the usual one of its key.

    Raises:
        CredentialRefused: it is none that its proof would cover whole, or no Open Badge although its type says so; or
            the institution's key makes no such proof.
        CheckerBusy: too many documents wait already.
        NoKey, SignerAway, SignerRefused: nothing signs at the moment.

    """
    signer = keys.signer_at(tenant, now)
    suite = _suite_of(cryptosuite, signer.algorithm)
    proof = options_for(document, suite, created=timestamp(now), method=method_of(names, tenant, signer))
    try:
        content = await hash_of(document, proof)
    except CheckOverrun as error:
        raise CredentialRefused("", f"takes too long to be read as JSON-LD: {error}") from error
    value = base58btc(await keys.settled(lambda: signer.sign(content)))
    secured = {**document, "proof": [{**proof, "proofValue": value}]}
    if _BADGES & set(listed(document["type"])):
        require_official(secured)
    return secured


def _suite_of(name: object, algorithm: str) -> Suite:
    if name is None:
        return usual_suite(algorithm)
    suite = SUITES.get(name) if isinstance(name, str) else None
    if suite is None:
        raise CredentialRefused("options.cryptosuite", f"is none of {', '.join(map(str, SUITES))}")
    if algorithm not in suite.algorithms:
        able = ", ".join(each.name for each in SUITES.values() if algorithm in each.algorithms)
        raise CredentialRefused(
            "options.cryptosuite", f"is not made with the institution's key ({algorithm}): take {able}, or leave it out"
        )
    return suite
