"""OpenID4VCI: from the offer to the credential in the wallet, once, for one key, and for nobody who should not."""

import asyncio
import time
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

from services.issuance.interfaces.offers import _now
from services.issuance.interfaces.wallet_names import BOUND, GRANT, PUBLIC
from services.issuance.jwk import jwk
from services.issuance.multikey import DID_KEY, did_key
from services.issuance.schema import require_official
from services.issuance.signer import KeySigner
from shared.testing.memory import MemoryPublisher
from tests.unit.issuance.builders import withdrawn
from tests.unit.issuance.desk import Service
from tests.unit.issuance.interfaces.calls import bearer
from tests.unit.issuance.interfaces.wallet import (
    DID,
    ISSUER,
    KEY,
    OTHER,
    PATH,
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


@pytest.fixture
def wallets(issuance: Service) -> Service:
    """Issuance with a credential and a worker that is never behind."""
    return with_worker(issuance)


async def error(answer: Any) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, answer.json()["error"]


@pytest.mark.parametrize("configuration", BOUND)
async def test_a_wallet_gets_a_credential_made_out_to_its_key(wallets: Service, configuration: str) -> None:
    made = await offer(wallets, lifetime_s=600)
    granted = await token(wallets, code_of(made), tx_code=made["tx_code"])
    assert granted.headers["cache-control"] == "no-store"
    assert granted.json()["token_type"] == "Bearer"

    answer = await ask(
        wallets, granted.json()["access_token"], wanting(proof(await nonce(wallets)), configuration=configuration)
    )

    assert answer.status_code == 200, answer.text
    [held] = answer.json()["credentials"]
    async with wallets.client() as client:
        body = {"verifiableCredential": held["credential"], "options": {"returnCredential": True}}
        found = (await client.post("/credentials/verify", json=body)).json()
    assert found["verified"] is True, found
    if isinstance(held["credential"], dict):
        require_official(held["credential"])
        assert held["credential"]["credentialSubject"]["id"] == DID
        assert held["credential"]["id"] == wallets.document()["id"]


@pytest.mark.parametrize("configuration", PUBLIC)
async def test_whoever_may_read_a_credential_may_put_it_into_a_wallet_as_it_is(
    wallets: Service, configuration: str
) -> None:
    async with wallets.client() as client:
        made = (await client.get(f"/credentials/{wallets.award.credentials[0].credential_id}/offer")).json()
    access = (await token(wallets, code_of(made))).json()["access_token"]

    answer = await ask(wallets, access, {"credential_configuration_id": configuration})
    bound = await ask(wallets, access, wanting(proof(await nonce(wallets))))

    assert answer.status_code == 200, answer.text
    [held] = answer.json()["credentials"]
    assert isinstance(held["credential"], str) or held["credential"] == wallets.document()
    assert await error(bound) == (400, "unknown_credential_configuration")


async def test_an_offer_is_had_by_value_and_by_reference(wallets: Service) -> None:
    made = await offer(wallets)

    by_value = parse_qs(urlsplit(made["link"]).query)["credential_offer"][0]
    [uri] = parse_qs(urlsplit(made["link_by_reference"]).query)["credential_offer_uri"]
    async with wallets.client() as client:
        fetched = await client.get(uri)

    assert orjson.loads(by_value) == made["credential_offer"] == fetched.json()
    assert fetched.headers["content-type"] == "application/json"
    assert made["qr"].startswith("<svg")
    assert made["credential_offer"]["grants"][GRANT]["tx_code"]["length"] == len(made["tx_code"]) == 6
    assert made["credential_offer"]["credential_configuration_ids"] == list(BOUND)


async def test_metadata_is_where_the_specifications_say(wallets: Service) -> None:
    async with wallets.client() as client:
        issuer = (await client.get("/.well-known/openid-credential-issuer/issuers/ou")).json()
        server = (await client.get("/.well-known/oauth-authorization-server/issuers/ou")).json()
        nobody = await client.get("/.well-known/openid-credential-issuer/issuers/nobody")

    assert issuer["credential_issuer"] == server["issuer"] == ISSUER
    assert issuer["display"] == [{"name": "Open University"}]
    assert server["grant_types_supported"] == [GRANT]
    assert server["pre-authorized_grant_anonymous_access_supported"] is True
    kinds = {name: each["format"] for name, each in issuer["credential_configurations_supported"].items()}
    assert kinds == dict(zip((*BOUND, *PUBLIC), ["ldp_vc", "jwt_vc_json"] * 2, strict=True))
    for name, each in issuer["credential_configurations_supported"].items():
        for member in ("proof_types_supported", "cryptographic_binding_methods_supported"):
            assert (member in each) == (name in BOUND)
        assert ("@context" in each["credential_definition"]) == (each["format"] == "ldp_vc")
    assert nobody.status_code == 404


async def test_a_code_is_good_once_whoever_is_first(wallets: Service) -> None:
    code = code_of(await offer(wallets, tx_code=False))

    answers = await asyncio.gather(*(token(wallets, code) for _ in range(8)))

    assert sorted(each.status_code for each in answers) == [200] + [400] * 7
    assert await error(await token(wallets, code)) == (400, "invalid_grant")


async def test_a_transaction_code_cannot_be_guessed(wallets: Service) -> None:
    made = await offer(wallets)
    right = made["tx_code"]
    wrong = [f"{number:06}" for number in range(7) if f"{number:06}" != right][:5]

    guesses = [await token(wallets, code_of(made), tx_code=each) for each in wrong]
    late = await token(wallets, code_of(made), tx_code=right)

    assert [await error(each) for each in (*guesses, late)] == [(400, "invalid_grant")] * 6


async def test_a_wrong_transaction_code_does_not_use_the_offer_up(wallets: Service) -> None:
    made = await offer(wallets)
    wrong = "000000" if made["tx_code"] != "000000" else "000001"

    first = await token(wallets, code_of(made), tx_code=wrong)
    second = await token(wallets, code_of(made), tx_code=made["tx_code"])

    assert (first.status_code, second.status_code) == (400, 200)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"grant_type": None}, "invalid_request"),
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({"pre-authorized_code": None}, "invalid_request"),
        ({"pre-authorized_code": "guessed"}, "invalid_grant"),
        ({"pre-authorized_code": "x" * 100_000}, "invalid_grant"),
        ({"tx_code": None}, "invalid_request"),
        ({"tx_code": ""}, "invalid_request"),
        ({"authorization_details": "{"}, "invalid_request"),
        ({"authorization_details": "[]"}, "invalid_authorization_details"),
        ({"authorization_details": '[{"type": "other"}]'}, "invalid_authorization_details"),
    ],
    ids=str,
)
async def test_a_bad_token_request_is_told_apart(
    wallets: Service, change: dict[str, str | None], expected: str
) -> None:
    made = await offer(wallets)
    fields = {"grant_type": GRANT, "pre-authorized_code": code_of(made), "tx_code": made["tx_code"], **change}
    form = {name: each for name, each in fields.items() if each is not None}
    async with wallets.client() as client:
        answer = await client.post(f"{PATH}/token", data=form)

    assert await error(answer) == (400, expected)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{}", "application/json"),
        (b"{", "application/json"),
        (b"grant_type=a&grant_type=b", "application/x-www-form-urlencoded"),
        (b"\xff=\xfe", "application/x-www-form-urlencoded"),
        (b"&".join(b"a%d=1" % number for number in range(50)), "application/x-www-form-urlencoded"),
        (b"nothing", "application/x-www-form-urlencoded"),
        (b"", "application/x-www-form-urlencoded"),
    ],
)
async def test_a_body_that_is_no_form_is_a_bad_request(wallets: Service, body: bytes, kind: str) -> None:
    async with wallets.client() as client:
        answer = await client.post(f"{PATH}/token", content=body, headers={"Content-Type": kind})

    assert await error(answer) == (400, "invalid_request")


async def test_codes_and_tokens_are_not_taken_for_each_other_nor_elsewhere(wallets: Service) -> None:
    code, access = code_of(await offer(wallets, tx_code=False)), await access_of(wallets)
    challenge = await nonce(wallets)
    async with wallets.client() as client:
        elsewhere = await client.post(
            "/issuers/other/oid4vci/token", data={"grant_type": GRANT, "pre-authorized_code": code}
        )

    assert await error(elsewhere) == (400, "invalid_grant")
    for wrong in (access, challenge, bearer(wallets, "read")["Authorization"].removeprefix("Bearer ")):
        assert await error(await token(wallets, wrong)) == (400, "invalid_grant")
    for wrong in (code, challenge, bearer(wallets, "credentials:claim")["Authorization"].removeprefix("Bearer "), ""):
        assert await error(await ask(wallets, wrong, wanting(proof(challenge)))) == (401, "invalid_token")
    assert await error(await ask(wallets, access, wanting(proof(access)))) == (400, "invalid_nonce")
    async with wallets.client() as client:
        ours = await client.get("/v1/credentials/a/provenance", headers={"Authorization": f"Bearer {access}"})
    assert ours.status_code == 401


async def test_what_is_over_is_good_for_nothing(wallets: Service) -> None:
    code, access = code_of(await offer(wallets, tx_code=False)), await access_of(wallets)
    challenge = await nonce(wallets)
    moment = _now() + timedelta(seconds=3_601)
    wallets.app.dependency_overrides[_now] = lambda: moment

    assert await error(await token(wallets, code)) == (400, "invalid_grant")
    late = await ask(wallets, access, wanting(proof(challenge, iat=int(moment.timestamp()))))
    assert await error(late) == (401, "invalid_token")
    async with wallets.client() as client:
        assert (await client.get(f"{PATH}/offers/{code}")).status_code == 404


async def test_a_token_is_good_for_one_key_and_the_same_key_gets_the_same_again(wallets: Service) -> None:
    access = await access_of(wallets)

    first = await ask(wallets, access, wanting(proof(await nonce(wallets))))
    again = await ask(wallets, access, wanting(proof(await nonce(wallets))))
    other = await ask(wallets, access, wanting(proof(await nonce(wallets), OTHER)))
    jwt = await ask(wallets, access, wanting(proof(await nonce(wallets)), configuration=BOUND[1]))

    assert [each.status_code for each in (first, again, other, jwt)] == [200, 200, 401, 200]
    assert 'error="invalid_token"' in other.headers["www-authenticate"]


async def test_a_nonce_is_good_once(wallets: Service) -> None:
    access, challenge = await access_of(wallets), await nonce(wallets)

    first = await ask(wallets, access, wanting(proof(challenge)))
    again = await ask(wallets, access, wanting(proof(challenge)))

    assert first.status_code == 200
    assert await error(again) == (400, "invalid_nonce")


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
        ({"credential_configuration_id": 7}, "invalid_request"),
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
