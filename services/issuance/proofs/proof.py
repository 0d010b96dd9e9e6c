"""Data Integrity proofs: made on prepared documents in microseconds, on any other the long way, and checked.

Sources: Verifiable Credential Data Integrity 1.0, sections 4.2 (add proof) and 4.4 (verify proof); `suites.py`.
"""

from functools import cache

import orjson

from services.issuance.jsonld.canonical import Document, digest, hash_of
from services.issuance.jsonld.jcs import jcs
from services.issuance.jsonld.skeleton import Skeleton, Values, prepared
from services.issuance.jsonld.terms import listed
from services.issuance.keys.multikey import algorithm_of, base58btc, from_base58btc
from services.issuance.keys.signature import is_signature
from services.issuance.keys.signer import Signer
from services.issuance.proofs.suites import EDDSA_RDFC, Suite, suite_of, usual_suite

_SLOTS = {"created": ("created",), "method": ("verificationMethod",)}
#: Decoding base58 takes quadratic time; a P-384 signature has 133 characters.
_LONGEST = 140


def secured(  # noqa: PLR0913 - a signature's particulars
    skeleton: Skeleton, values: Values, signer: Signer, *, created: str, method: str, suite: Suite | None = None
) -> bytes:
    """Return a prepared document with its proof, as JSON; `proof` is an array, as the Open Badges 3.0 schema has it.

    Raises:
        KeyUnknown: no suite is signed with the signer's algorithm.
        SkeletonUnfit: a value does not fit its slot.

    """
    suite = suite or usual_suite(signer.algorithm)
    proof = options_for(skeleton.constant, suite, created=created, method=method)
    content = hash_of_prepared(skeleton, values, created=created, method=method, suite=suite)
    proof["proofValue"] = base58btc(signer.sign(content))
    return b'%b,"proof":[%b]}' % (skeleton.text(values)[:-1], orjson.dumps(proof))


def with_proof(
    document: Document, signer: Signer, *, created: str, method: str, suite: Suite | None = None
) -> Document:
    """Return any document with one proof more.

    Raises:
        KeyUnknown: no suite is signed with the signer's algorithm.
        CredentialRefused: something in the document would not be covered.

    """
    proof = options_for(document, suite or usual_suite(signer.algorithm), created=created, method=method)
    value = base58btc(signer.sign(hash_of(document, proof)))
    return {**document, "proof": [*listed(document.get("proof", [])), {**proof, "proofValue": value}]}


def hash_of_prepared(
    skeleton: Skeleton, values: Values, *, created: str, method: str, suite: Suite = EDDSA_RDFC
) -> bytes:
    """Return what the proof of a prepared document signs, 64 bytes."""
    if not suite.graph:
        document = skeleton.document(values)
        return digest(jcs(options_for(document, suite, created=created, method=method))) + digest(jcs(document))
    options = _prepared_options(tuple(skeleton.constant["@context"]), suite)
    return digest(options.canonical({"created": created, "method": method})) + digest(skeleton.canonical(values))


def options_for(document: Document, suite: Suite, *, created: str, method: str) -> Document:
    """Return a proof without its value; where JSON itself is signed, its contexts are signed with it."""
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": suite.name,
        "created": created,
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    return options if suite.graph else {**options, "@context": document["@context"]}


def holds(proof: Document, content: bytes, public_key: bytes) -> bool:
    """Tell whether a proof's value is this key's signature of the content, by an algorithm of the proof's suite."""
    suite, value = suite_of(proof), proof.get("proofValue")
    if suite is None or algorithm_of(public_key) not in suite.algorithms:
        return False
    if not isinstance(value, str) or len(value) > _LONGEST:
        return False
    try:
        return is_signature(from_base58btc(value), content, public_key)
    except ValueError:
        return False


@cache
def _prepared_options(contexts: tuple[str, ...], suite: Suite) -> Skeleton:
    document = {"@context": list(contexts)}
    return prepared({**document, **options_for(document, suite, created="", method="")}, _SLOTS)
