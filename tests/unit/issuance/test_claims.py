"""A learner's own copy of a credential, made out to their address."""

import json
from dataclasses import replace
from typing import Any

import pytest

from services.issuance.jsonld.canonical import hash_of
from services.issuance.keys.ring import KeyRing
from services.issuance.keys.signer import Signer
from services.issuance.proofs.proof import holds
from services.issuance.recipient import identity_hash
from services.issuance.schema import require_official
from tests.unit.issuance.builders import passed, withdrawn
from tests.unit.issuance.desk import Service, outcomes

ASKED = {"email": "ada@example.org"}


def is_about(document: dict[str, Any], email: str) -> bool:
    identities = document["credentialSubject"].get("identifier", [])
    return any(
        each["identityType"] == "emailAddress" and each["identityHash"] == identity_hash(email, each.get("salt", ""))
        for each in identities
    )


def bearer(service: Service, tenant: str = "ou", *scopes: str) -> dict[str, str]:
    token = service.app.state.tokens.issue(tenant, scopes or ("credentials:claim",), "lms")
    return {"Authorization": f"Bearer {token}"}


async def claimed(service: Service, **more: Any) -> dict[str, Any]:
    credential = service.hear(passed()).credentials[0]
    async with service.client() as client:
        answer = await client.post(
            f"/v1/credentials/{credential.credential_id}/claim", json=ASKED | more, headers=bearer(service)
        )
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    document: dict[str, Any] = answer.json()
    return document


class Elsewhere:
    """A signer that has to be waited for: what it was not asked for before, it signs with zeros."""

    def __init__(self, signer: Signer) -> None:
        self.public_key, self.algorithm = signer.public_key, signer.algorithm
        self._signer, self._wanted, self._known = signer, set[bytes](), set[bytes]()

    def sign(self, content: bytes) -> bytes:
        self._wanted.add(content)
        return self._signer.sign(content) if content in self._known else bytes(64)

    async def settle(self) -> bool:
        fetched = self._wanted - self._known
        self._known |= fetched
        return bool(fetched)


def test_an_address_is_hashed_as_the_specification_shows() -> None:
    assert (
        identity_hash("a@example.com", "Kosher")
        == "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399"
    )


async def test_the_copy_names_its_recipient_to_whoever_knows_the_address_and_to_nobody_else(issuance: Service) -> None:
    document = await claimed(issuance)

    assert is_about(document, "ada@example.org")
    assert not is_about(document, "bob@example.org")
    assert not is_about(issuance.document(), "ada@example.org")
    # Salt and hash are hexadecimal: in one copy of fifty they spell the name alone.
    assert "ada@" not in json.dumps(document)


async def test_a_signer_elsewhere_is_waited_for(issuance: Service) -> None:
    desk = issuance.app.state.desk
    signer = Elsewhere(desk.keys.keys[0].signer)
    issuance.app.state.desk = replace(desk, keys=KeyRing.of(signer))

    document = await claimed(issuance)

    [proof] = document["proof"]
    assert holds(proof, hash_of(document, proof), signer.public_key)


async def test_the_copy_is_the_same_credential_under_a_signature_of_its_own(issuance: Service) -> None:
    document = await claimed(issuance, licence_number="RN-1")
    original = issuance.document()

    [proof] = document["proof"]
    assert holds(proof, hash_of(document, proof), issuance.issuing.keys.signer_at("ou", passed().time).public_key)
    require_official(document)
    subject = document.pop("credentialSubject")
    assert subject.pop("licenseNumber") == "RN-1"
    assert subject.pop("identifier")
    assert subject == original.pop("credentialSubject")
    del document["proof"], original["proof"]
    assert document == original


async def test_the_copy_is_verified_like_any_other(issuance: Service) -> None:
    document = await claimed(issuance)
    async with issuance.client() as client:
        whole = await client.post("/credentials/verify", json=document)
        document["credentialSubject"]["identifier"][0]["identityHash"] = identity_hash("bob@example.org", "")
        changed = await client.post("/credentials/verify", json=document)

    assert set(outcomes(whole)) == {"passed"}
    assert outcomes(changed)[2] == "failed"


async def test_nothing_is_kept_and_every_copy_has_a_salt_of_its_own(issuance: Service) -> None:
    first, second = await claimed(issuance), await claimed(issuance)

    salts = {each["credentialSubject"]["identifier"][0]["salt"] for each in (first, second)}
    assert len(salts) == 2
    assert not any(salt.encode() in issuance.award.credentials[0].document for salt in salts)


@pytest.mark.parametrize(
    ("tenant", "scope", "body", "status"),
    [
        ("ou", "read", ASKED, 403),
        ("tu", "credentials:claim", ASKED, 404),
        ("ou", "credentials:claim", {}, 422),
        ("ou", "credentials:claim", {"email": "no address"}, 422),
    ],
)
async def test_only_the_institution_may_say_whose_a_credential_is(
    issuance: Service, tenant: str, scope: str, body: dict[str, str], status: int
) -> None:
    credential = issuance.hear(passed()).credentials[0]
    async with issuance.client() as client:
        answer = await client.post(
            f"/v1/credentials/{credential.credential_id}/claim", json=body, headers=bearer(issuance, tenant, scope)
        )

    assert answer.status_code == status
    assert "no address" not in answer.text


async def test_a_revoked_credential_is_handed_to_nobody(issuance: Service) -> None:
    credential = issuance.hear(passed(), withdrawn()).credentials[0]
    async with issuance.client() as client:
        answer = await client.post(
            f"/v1/credentials/{credential.credential_id}/claim", json=ASKED, headers=bearer(issuance)
        )

    assert answer.status_code == 409
    assert "result voided" in answer.json()["detail"]
