"""The steps `proof` and `issuer`: what a document asserts, and whether its issuer signed it. Pure but for the ports."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.issuance.checking.ports import Ports
from services.issuance.checking.report import Code, Outcome, Step
from services.issuance.checking.screen import require_modest
from services.issuance.checking.stated import Stated
from services.issuance.errors import KeyUnknown, KeyUnreachable
from services.issuance.jsonld.terms import require_all_signed
from services.issuance.keys.multikey import DID_KEY
from services.issuance.proofs.assertion import Assertion, asserted_by_jwt, fault_of, keys_of, own, proofs_of
from services.issuance.proofs.vcjwt import opened

Document = dict[str, Any]
_FAILED = "Who issued it cannot be said, because the proof does not hold."


@dataclass(frozen=True, slots=True)
class Asserted:
    """A document and what is asserted of it; nothing of it is believed yet."""

    document: Document
    assertions: Sequence[Assertion]


async def asserted(shown: Document | str, ports: Ports) -> Asserted:
    """Return what a document, or a JWT and the proofs that it carries inside, asserts.

    Raises:
        CredentialRefused: it is none that its signature covers whole.
        KeyUnknown: a JWT's header carries something else than a public key.
        CheckOverrun: it took more time or memory than one check may.
        CheckerBusy: strangers' documents wait already.

    """
    if isinstance(shown, dict):
        require_modest(shown)
        return Asserted(shown, await proofs_of(shown, ports.hash_of, ports.now()))
    jwt = opened(shown)
    require_modest(jwt.document)
    require_all_signed({name: value for name, value in jwt.document.items() if name != "proof"})
    inside = await proofs_of(jwt.document, ports.hash_of, ports.now())
    return Asserted(jwt.document, [asserted_by_jwt(jwt), *inside])


async def signed(stated: Stated, assertions: Sequence[Assertion], ports: Ports) -> tuple[Step, Step]:
    """Return the steps proof and issuer: who signed it is only known when the proof holds."""
    nobody = Step("issuer", Outcome.UNKNOWN, _FAILED)
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
