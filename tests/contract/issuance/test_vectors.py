"""The cryptosuites' own test vectors and those of the standards below them, byte for byte."""

import base64
from pathlib import Path
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.issuance.errors import DroppedTerm, UnknownContext
from services.issuance.jsonld.canonical import canonical_bytes, hash_of
from services.issuance.jsonld.contexts import Terms, context
from services.issuance.jsonld.jcs import jcs
from services.issuance.keys.multikey import P256, algorithm_of, base58btc, from_base58btc, key_of, multikey
from services.issuance.keys.signer import KeySigner
from services.issuance.proofs.proof import holds, options_for
from services.issuance.proofs.suites import SUITES
from services.issuance.proofs.vcjwt import opened

GIVEN: dict[str, Any] = orjson.loads((Path(__file__).parent / "vectors" / "cryptosuites.json").read_bytes())
DOCUMENT, CREATED = GIVEN["document"], GIVEN["created"]
_EXAMPLES = "https://www.w3.org/ns/credentials/examples"
vectors = pytest.mark.parametrize(
    "vector", GIVEN["vectors"], ids=lambda vector: f"{vector['suite']} {vector['public']}"
)


def contexts(url: object) -> Terms:
    """Return our contexts, and the one of examples."""
    if url == f"{_EXAMPLES}/v2":
        return {name: f"{_EXAMPLES}#{name}" for name in ("AlumniCredential", "alumniOf")}
    return context(url)


def signer_of(vector: dict[str, Any]) -> KeySigner:
    """Return the signer of a vector's secret key, which has two bytes of a multicodec before it."""
    secret = from_base58btc(vector["secret"])[2:]
    public = key_of(vector["public"])
    if vector["suite"].startswith("eddsa"):
        return KeySigner(Ed25519PrivateKey.from_private_bytes(secret))
    curve = SECP256R1() if algorithm_of(public) == P256 else SECP384R1()
    return KeySigner(derive_private_key(int.from_bytes(secret), curve))


def options_of(vector: dict[str, Any]) -> dict[str, Any]:
    return options_for(DOCUMENT, SUITES[vector["suite"]], created=CREATED, method=vector["method"])


@vectors
def test_we_sign_the_same_bytes(vector: dict[str, Any]) -> None:
    signer, options = signer_of(vector), options_of(vector)

    content = hash_of(DOCUMENT, options, contexts)

    assert multikey(signer.public_key) == vector["public"]
    assert content.hex().endswith(vector["hash"])
    assert base58btc(signer.sign(content)) == vector["proofValue"]


@vectors
def test_we_believe_them_and_nothing_that_differs(vector: dict[str, Any]) -> None:
    proof = {**options_of(vector), "proofValue": vector["proofValue"]}
    key = key_of(vector["public"])
    other = KeySigner(Ed25519PrivateKey.from_private_bytes(bytes(32))).public_key

    def believed(document: dict[str, Any], proof: dict[str, Any], key: bytes) -> bool:
        return holds(proof, hash_of(document, proof, contexts), key)

    assert believed(DOCUMENT, proof, key)
    assert not believed({**DOCUMENT, "name": "Alumni credential"}, proof, key)
    assert not believed(DOCUMENT, {**proof, "created": "2023-02-24T23:36:39Z"}, key)
    assert not believed(DOCUMENT, {**proof, "proofValue": proof["proofValue"][:-1]}, key)
    assert not believed(DOCUMENT, proof, other)


@vectors
def test_a_term_that_no_context_defines_is_refused_by_every_suite(vector: dict[str, Any]) -> None:
    options = options_of(vector)
    for document, proof in (({**DOCUMENT, "unheard": "x"}, options), (DOCUMENT, {**options, "unheard": "x"})):
        with pytest.raises(DroppedTerm, match="unheard: is not a term"):
            hash_of(document, proof, contexts)
    with pytest.raises(UnknownContext):
        hash_of(DOCUMENT, options)


def test_the_graph_is_the_one_of_the_vectors() -> None:
    lines = canonical_bytes(DOCUMENT, contexts).decode().splitlines()

    assert (
        '<did:example:abcdefgh> <https://www.w3.org/ns/credentials/examples#alumniOf> "The School of Examples" .'
        in lines
    )
    assert len(lines) == 8


@pytest.mark.parametrize(
    ("value", "text"),
    [
        # RFC 8785, section 3.2.2 and 3.2.3
        (
            {
                "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
                "string": '\u20ac$\u000f\nA\'B"\\\\"/',
                "literals": [None, True, False],
            },
            (
                '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
                '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
            ),
        ),
        (
            {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7},
            '{"\\r":2,"1":4,"\x80":6,"\xf6":7,"\u20ac":1,"\U0001f600":5,"\ufb33":3}',
        ),
    ],
)
def test_canonical_json_is_that_of_rfc_8785(value: Any, text: str) -> None:
    assert jcs(value) == text.encode()


def test_a_signature_is_that_of_rfc_8037() -> None:
    secret = base64.urlsafe_b64decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=")
    content = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"

    signature = base64.urlsafe_b64encode(KeySigner(Ed25519PrivateKey.from_private_bytes(secret)).sign(content))

    expected = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    assert signature.rstrip(b"=").decode() == expected


def test_a_header_of_rfc_7515_names_no_key_and_is_refused() -> None:
    text = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UifQ.AA"

    with pytest.raises(Exception, match="header: names no key"):
        opened(text)
