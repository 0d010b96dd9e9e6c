"""Data integrity proofs, made, checked, and made wrong in every way that matters."""

import copy
from typing import Any

import pytest

from services.issuance.jsonld.contexts import CREDENTIALS_V2, OPEN_BADGES
from services.issuance.keys.signer import KeySigner
from services.issuance.proofs.proof import with_proof
from services.issuance.proofs.suites import ECDSA_RDFC, EDDSA_JCS, EDDSA_RDFC, Suite
from tests.unit.issuance.proving import CREATED, ED, P256, badge, method, proved, suites, verdict


@suites
async def test_a_proof_of_each_suite_holds_until_anything_changes(suite: Suite, signer: KeySigner) -> None:
    document = proved(suite, signer)
    changed = copy.deepcopy(document)
    changed["credentialSubject"]["achievement"]["criteria"]["narrative"] = "Weave two."
    later = copy.deepcopy(document)
    later["proof"][0]["created"] = "2026-03-02T09:30:01Z"

    assert await verdict(document) == (
        "proof passed",
        f"Nothing in it was changed since its issuer signed it ({suite.name}).",
    )
    assert (await verdict(changed))[0] == (await verdict(later))[0] == "proof failed"


@suites
async def test_the_same_content_is_signed_alike_every_time(suite: Suite, signer: KeySigner) -> None:
    assert proved(suite, signer) == proved(suite, signer)


@suites
async def test_a_member_that_no_context_defines_is_refused(suite: Suite, signer: KeySigner) -> None:
    document = {**proved(suite, signer), "unheard": "x"}

    assert await verdict(document) == (
        "format failed",
        (
            "This is not a credential that can be checked: unheard: "
            "is not a term of the document's contexts, so no signature covers it."
        ),
    )


async def test_each_proof_of_a_set_must_hold_if_it_is_the_issuers() -> None:
    both = proved(EDDSA_JCS, document=proved(ECDSA_RDFC, P256))
    broken = copy.deepcopy(both)
    broken["proof"][1]["created"] = "2026-03-02T09:30:01Z"

    assert (await verdict(both))[1].endswith("(ecdsa-rdfc-2019, eddsa-jcs-2022).")
    assert (await verdict(broken))[0] == "proof failed"


async def test_what_others_prove_or_nobody_knows_takes_nothing_from_the_issuers_word() -> None:
    document = proved()
    others = [
        {**document["proof"][0], "verificationMethod": "did:web:other.example#key"},
        {**document["proof"][0], "proofPurpose": "authentication"},
        {"type": "DataIntegrityProof", "cryptosuite": "bbs-2023", "proofValue": "u"},
    ]

    assert (await verdict({**document, "proof": [*others, *document["proof"]]}))[0] == "proof passed"
    for other in others:
        assert (await verdict({**document, "proof": other}))[0] == "proof failed"


@pytest.mark.parametrize("proof", ["text", [[]], [{}] * 9], ids=["text", "list", "nine"])
async def test_what_is_no_proof_is_refused(proof: Any) -> None:
    assert (await verdict({**badge(), "proof": proof}))[0] == "format failed"


async def test_a_suite_takes_no_key_of_another_algorithm() -> None:
    document = proved()
    document["proof"][0]["verificationMethod"] = method(P256)
    other = {**proved()["proof"][0], "cryptosuite": "ecdsa-rdfc-2019"}
    value = with_proof(badge(), ED, created=CREATED, method=method(ED), suite=ECDSA_RDFC)["proof"]

    assert (await verdict(document))[0] == "proof failed"
    assert (await verdict({**badge(), "proof": other}))[0] == "proof failed"
    assert (await verdict({**badge(), "proof": value}))[0] == "proof failed"


async def test_a_proof_must_not_bring_contexts_of_its_own() -> None:
    for suite in (EDDSA_RDFC, EDDSA_JCS):
        document = proved(suite)
        document["proof"][0]["@context"] = [CREDENTIALS_V2]
        assert (await verdict(document))[1].endswith("proof.@context: differs from the document's.")


async def test_a_context_that_is_not_the_one_that_was_meant_is_told() -> None:
    resource = {"id": OPEN_BADGES, "digestSRI": f"sha256-{'A' * 43}="}

    step, words = await verdict(proved(document=badge(relatedResource=resource)))

    assert step == "schema failed"
    assert "digest of something else" in words


async def test_a_suite_whose_name_is_misspelled_is_none() -> None:
    """Open Badges' own examples were published with it; no verifier knows what it would mean."""
    document = proved()
    document["proof"][0]["cryptosuite"] = "eddsa-rdf-2022"

    step, words = await verdict(document)

    assert step == "proof failed"
    assert "no proof of a kind that is known here" in words
