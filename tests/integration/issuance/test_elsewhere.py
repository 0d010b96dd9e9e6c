"""Issuers and status lists elsewhere, on a real server: believed when they are right, told apart when they are not."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.issuance.jsonld.canonical import hash_of
from services.issuance.jsonld.contexts import CREDENTIALS_V2
from services.issuance.keys.jwk import jwk
from services.issuance.keys.multikey import base58btc, did_key, multikey
from services.issuance.keys.signer import KeySigner
from services.issuance.proofs.vcjwt import signed_jwt
from services.issuance.status import bits_with, encoded
from tests.integration.issuance.test_strangers import badge
from tests.integration.issuance.webserver import Stranger, stranger
from tests.unit.issuance.desk import Service, started
from tests.unit.issuance.test_forms import chunk, picture

Document = dict[str, Any]
SIGNER = KeySigner(Ed25519PrivateKey.from_private_bytes(bytes(reversed(range(32)))))


@pytest.fixture
async def issuance(tmp_path: Path) -> AsyncIterator[Service]:
    service = await started(tmp_path, fetch_private=True, fetch_deadline_s=1.0)
    yield service
    await service.app.state.desk.checker.sandbox.close()


@pytest.fixture
async def server() -> AsyncIterator[Stranger]:
    async with stranger() as made:
        made.serves("/.well-known/did.json", orjson.dumps(page(did(made))))
        yield made


def did(server: Stranger) -> str:
    return f"did:web:127.0.0.1%3A{server.port}"


def page(name: str, **method: Any) -> Document:
    """Return a DID document with one key."""
    key = {"id": "#key-1", "type": "Multikey", "controller": name, "publicKeyMultibase": multikey(SIGNER.public_key)}
    return {"id": name, "verificationMethod": [{**key, **method}], "assertionMethod": ["#key-1"]}


def signed(document: Document, server: Stranger, issuer: str = "") -> Document:
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-03-02T09:30:00Z",
        "verificationMethod": f"{issuer or did(server)}#key-1",
        "proofPurpose": "assertionMethod",
    }
    return {**document, "proof": {**options, "proofValue": base58btc(SIGNER.sign(hash_of(document, options)))}}


def credential(server: Stranger, **members: Any) -> Document:
    """Return a credential of the stranger, with an entry in its list."""
    status = {
        "id": f"{server.url}/status/1#5",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "5",
        "statusListCredential": f"{server.url}/status/1",
    }
    issuer = {"id": did(server), "type": ["Profile"], "name": "Elsewhere"}
    return badge(**{"issuer": issuer, "credentialStatus": status, **members})


def status_list(server: Stranger, *indexes: int, **members: Any) -> Document:
    return {
        "@context": [CREDENTIALS_V2],
        "id": f"{server.url}/status/1",
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did(server),
        "validFrom": "2026-03-02T09:30:00Z",
        "credentialSubject": {
            "id": f"{server.url}/status/1#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded(bits_with(indexes)),
        },
        **members,
    }


async def codes(service: Service, shown: bytes) -> tuple[bool, list[str]]:
    async with service.client() as client:
        answer = await client.post("/credentials/verify", content=shown, headers={"Content-Type": "x/y"})
    assert answer.status_code == 200, answer.text
    return answer.json()["verified"], [step["code"] for step in answer.json()["steps"]]


async def test_a_stranger_is_checked_to_the_last_step(issuance: Service, server: Stranger) -> None:
    server.serves("/status/1", orjson.dumps(signed(status_list(server, 4, 6), server)))

    verified, seen = await codes(issuance, orjson.dumps(signed(credential(server), server)))

    assert verified
    assert seen == [f"{step}_passed" for step in ("format", "schema", "proof", "issuer", "dates", "status")]


async def test_a_credential_is_taken_from_its_address_in_any_form(issuance: Service, server: Stranger) -> None:
    server.serves("/status/1", orjson.dumps(signed(status_list(server), server)))
    document = orjson.dumps(signed(credential(server), server))
    server.serves("/json", document)
    server.serves("/jwt", signed_jwt(credential(server), SIGNER, f"{did(server)}#key-1").encode())
    server.serves("/png", picture(chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0" + document)))

    for form in ("json", "jwt", "png"):
        verified, seen = await codes(issuance, orjson.dumps({"url": f"{server.url}/{form}"}))
        assert verified, (form, seen)


async def test_a_list_that_does_not_say_since_when_has_begun(issuance: Service, server: Stranger) -> None:
    listed = status_list(server, 5)
    del listed["validFrom"]
    server.serves("/status/1", orjson.dumps(signed(listed, server)))

    _, seen = await codes(issuance, orjson.dumps(signed(credential(server), server)))

    assert seen[5] == "revoked"


async def test_a_revoked_one_is_told_by_its_code(issuance: Service, server: Stranger) -> None:
    server.serves("/status/1", orjson.dumps(signed(status_list(server, 5), server)))

    verified, seen = await codes(issuance, orjson.dumps(signed(credential(server), server)))

    assert not verified
    assert seen[5] == "revoked"


async def test_a_suspended_one_is_told_by_its_code(issuance: Service, server: Stranger) -> None:
    listed = status_list(server, 5)
    listed["credentialSubject"]["statusPurpose"] = "suspension"
    server.serves("/status/1", orjson.dumps(signed(listed, server)))
    document = credential(server)
    document["credentialStatus"]["statusPurpose"] = "suspension"

    _, seen = await codes(issuance, orjson.dumps(signed(document, server)))
    _, other = await codes(issuance, orjson.dumps(signed(credential(server), server)))

    assert seen[5] == "suspended"
    assert other[5] == "status_unknown"


@pytest.mark.parametrize(("indexes", "code"), [((4,), "status_passed"), ((5,), "revoked")])
async def test_a_list_may_be_a_jwt(issuance: Service, server: Stranger, indexes: tuple[int, ...], code: str) -> None:
    server.serves("/status/1", signed_jwt(status_list(server, *indexes), SIGNER, f"{did(server)}#key-1").encode())

    _, seen = await codes(issuance, orjson.dumps(signed(credential(server), server)))

    assert seen[5] == code


async def test_a_list_that_does_not_answer_is_unreachable(issuance: Service, server: Stranger) -> None:
    server.serves("/status/1", b"", status="503 Later")

    verified, seen = await codes(issuance, orjson.dumps(signed(credential(server), server)))

    assert not verified
    assert seen[4:] == ["dates_passed", "status_unreachable"]


async def test_an_issuer_that_does_not_answer_is_unreachable(issuance: Service, server: Stranger) -> None:
    del server.answers["/.well-known/did.json"]

    _, seen = await codes(issuance, orjson.dumps(signed(credential(server), server)))

    assert seen[2:4] == ["proof_unknown", "issuer_unreachable"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": did_key(SIGNER.public_key)},
        {"type": ["VerifiableCredential"]},
        {"validUntil": "2026-04-01T00:00:00Z"},
        {"validFrom": "2999-01-01T00:00:00Z"},
    ],
)
async def test_a_list_that_is_not_the_issuers_own_word_is_not_believed(
    issuance: Service, server: Stranger, wrong: Document
) -> None:
    server.serves("/status/1", orjson.dumps(signed(status_list(server, 5, **wrong), server)))

    _, seen = await codes(issuance, orjson.dumps(signed(credential(server), server)))

    assert seen[5] == "status_unknown"


async def test_a_list_that_was_changed_or_is_not_signed_is_not_believed(issuance: Service, server: Stranger) -> None:
    honest = signed(status_list(server, 5), server)
    changed = {**honest, "credentialSubject": {**honest["credentialSubject"], "encodedList": encoded(bits_with([]))}}
    for answer in (orjson.dumps(changed), orjson.dumps(status_list(server)), b"{", b"[]", b"\xff"):
        server.serves("/status/1", answer)
        issuance.app.state.desk.checker.fetcher._kept.clear()

        verified, seen = await codes(issuance, orjson.dumps(signed(credential(server), server)))

        assert not verified
        assert seen[5] == "status_unknown", answer[:40]


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "did:web:somebody.example"},
        {"assertionMethod": []},
        {"verificationMethod": []},
        {"verificationMethod": "x", "assertionMethod": "y"},
    ],
)
async def test_a_page_that_does_not_vouch_for_the_key_leaves_the_issuer_unknown(
    issuance: Service, server: Stranger, changes: Document
) -> None:
    server.serves("/.well-known/did.json", orjson.dumps({**page(did(server)), **changes}))

    _, seen = await codes(issuance, orjson.dumps(signed(credential(server), server)))

    assert seen[2:4] == ["proof_unknown", "issuer_unknown"]


@pytest.mark.parametrize("revoked", [{}, {"revoked": "2026-01-01T00:00:00Z"}])
async def test_a_key_may_stand_as_a_jwk_and_not_when_it_is_revoked(
    issuance: Service, server: Stranger, revoked: Document
) -> None:
    method = {"publicKeyMultibase": None, "publicKeyJwk": jwk(SIGNER.public_key), **revoked}
    server.serves("/.well-known/did.json", orjson.dumps(page(did(server), **method)))

    _, seen = await codes(issuance, orjson.dumps(signed(credential(server), server)))

    assert seen[3] == ("issuer_unknown" if revoked else "issuer_passed")


def at_address(server: Stranger, **changes: Any) -> tuple[str, Document]:
    """Return an issuer whose name is the address of its page, which is there with these changes, and its profile."""
    name = f"{server.url}/issuers/565049"
    server.serves("/issuers/565049", orjson.dumps({**page(name), **changes}))
    server.serves("/status/1", orjson.dumps(signed(status_list(server, issuer=name), server, name)))
    return name, {"id": name, "type": ["Profile"], "name": "Elsewhere"}


async def test_an_issuer_may_be_named_by_the_address_of_its_page(issuance: Service, server: Stranger) -> None:
    name, profile = at_address(server)
    document = credential(server, issuer=profile)

    for shown in (
        orjson.dumps(signed(document, server, name)),
        signed_jwt(document, SIGNER, f"{name}#key-1").encode(),
    ):
        verified, seen = await codes(issuance, shown)
        assert verified, seen


@pytest.mark.parametrize("changes", [{"id": "https://somebody.example/"}, {"id": None}, {"assertionMethod": []}])
async def test_an_address_that_does_not_vouch_for_the_key_leaves_the_issuer_unknown(
    issuance: Service, server: Stranger, changes: Document
) -> None:
    name, profile = at_address(server, **changes)

    _, seen = await codes(issuance, orjson.dumps(signed(credential(server, issuer=profile), server, name)))

    assert seen[2:4] == ["proof_unknown", "issuer_unknown"]


async def test_an_address_that_does_not_answer_is_unreachable(issuance: Service, server: Stranger) -> None:
    name, profile = at_address(server)
    del server.answers["/issuers/565049"]

    _, seen = await codes(issuance, orjson.dumps(signed(credential(server, issuer=profile), server, name)))

    assert seen[3] == "issuer_unreachable"


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"validFrom": "2999-01-01T00:00:00Z"}, "not_yet_valid"),
        ({"validUntil": "2026-04-01T00:00:00Z"}, "expired"),
    ],
)
async def test_dates_are_told_apart_by_their_codes(
    issuance: Service, server: Stranger, members: Document, code: str
) -> None:
    server.serves("/status/1", orjson.dumps(signed(status_list(server), server)))

    _, seen = await codes(issuance, orjson.dumps(signed(credential(server, **members), server)))

    assert seen[4] == code


async def test_no_stranger_can_send_us_to_where_only_we_can_reach(tmp_path: Path, server: Stranger) -> None:
    guarded = await started(tmp_path)

    _, seen = await codes(guarded, orjson.dumps(signed(credential(server), server)))
    await guarded.app.state.desk.checker.sandbox.close()

    assert seen[3] == "issuer_unreachable"
    assert server.heard == []
