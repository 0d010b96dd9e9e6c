"""Canonical bytes of a document: JSON-LD to RDF to RDFC-1.0 N-Quads, and the hash that a proof signs.

Sources: RDF Dataset Canonicalization 1.0; Data Integrity EdDSA Cryptosuites 1.0, section 3.2 (eddsa-rdfc-2022).
This is the general path, for any document: some milliseconds, and far more for a hostile one, while it holds the
interpreter's lock. Strangers' documents come here in a process of their own only (`sandbox.py`).
"""

import hashlib
from typing import Any

import orjson
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse

from services.issuance.contexts import context
from services.issuance.errors import CredentialRefused
from services.issuance.terms import listed, require_all_signed

Document = dict[str, Any]


def canonical_bytes(document: Document) -> bytes:
    """Return the document's canonical N-Quads (RDFC-1.0 with SHA-256).

    Raises:
        DroppedTerm: something in it would not be covered.
        UnknownContext: it names a context that is not built in.
        CredentialRefused: it is not JSON-LD.

    """
    dataset = Dataset(quads_of(document))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return "".join(sorted(f"{quad} .\n" for quad in dataset)).encode()


def quads_of(document: Document) -> list[Quad]:
    """Return the document's statements, after a look that none would be left out."""
    require_all_signed(document)
    try:
        return list(parse(orjson.dumps(_inlined(document)), format=RdfFormat.JSON_LD))
    except SyntaxError as error:
        raise CredentialRefused("", f"not JSON-LD: {error}") from error


def hash_of(document: Document, proof: Document) -> bytes:
    """Return what eddsa-rdfc-2022 signs: SHA-256 of the proof options, then SHA-256 of the unsecured document.

    `document` is the document with or without its proofs, `proof` one of them with or without its value.
    """
    unsecured = {key: value for key, value in document.items() if key != "proof"}
    options = {key: value for key, value in proof.items() if key != "proofValue"}
    options["@context"] = document.get("@context", [])
    return digest(canonical_bytes(options)) + digest(canonical_bytes(unsecured))


def digest(content: bytes) -> bytes:
    """Return the SHA-256 of bytes."""
    return hashlib.sha256(content).digest()


def _inlined(value: Any) -> Any:
    """Return the document with the contexts in place of their URLs: the parser fetches nothing."""
    if isinstance(value, list):
        return [_inlined(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: [context(url) for url in listed(each)] if key == "@context" else _inlined(each)
        for key, each in value.items()
    }
