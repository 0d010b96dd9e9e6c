"""Strangers' credentials: checked in a process that can be killed, and is."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from services.issuance.errors import CheckerBusy, CheckOverrun, CredentialRefused, DroppedTerm
from services.issuance.jsonld.canonical import hash_of
from services.issuance.jsonld.sandbox import Sandbox
from services.issuance.keys.multikey import base58btc, did_key, multikey
from tests.unit.issuance.builders import SIGNER, passed, withdrawn
from tests.unit.issuance.desk import Service, outcomes, started
from tests.unit.issuance.strangers import badge_by

Document = dict[str, Any]


@pytest.fixture
async def issuance(tmp_path: Path) -> AsyncIterator[Service]:
    service = await started(tmp_path, check_deadline_s=1.0)
    yield service
    await service.app.state.desk.checker.sandbox.close()


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    made = Sandbox(deadline_s=1.0, waiting=1)
    yield made
    await made.close()


def signed(document: Document, **proof: Any) -> Document:
    """Return a document with a proof of the key that it names as its issuer."""
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-03-02T09:30:00Z",
        "verificationMethod": f"{did_key(SIGNER.public_key)}#{multikey(SIGNER.public_key)}",
        "proofPurpose": "assertionMethod",
        **proof,
    }
    return {**document, "proof": {**options, "proofValue": base58btc(SIGNER.sign(hash_of(document, options)))}}


def badge(**members: Any) -> Document:
    return badge_by(did_key(SIGNER.public_key), **members)


def poison(size: int) -> Document:
    """Return a credential with two groups of nodes that nothing tells apart: factorial work for a canonicaliser."""
    twin = {"type": ["Evidence"], "alignment": [{"type": ["Alignment"]} for _ in range(size)]}
    return {**badge(evidence=[twin, twin]), "proof": signed(badge())["proof"]}


@pytest.mark.parametrize("text", ["\ud800", 2**70])
async def test_what_has_no_one_json_is_refused_before_it_reaches_the_process(sandbox: Sandbox, text: object) -> None:
    with pytest.raises(CredentialRefused, match="no JSON that all readers take for the same"):
        await sandbox.hash_of(badge(name=text), {"cryptosuite": "eddsa-rdfc-2022"})


async def verdict(service: Service, document: Document) -> tuple[bool, list[str], str]:
    async with service.client() as client:
        answer = await client.post("/credentials/verify", content=orjson.dumps(document))
    assert answer.status_code == 200, answer.text
    return answer.json()["verified"], list(outcomes(answer)), answer.text


async def test_a_stranger_with_a_key_for_a_name_is_verified_and_the_words_say_what_that_is_worth(
    issuance: Service,
) -> None:
    verified, steps, words = await verdict(issuance, signed(badge()))

    assert verified
    assert steps == ["passed"] * 5 + ["skipped"]
    assert "a bare key, which anybody can make" in words


async def test_an_issuer_elsewhere_is_unknown_and_nothing_is_called_false(issuance: Service) -> None:
    elsewhere = {"id": "did:web:elsewhere.example", "type": ["Profile"]}

    verified, steps, words = await verdict(
        issuance, signed(badge(issuer=elsewhere), verificationMethod="did:web:elsewhere.example#key-1")
    )

    assert not verified
    assert steps == ["passed", "passed", "unknown", "unknown", "passed", "skipped"]
    assert "The issuer is not known here" in words


async def test_the_key_of_somebody_else_does_not_speak_for_the_issuer(issuance: Service) -> None:
    claimed = {"id": "did:web:localhost%3A8003:issuers:ou", "type": ["Profile"], "name": "Open University"}

    verified, steps, words = await verdict(issuance, signed(badge(issuer=claimed)))

    assert not verified
    assert steps[2:4] == ["failed", "unknown"]
    assert "the key of somebody else" in words


@pytest.mark.parametrize(
    ("members", "step", "words"),
    [
        ({"validFrom": "2999-01-01T00:00:00Z"}, "dates", "not valid yet: it begins on 01 January 2999"),
        ({"validUntil": "2026-04-01T00:00:00Z"}, "dates", "has expired: it ended on 01 April 2026"),
        ({"validUntil": "2020-01-01T00:00:00Z"}, "dates", "ends before it begins"),
        ({"validFrom": "yesterday"}, "schema", "validFrom"),
        ({"id": "no url"}, "format", "id: is not an absolute IRI"),
        ({"type": ["VerifiableCredential"]}, "schema", "type"),
        ({"unheard": "x"}, "format", "unheard: is not a term"),
    ],
)
async def test_the_step_that_fails_says_why(issuance: Service, members: Document, step: str, words: str) -> None:
    document = badge(**members)
    try:
        document = signed(document)
    except DroppedTerm:
        document = {**document, "proof": signed(badge())["proof"]}
    async with issuance.client() as client:
        answer = (await client.post("/credentials/verify", content=orjson.dumps(document))).json()

    [failed] = [each for each in answer["steps"] if each["outcome"] == "failed"]
    assert not answer["verified"]
    assert failed["step"] == step
    assert words in failed["words"]


async def test_a_status_list_elsewhere_is_unknown(issuance: Service) -> None:
    status = {
        "id": "https://elsewhere.example/status/1#5",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "5",
        "statusListCredential": "https://elsewhere.example/status/1",
    }

    verified, steps, words = await verdict(issuance, signed(badge(credentialStatus=status)))

    assert not verified
    assert steps == ["passed"] * 5 + ["unknown"]
    assert "cannot be found out" in words


async def test_no_changed_member_of_our_own_credential_passes(issuance: Service) -> None:
    issuance.hear(passed())
    document = issuance.document()

    for changed in _every_change(document):
        verified, steps, _ = await verdict(issuance, changed)
        assert not verified, changed
        assert "failed" in steps or "unknown" in steps


async def test_a_revoked_credential_is_not_saved_by_another_status_entry(issuance: Service) -> None:
    issuance.hear(passed(), withdrawn())
    document = issuance.document()
    document["credentialStatus"]["statusListIndex"] = "1"

    verified, steps, _ = await verdict(issuance, document)

    assert not verified
    assert steps[2] == "failed"


async def test_a_poisoned_document_is_cut_off_and_the_service_goes_on(issuance: Service) -> None:
    issuance.hear(passed())
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        loop = asyncio.get_running_loop()
        while True:
            before = loop.time()
            await asyncio.sleep(0.01)
            longest = max(longest, loop.time() - before)

    watching = asyncio.create_task(watch())
    (verified, steps, words), own = await asyncio.gather(
        verdict(issuance, poison(9)), verdict(issuance, issuance.document())
    )
    watching.cancel()

    assert not verified
    assert steps == ["failed"] + ["skipped"] * 5
    assert "more than 1 seconds" in words
    assert own[0]
    assert longest < 2.0
    assert (await verdict(issuance, signed(badge())))[0]


async def test_a_few_nodes_alike_are_no_poison(issuance: Service) -> None:
    twin = {"type": ["Evidence"], "alignment": [{"type": ["Alignment"]} for _ in range(3)]}

    assert (await verdict(issuance, signed(badge(evidence=[twin, twin]))))[0]


async def test_a_check_that_wants_too_much_memory_is_cut_off_long_before_its_deadline() -> None:
    sandbox = Sandbox(deadline_s=30.0)
    try:
        async with asyncio.timeout(15):
            with pytest.raises(CheckOverrun):
                await sandbox.hash_of(poison(14), signed(badge())["proof"])
        assert len(await sandbox.hash_of(badge(), signed(badge())["proof"])) == 64
    finally:
        await sandbox.close()


async def test_who_comes_when_the_line_is_full_is_told_to_come_again(sandbox: Sandbox) -> None:
    document, proof = poison(9), signed(badge())["proof"]

    results = await asyncio.gather(*(sandbox.hash_of(document, proof) for _ in range(3)), return_exceptions=True)

    assert [type(each) for each in results] == [CheckOverrun, CheckOverrun, CheckerBusy]


async def test_an_asker_who_leaves_does_not_leave_the_answer_to_the_next_one(sandbox: Sandbox) -> None:
    proof = signed(badge())["proof"]
    await sandbox.hash_of(badge(), proof)
    leaving = asyncio.create_task(sandbox.hash_of(poison(9), proof))
    await asyncio.sleep(0.1)
    leaving.cancel()

    assert await sandbox.hash_of(badge(name="next"), proof) == hash_of(badge(name="next"), proof)


def _every_change(value: Any) -> Any:
    """Yield the document with one text changed, one member taken away, or one added, for every place in it."""
    if isinstance(value, str):
        yield value[:-1] + ("0" if value[-1:] != "0" else "1")
    elif isinstance(value, list):
        for index, each in enumerate(value):
            for other in _every_change(each):
                yield [*value[:index], other, *value[index + 1 :]]
            yield [*value[:index], *value[index + 1 :]]
    elif isinstance(value, dict):
        yield {**value, "description": "added"}
        for key, each in value.items():
            for other in _every_change(each):
                yield {**value, key: other}
            yield {name: kept for name, kept in value.items() if name != key}
