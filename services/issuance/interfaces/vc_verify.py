"""Verifying as VC-API has it: what is no verifiable credential is refused, and what is one gets a verdict.

Sources: VCALM, sections on verifying a credential and a presentation.
"""

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from services.issuance.checking.checker import Checker
from services.issuance.checking.screen import MAX_BYTES, parsed, require_modest
from services.issuance.errors import CredentialRefused, CredentialTooLarge
from services.issuance.interfaces.datamodel import require_credential, require_presentation, require_proof
from services.issuance.interfaces.enveloped import fault_of_envelope, jwt_in, presentation_in
from services.issuance.interfaces.vc_answers import (
    CRYPTOGRAPHIC,
    Options,
    VcProblem,
    Verified,
    VerifiedPresentation,
    problem,
    verified,
)
from services.issuance.interfaces.verifying import (
    Expected,
    as_credential,
    fault_of_holder,
    fault_of_presentation,
)
from services.issuance.jsonld.terms import listed, require_all_signed
from services.issuance.proofs.vcjwt import opened

Document = dict[str, Any]
MAX_CREDENTIALS = 16
"""In one presentation; each costs a check of its own."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A credential that is to be verified, or a presentation, and what is to be told of it."""

    shown: Any
    options: Options


def asked_in(body: bytes) -> Asked | None:
    """Return what a body asks in VC-API's form, whether it has options or not, or None for any other body.

    Raises:
        CredentialRefused: it is VC-API's form, but its options are none.
        CredentialTooLarge: it has more bytes than a credential needs.

    """
    if not body.lstrip().startswith(b"{") or b'"verifiableCredential"' not in body:
        return None
    if len(body) > MAX_BYTES:
        raise CredentialTooLarge("body", f"has more than {MAX_BYTES} bytes; no credential is that large")
    document = parsed(body)
    if "verifiableCredential" not in document or "@context" in document:
        return None
    return Asked(document["verifiableCredential"], options_of(document.get("options", {})))


def options_of(value: object) -> Options:
    """Return the options of a request.

    Raises:
        CredentialRefused: one of them has a value that it cannot have.

    """
    try:
        return Options.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise CredentialRefused(".".join(map(str, ("options", *first["loc"]))), first["msg"]) from error


async def answered(checker: Checker, asked: Asked) -> Verified:
    """Return the verdict on a credential.

    Raises:
        CredentialRefused: it is no secured verifiable credential.
        CheckerBusy: too many are being checked.

    """
    shown, options = asked.shown, asked.options
    text = shown if isinstance(shown, str) else jwt_in(shown) if isinstance(shown, dict) else None
    if text is not None:
        document = opened(text).document
        require_credential(document)
        return verified(await checker.check_jwt(text, as_credential, endorsements=False), document, options, shown)
    if not isinstance(shown, dict):
        raise CredentialRefused("verifiableCredential", "is neither an object nor a JWT")
    require_credential(shown)
    require_proof(shown)
    require_modest(shown)
    require_all_signed({name: value for name, value in shown.items() if name != "proof"})
    return verified(await checker.check(shown, as_credential, endorsements=False), shown, options, shown)


async def presentation_answered(checker: Checker, asked: Asked, *, secured: bool) -> VerifiedPresentation:
    """Return the verdict on a presentation and on each credential in it; `secured` as the request says it is.

    Raises:
        CredentialRefused: it is no verifiable presentation, or holds what is no verifiable credential.
        CheckerBusy: too many are being checked.

    """
    shown, options = asked.shown, asked.options
    if not isinstance(shown, dict):
        raise CredentialRefused("verifiablePresentation", "is not an object")
    envelope = presentation_in(shown)
    if envelope is not None:
        shown = envelope.document
    require_presentation(shown)
    require_modest(shown)
    held = listed(shown.get("verifiableCredential", []))
    if len(held) > MAX_CREDENTIALS:
        raise CredentialRefused("verifiableCredential", f"holds more than {MAX_CREDENTIALS} credentials")
    fault = ""
    expected, ports = Expected(options.challenge or "", options.domain or ""), checker.errand.ports
    if envelope is not None:
        fault = await fault_of_envelope(envelope, expected, ports)
    elif secured:
        require_proof(shown)
        fault = await fault_of_presentation(shown, expected, ports)
    judged = [await _held(checker, each, shown, options) for each in held]
    found = [problem(CRYPTOGRAPHIC, fault)] if fault else []
    return VerifiedPresentation(
        verified=not fault and all(each.verified for each in judged),
        problemDetails=found,
        results={"presentation": _own(shown, found, options), "credentials": [_told(each) for each in judged]},
    )


async def _held(checker: Checker, credential: Document, presentation: Document, options: Options) -> Verified:
    if "proof" in credential or jwt_in(credential) is not None:
        return await answered(checker, Asked(credential, options))
    require_credential(credential)
    fault = fault_of_holder(presentation, credential)
    return Verified(verified=not fault, problemDetails=[problem(CRYPTOGRAPHIC, fault)] if fault else [])


def _own(presentation: Document, found: list[VcProblem], options: Options) -> Document:
    holds = not found
    told: Document = {"proof": [{"verified": holds, "input": each} for each in listed(presentation.get("proof", []))]}
    for name, value in (("challenge", options.challenge), ("domain", options.domain)):
        if value is not None:
            told[name] = {"verified": holds, "input": value}
    if "holder" in presentation:
        told["holder"] = {"verified": holds, "input": presentation["holder"]}
    return told


def _told(result: Verified) -> Document:
    return result.model_dump(exclude_none=True)
