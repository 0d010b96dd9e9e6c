"""Checking any verifiable credential, and the presentations that hold them. Pure but for the verifier's ports.

Sources: Verifiable Credentials Data Model 2.0, sections 4.13 and 7.1; Data Integrity 1.0, section 4.4 (challenge,
domain, purpose).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.issuance.checking.ports import Ports
from services.issuance.checking.report import Outcome, Step
from services.issuance.checking.stated import Stated, as_badge, id_of, plain
from services.issuance.errors import CheckOverrun, KeyUnknown
from services.issuance.interfaces.datamodel import ENVELOPED, require_credential
from services.issuance.interfaces.values import moment_in
from services.issuance.jsonld.terms import listed
from services.issuance.proofs.proof import holds
from services.issuance.proofs.suites import suite_of

Document = dict[str, Any]
_BADGES = {"AchievementCredential", "OpenBadgeCredential"}


@dataclass(frozen=True, slots=True)
class Expected:
    """What the verifier asked the holder to sign; empty: nothing."""

    challenge: str = ""
    domain: str = ""


def as_credential(document: Document) -> tuple[Stated, Step]:
    """Return what a verifiable credential states; an Open Badge has to say what one must, too.

    Raises:
        CredentialRefused: it is none.

    """
    require_credential(document)
    if _BADGES & set(listed(document["type"])):
        return as_badge(document)
    words = "It says all that a verifiable credential must say; no schema of its own was applied."
    return plain(document), Step("schema", Outcome.PASSED, words)


async def fault_of_presentation(document: Document, expected: Expected, ports: Ports) -> str:
    """Return what is wrong with the proofs of a presentation, or nothing; its credentials are checked one by one.

    Raises:
        CredentialRefused: something in it would not be covered by its proof.

    """
    faults = [await _fault_of_proof(document, proof, expected, ports) for proof in listed(document["proof"])]
    return next(filter(None, faults), "")


async def _fault_of_proof(document: Document, proof: Document, expected: Expected, ports: Ports) -> str:
    if fault := _fault(proof, expected, ports.now):
        return fault
    method = str(proof.get("verificationMethod"))
    owner = method.partition("#")[0]
    if owner != (id_of(document.get("holder")) or owner):
        return "Its proof names the key of somebody else than its holder."
    try:
        content = await ports.hash_of(document, proof)
        held = holds(proof, content, await ports.key_of(owner, method))
    except KeyUnknown as error:
        return f"The holder's key is not known here: {error}."
    except CheckOverrun as error:
        return f"No honest presentation is built like this: {error}."
    return "" if held else "It was changed after it was signed, or somebody else than its holder signed it."


def fault_of_holder(document: Document, credential: Document) -> str:
    """Return what is wrong where the holder is the issuer of a credential that nothing else secures (4.13.4)."""
    if "proof" in credential or ENVELOPED in listed(credential["type"]):
        return ""
    holder = id_of(document.get("holder"))
    same = holder is not None and holder == id_of(credential.get("issuer"))
    return "" if same else "It holds a credential that nobody secured, and whose issuer is not the holder."


def _fault(proof: Document, expected: Expected, now: Callable[[], datetime]) -> str:
    if suite_of(proof) is None:
        return "It carries a proof of a kind that is not known here."
    if proof.get("type") != "DataIntegrityProof" or proof.get("proofPurpose") != "authentication":
        return "Its proof was not made to authenticate a holder."
    if "previousProof" in proof:
        return "Its proof depends on another one."
    for name, wanted in (("challenge", expected.challenge), ("domain", expected.domain)):
        if wanted != "" and wanted not in listed(proof.get(name)):
            return f"Its proof answers another {name} than the one that was asked."
    ends = moment_in(proof, "expires")
    return "Its proof has expired." if ends and ends <= now() else ""
