"""Canonical bytes of a document: JSON-LD to RDF to RDFC-1.0 N-Quads, and the hash that a proof signs.

Sources: RDF Dataset Canonicalization 1.0; Data Integrity EdDSA Cryptosuites 1.0, sections 3.2 and 3.3; Data Integrity
ECDSA Cryptosuites 1.0, section 3.2. This is the general path, for any document: about a millisecond, and far more for a
hostile one, while it holds the interpreter's lock. Strangers' documents come here in a process of their own only
(`sandbox.py`).
"""

import hashlib
from typing import Any

import orjson
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad

from services.issuance.errors import CredentialRefused
from services.issuance.jsonld.contexts import context
from services.issuance.jsonld.fractions import quads_in
from services.issuance.jsonld.jcs import jcs
from services.issuance.jsonld.narrowing import names_in, narrowed
from services.issuance.jsonld.terms import Contexts, listed, require_all_signed
from services.issuance.proofs.suites import is_large_curve, suite_of

Document = dict[str, Any]

_RDFC = {256: CanonicalizationAlgorithm.RDFC_1_0_SHA_256, 384: CanonicalizationAlgorithm.RDFC_1_0_SHA_384}


def canonical_bytes(document: Document, contexts: Contexts = context, *, bits: int = 256) -> bytes:
    """Return the document's canonical N-Quads (RDFC-1.0 with SHA-256, or SHA-384 if `bits` says so).

    Raises:
        DroppedTerm: something in it would not be covered.
        UnknownContext: it names a context that is not built in.
        CredentialRefused: it is not JSON-LD.

    """
    dataset = Dataset(quads_of(document, contexts))
    dataset.canonicalize(_RDFC[bits])
    return "".join(sorted(f"{quad} .\n" for quad in dataset)).encode()


def quads_of(document: Document, contexts: Contexts = context) -> list[Quad]:
    """Return the document's statements, after a look that none would be left out."""
    require_all_signed(document, contexts)
    try:
        return quads_in(_inlined(document, contexts, names_in(document)))
    except (SyntaxError, orjson.JSONEncodeError) as error:
        raise CredentialRefused("", f"not JSON-LD: {error}") from error


def hash_of(document: Document, proof: Document, contexts: Contexts = context) -> bytes:
    """Return what a proof signs: the hash of its options, then the hash of the unsecured document.

    `document` is the document with or without its proofs, `proof` one of them with or without its value.

    Raises:
        CredentialRefused: a cryptosuite that is not known here, or something that the proof would not cover.

    """
    suite = suite_of(proof)
    if suite is None:
        raise CredentialRefused("proof.cryptosuite", f"{str(proof.get('cryptosuite'))[:80]!r} is not known here")
    unsecured = {key: value for key, value in document.items() if key != "proof"}
    options = {key: value for key, value in proof.items() if key != "proofValue"}
    in_context = {**options, "@context": unsecured.get("@context", [])}
    if "@context" in options and listed(options["@context"]) != listed(in_context["@context"]):
        raise CredentialRefused("proof.@context", "differs from the document's")
    if suite.graph:
        bits = 384 if is_large_curve(proof) else 256
        parts = [canonical_bytes(each, contexts, bits=bits) for each in (in_context, unsecured)]
        return b"".join(hashlib.new(f"sha{bits}", part).digest() for part in parts)
    for each in (in_context, unsecured):
        require_all_signed(each, contexts)
    return digest(jcs(options)) + digest(jcs(unsecured))


def digest(content: bytes) -> bytes:
    """Return the SHA-256 of bytes."""
    return hashlib.sha256(content).digest()


def _inlined(value: Any, contexts: Contexts, names: set[str]) -> Any:
    """Return the document with the contexts in place of their URLs: the parser fetches nothing."""
    if isinstance(value, list):
        return [_inlined(each, contexts, names) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: [narrowed(contexts, url, names) for url in listed(each)]
        if key == "@context"
        else _inlined(each, contexts, names)
        for key, each in value.items()
    }
