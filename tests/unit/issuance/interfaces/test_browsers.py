"""Wallets, verifiers and backpacks that run in a browser, as pages of another host."""

import pytest

from services.issuance.interfaces.imsx import BASE
from services.issuance.interfaces.wallet_names import BOUND
from tests.unit.issuance.desk import Service
from tests.unit.issuance.interfaces.wallet import PATH, access_of, ask, nonce, proof, wanting

ORIGIN = {"Origin": "https://wallet.example"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/.well-known/openid-credential-issuer/issuers/ou"),
        ("GET", "/.well-known/oauth-authorization-server/issuers/ou"),
        ("POST", f"{PATH}/token"),
        ("POST", f"{PATH}/nonce"),
        ("POST", f"{PATH}/credential"),
        ("POST", f"{PATH}/notification"),
        ("GET", "/issuers/ou/did.json"),
        ("GET", "/credentials/some-id"),
        ("POST", "/credentials/verify"),
        ("POST", "/credentials/issue"),
        ("POST", "/presentations/verify"),
        ("GET", "/status/some-list"),
        ("GET", "/status-lists/some-list"),
        ("GET", f"{BASE}/discovery"),
        ("POST", f"{BASE}/credentials"),
    ],
)
async def test_pages_of_other_hosts_may_ask(wallets: Service, method: str, path: str) -> None:
    first = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": "authorization,content-type"}
    async with wallets.client() as client:
        asked = await client.options(path, headers={**ORIGIN, **first})
        answer = await client.request(method, path, headers=ORIGIN)

    assert asked.status_code == 204
    assert "Authorization" in asked.headers["access-control-allow-headers"]
    assert asked.headers["access-control-allow-origin"] == answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", ["/v1/credentials/some-id/revoke", "/v1/dead-letters", "/verify", "/metrics"])
async def test_what_is_the_institutions_own_is_not_for_pages_of_others(issuance: Service, path: str) -> None:
    async with issuance.client() as client:
        asked = await client.options(path, headers={**ORIGIN, "Access-Control-Request-Method": "POST"})
        answer = await client.get(path, headers=ORIGIN)

    assert asked.status_code in {404, 405}
    for each in (asked, answer):
        assert not [name for name in each.headers if name.startswith("access-control")]


async def test_a_wallet_in_a_browser_may_read_its_credential(wallets: Service) -> None:
    answer = await ask(wallets, await access_of(wallets), wanting(proof(await nonce(wallets)), configuration=BOUND[0]))

    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")
