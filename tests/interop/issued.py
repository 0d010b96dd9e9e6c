"""What is handed to the peers: credentials of every shape with every proof, and all that they may look up."""

from collections.abc import Iterator
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from services.issuance.credential import slots_of
from services.issuance.jsonld.contexts import KNOWN, context
from services.issuance.jsonld.skeleton import prepared as with_slots
from services.issuance.jsonld.skeleton import values_of
from services.issuance.keys.jwk import fragment_of
from services.issuance.keys.multikey import multikey
from services.issuance.keys.signer import KeySigner
from services.issuance.proofs.proof import secured, with_proof
from services.issuance.proofs.suites import ECDSA_RDFC, EDDSA_JCS, EDDSA_RDFC, Suite
from services.issuance.status import bits_with, encoded, list_skeleton
from tests.unit.issuance.builders import NAMES, SIGNER
from tests.unit.issuance.shapes import issued_as

Document = dict[str, Any]
ISSUER = NAMES.issuer("ou")
CREATED = "2026-03-02T10:30:00Z"
P256 = KeySigner(derive_private_key(2026, SECP256R1()))
RSA = KeySigner(generate_private_key(65537, 2048))
SUITES: dict[str, tuple[Suite, KeySigner]] = {
    EDDSA_RDFC.name: (EDDSA_RDFC, SIGNER),
    ECDSA_RDFC.name: (ECDSA_RDFC, P256),
    EDDSA_JCS.name: (EDDSA_JCS, SIGNER),
}


def with_suite(shape: str, suite: str) -> Document:
    """Return a credential of a shape with one proof of a suite."""
    unsecured = {name: value for name, value in issued_as(shape).items() if name != "proof"}
    cryptosuite, signer = SUITES[suite]
    return with_proof(unsecured, signer, created=CREATED, method=method(signer), suite=cryptosuite)


def prepared(shape: str, suite: str) -> Document:
    """Return a credential of a shape, signed the short way, as the service signs those for passes."""
    issued = issued_as(shape)
    unsecured = {name: value for name, value in issued.items() if name != "proof"}
    slots = slots_of(unsecured)
    skeleton = with_slots(unsecured, slots)
    cryptosuite, signer = SUITES[suite]
    values = values_of(unsecured, slots)
    return orjson.loads(  # type: ignore[no-any-return]
        secured(skeleton, values, signer, created=CREATED, method=method(signer), suite=cryptosuite)
    )


def method(signer: KeySigner) -> str:
    """Return the name of a key of the issuer."""
    return f"{ISSUER}#{fragment_of(signer.public_key)}"


def documents() -> Document:
    """Return what may be looked up, by URL: contexts, the issuer and its keys; status lists are added one by one."""
    contexts = {url: {"@context": context(url)} for url in KNOWN}
    methods = [
        {"id": method(each), "type": "Multikey", "controller": ISSUER, "publicKeyMultibase": multikey(each.public_key)}
        for each in (SIGNER, P256)
    ]
    issuer = {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": ISSUER,
        "verificationMethod": methods,
        "assertionMethod": [each["id"] for each in methods],
    }
    loose = {each["id"]: {"@context": "https://w3id.org/security/multikey/v1", **each} for each in methods}
    return {**contexts, **loose, ISSUER: issuer, "https://localhost:8003/issuers/ou/did.json": issuer}


def status_list(credential: Document, *, revoked: bool = False) -> Document:
    """Return the status list that a credential names, by its URL."""
    entry = credential["credentialStatus"]
    url = entry["statusListCredential"]
    values = {
        "id": url,
        "issuer": ISSUER,
        "valid_from": CREATED,
        "subject": f"{url}#list",
        "encoded": encoded(bits_with([int(entry["statusListIndex"])] if revoked else [])),
    }
    return {url: orjson.loads(secured(list_skeleton(), values, SIGNER, created=CREATED, method=method(SIGNER)))}


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of every text in a document."""
    if isinstance(value, str):
        yield path
    for key, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from leaves(each, (*path, key))


def with_other_text(document: Document, path: tuple[str | int, ...]) -> Document:
    """Return a copy in which the last character of one text is another one."""
    copied: Document = orjson.loads(orjson.dumps(document))
    node: Any = copied
    for step in path[:-1]:
        node = node[step]
    text = node[path[-1]]
    node[path[-1]] = f"{text[:-1]}{'b' if text.endswith('a') else 'a'}"
    return copied
