"""Proofs and requests of wallets: what is refused, and what it does not use up."""

import time
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

from services.issuance.interfaces.wallet_names import BOUND
from services.issuance.keys.jwk import jwk
from services.issuance.keys.multikey import DID_KEY, did_key
from services.issuance.keys.signer import KeySigner
from shared.testing.memory import MemoryPublisher
from tests.unit.issuance.builders import withdrawn
from tests.unit.issuance.desk import Service
from tests.unit.issuance.interfaces.calls import bearer
from tests.unit.issuance.interfaces.refusing import error
from tests.unit.issuance.interfaces.wallet import (
    DID,
    ISSUER,
    KEY,
    OTHER,
    access_of,
    ask,
    code_of,
    encoded,
    nonce,
    offer,
    proof,
    token,
    wanting,
    with_worker,
)

P256 = KeySigner(derive_private_key(2026, SECP256R1()))


@pytest.mark.parametrize(
    ("header", "claims", "expected"),
    [
        ({"typ": "JWT"}, {}, "invalid_proof"),
        ({"typ": None}, {}, "invalid_proof"),
        ({"alg": "none"}, {}, "invalid_proof"),
        ({"alg": "HS256"}, {}, "invalid_proof"),
        ({"alg": "ES256"}, {}, "invalid_proof"),
        ({"alg": ["EdDSA"]}, {}, "invalid_proof"),
        ({"crit": ["b64"]}, {}, "invalid_proof"),
        ({"jwk": None}, {}, "invalid_proof"),
        ({"jwk": {"kty": "oct", "k": "AAAA"}}, {}, "invalid_proof"),
        ({"jwk": {"kty": "OKP", "crv": "Ed25519", "x": "AA"}}, {}, "invalid_proof"),
        ({"jwk": jwk(OTHER.public_key)}, {}, "invalid_proof"),
        ({"kid": f"{DID}#{DID.removeprefix(DID_KEY)}"}, {}, "invalid_proof"),
        ({"jwk": None, "kid": "did:web:a.example#one"}, {}, "invalid_proof"),
        ({"jwk": None, "kid": "did:jwk:!!#0"}, {}, "invalid_proof"),
        ({"jwk": None, "kid": 7}, {}, "invalid_proof"),
        ({"jwk": None, "x5c": ["AA"]}, {}, "invalid_proof"),
        ({}, {"aud": "https://elsewhere.example"}, "invalid_proof"),
        ({}, {"aud": None}, "invalid_proof"),
        ({}, {"aud": [ISSUER, "https://elsewhere.example"]}, "invalid_proof"),
        ({}, {"iat": None}, "invalid_proof"),
        ({}, {"iat": "now"}, "invalid_proof"),
        ({}, {"iat": True}, "invalid_proof"),
        ({}, {"iat": int(time.time()) - 400}, "invalid_proof"),
        ({}, {"iat": int(time.time()) + 4_000}, "invalid_proof"),
        ({}, {"exp": int(time.time()) - 10}, "invalid_proof"),
        ({}, {"nbf": int(time.time()) + 4_000}, "invalid_proof"),
        ({}, {"nonce": None}, "invalid_proof"),
        ({}, {"nonce": 7}, "invalid_proof"),
        ({}, {"nonce": "made up"}, "invalid_nonce"),
    ],
    ids=str,
)
async def test_a_proof_that_proves_nothing_is_refused_and_does_not_use_the_token_up(
    wallets: Service, header: dict[str, Any], claims: dict[str, Any], expected: str
) -> None:
    access, challenge = await access_of(wallets), await nonce(wallets)

    answer = await ask(wallets, access, wanting(proof(challenge, header=header, **claims)))
    right = await ask(wallets, access, wanting(proof(challenge)))

    assert await error(answer) == (400, expected)
    assert right.status_code == 200


@pytest.mark.parametrize(
    ("key", "header", "did"),
    [
        (KEY, {"jwk": None, "kid": f"{DID}#{DID.removeprefix(DID_KEY)}"}, DID),
        (KEY, {"alg": "Ed25519"}, DID),
        (P256, {"alg": "ES256"}, did_key(P256.public_key)),
        (
            P256,
            {"alg": "ES256", "jwk": None, "kid": f"did:jwk:{encoded(orjson.dumps(jwk(P256.public_key)))}#0"},
            f"did:jwk:{encoded(orjson.dumps(jwk(P256.public_key)))}",
        ),
    ],
    ids=["did:key", "Ed25519", "P-256", "did:jwk"],
)
async def test_keys_are_shown_in_every_way_that_the_metadata_names(
    wallets: Service, key: KeySigner, header: dict[str, Any], did: str
) -> None:
    answer = await ask(wallets, await access_of(wallets), wanting(proof(await nonce(wallets), key, header=header)))

    assert answer.status_code == 200, answer.text
    assert answer.json()["credentials"][0]["credential"]["credentialSubject"]["id"] == did


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"credential_configuration_id": None}, "invalid_credential_request"),
        ({"credential_identifier": BOUND[0]}, "invalid_credential_request"),
        ({"credential_configuration_id": None, "credential_identifier": BOUND[0]}, "invalid_credential_request"),
        ({"credential_configuration_id": "Other"}, "unknown_credential_configuration"),
        ({"credential_configuration_id": 7}, "invalid_credential_request"),
        ({"proofs": None}, "invalid_proof"),
        ({"proofs": {}}, "invalid_proof"),
        ({"proofs": {"jwt": []}}, "invalid_proof"),
        ({"proofs": {"jwt": [7]}}, "invalid_proof"),
        ({"proofs": {"jwt": ["a.b.c", "a.b.c"]}}, "invalid_proof"),
        ({"proofs": {"jwt": ["a.b"]}}, "invalid_proof"),
        ({"proofs": {"di_vp": [{}]}}, "invalid_proof"),
        ({"credential_response_encryption": {"enc": "A128GCM"}}, "invalid_encryption_parameters"),
    ],
    ids=str,
)
async def test_a_bad_credential_request_is_told_apart(wallets: Service, change: dict[str, Any], expected: str) -> None:
    body = {**wanting("a.b.c"), **change}
    answer = await ask(
        wallets, await access_of(wallets), {name: each for name, each in body.items() if each is not None}
    )

    assert await error(answer) == (400, expected)


async def test_a_wallet_may_say_in_detail_what_it_wants(wallets: Service) -> None:
    detail = {"type": "openid_credential", "credential_configuration_id": BOUND[1]}
    granted = await token(
        wallets,
        code_of(await offer(wallets, tx_code=False)),
        authorization_details=orjson.dumps([detail]).decode(),
    )
    [told] = granted.json()["authorization_details"]
    assert told == {**detail, "credential_identifiers": [BOUND[1]]}

    [identifier] = told["credential_identifiers"]
    body = {"credential_identifier": identifier, "proofs": {"jwt": [proof(await nonce(wallets))]}}
    answer = await ask(wallets, granted.json()["access_token"], body)
    other = await ask(wallets, granted.json()["access_token"], {**body, "credential_identifier": BOUND[0]})

    assert answer.status_code == 200, answer.text
    assert await error(other) == (400, "unknown_credential_identifier")


async def test_what_is_revoked_is_neither_offered_nor_handed_out(wallets: Service) -> None:
    access = await access_of(wallets)
    wallets.hear(withdrawn())

    answer = await ask(wallets, access, wanting(proof(await nonce(wallets))))
    path = f"/v1/credentials/{wallets.award.credentials[0].credential_id}/offer"
    async with wallets.client() as client:
        offered = await client.post(path, json={}, headers=bearer(wallets, "credentials:claim"))

    assert await error(answer) == (400, "credential_request_denied")
    assert offered.status_code == 409


async def test_only_the_institution_offers_copies_for_keys(wallets: Service) -> None:
    path = f"/v1/credentials/{wallets.award.credentials[0].credential_id}/offer"
    async with wallets.client() as client:
        nobody = await client.post(path, json={})
        wrong = await client.post(path, json={}, headers=bearer(wallets, "read"))
        other = await client.post(path, json={}, headers=bearer(wallets, "credentials:claim", tenant="other"))

    assert [each.status_code for each in (nobody, wrong, other)] == [401, 403, 404]


async def test_a_worker_that_is_behind_is_a_503_and_not_a_token(issuance: Service) -> None:
    wallets = with_worker(issuance)
    code = code_of(await offer(wallets, tx_code=False))
    wallets.app.state.settings = wallets.app.state.settings.model_copy(update={"publish_timeout_s": 0.05})
    wallets.app.state.publisher = MemoryPublisher()

    assert await error(await token(wallets, code)) == (503, "temporarily_unavailable")


async def test_nothing_personal_and_nothing_usable_stands_on_the_log(wallets: Service) -> None:
    made = await offer(wallets)
    await token(wallets, code_of(made), tx_code=made["tx_code"])

    [event] = wallets.app.state.publisher.events
    text = event.encode().decode()
    assert "learner-1" not in text
    assert code_of(made) not in text
    assert made["tx_code"] not in event.data.model_dump_json()
