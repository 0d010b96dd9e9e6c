"""What makes a document a verifiable credential or presentation: each MUST of the specification that its form shows.

Pure. Source: Verifiable Credentials Data Model 2.0, sections 4 and 5; the section stands beside each rule. Whether its
terms are defined and signed is `jsonld/terms.py`'s part, and what its contexts are `checking/screen.py`'s.
"""

from typing import Any

from services.issuance.errors import CredentialRefused
from services.issuance.interfaces.resources import require_resources
from services.issuance.interfaces.values import (
    moment_in,
    objects_in,
    require_context,
    require_identifiers,
    require_texts,
    require_types,
    require_url,
)

Document = dict[str, Any]

ENVELOPED = "EnvelopedVerifiableCredential"
_TYPED = ("credentialStatus", "credentialSchema", "termsOfUse", "evidence", "refreshService")


def require_credential(document: Document) -> None:
    """Refuse what is no verifiable credential, secured or not.

    Raises:
        CredentialRefused: with the path of the member at fault.

    """
    require_context(document)  # 4.3
    require_types(document, "", "VerifiableCredential")  # 4.5
    require_identifiers(document)  # 4.4
    require_texts(document, "", "name", "description")  # 4.6
    _require_issuer(document)
    _require_subject(document)
    _require_period(document)
    _require_typed(document)
    require_resources(document)  # 5.3


def require_presentation(document: Document) -> None:
    """Refuse what is no verifiable presentation, secured or not (4.13).

    Raises:
        CredentialRefused: with the path of the member at fault.

    """
    require_context(document)
    require_types(document, "", "VerifiablePresentation")
    require_identifiers({name: each for name, each in document.items() if name != "verifiableCredential"})
    if "holder" in document:
        require_party(document["holder"], "holder")
    for path, each in objects_in(document, "verifiableCredential"):
        require_types(each, path, "VerifiableCredential", ENVELOPED)
    _require_typed(document)


def require_proof(document: Document) -> None:
    """Refuse a document that nothing secures (4.12)."""
    if "proof" not in document:
        raise CredentialRefused("proof", "is missing: it is not secured, so there is nothing to verify")
    for path, each in objects_in(document, "proof"):
        require_types(each, path)


def require_party(value: object, path: str) -> None:
    """Refuse who is named by neither a URL nor an object with one as its id (4.7)."""
    if not isinstance(value, dict):
        require_url(value, path)
        return
    if "id" not in value:
        raise CredentialRefused(f"{path}.id", "is missing")
    require_url(value["id"], f"{path}.id")
    require_texts(value, path, "name", "description")


def _require_issuer(document: Document) -> None:
    if "issuer" not in document:
        raise CredentialRefused("issuer", "is missing")
    require_party(document["issuer"], "issuer")


def _require_subject(document: Document) -> None:
    """4.8: each subject is the subject of one or more claims."""
    if "credentialSubject" not in document:
        raise CredentialRefused("credentialSubject", "is missing")
    for path, each in objects_in(document, "credentialSubject"):
        if not each.keys() - {"id"}:
            raise CredentialRefused(path, "claims nothing")
        require_texts(each, path, "name", "description")


def _require_period(document: Document) -> None:
    """4.9."""
    begins, ends = moment_in(document, "validFrom"), moment_in(document, "validUntil")
    if begins and ends and ends < begins:
        raise CredentialRefused("validUntil", "is before validFrom")


def _require_typed(document: Document) -> None:
    """4.10, 4.11, 5.4 to 5.6: what says how to go on says of which kind it is."""
    for name in _TYPED:
        for path, each in objects_in(document, name):
            require_types(each, path)
            if name == "credentialSchema" and "id" not in each:
                raise CredentialRefused(f"{path}.id", "is missing")
