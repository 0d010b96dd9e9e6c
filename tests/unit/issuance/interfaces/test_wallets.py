"""OpenID4VCI: from the offer to the credential in the wallet, once, for one key, and for nobody who should not."""

from urllib.parse import parse_qs, urlsplit

import orjson
import pytest

from services.issuance.interfaces.wallet_names import BOUND, GRANT, PUBLIC
from services.issuance.schema import require_official
from tests.unit.issuance.desk import Service
from tests.unit.issuance.interfaces.refusing import error
from tests.unit.issuance.interfaces.wallet import (
    DID,
    ISSUER,
    ask,
    code_of,
    nonce,
    offer,
    proof,
    token,
    wanting,
)


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
