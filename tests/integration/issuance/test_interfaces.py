"""Over HTTPS with a certificate of our own, and two processes that answer: a wallet gets its credential once.

One worker folds for both, as in an installation that runs more of the HTTP side than of the stream.
"""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from services.issuance.interfaces.imsx import BASE
from services.issuance.interfaces.wallet_names import BOUND, GRANT
from shared.kit.auth import Tokens
from shared.kit.producer import KafkaPublisher
from shared.kit.secret import read_secret
from shared.kit.tokens import LEARNER
from shared.kit.topics_admin import TopicsAdmin
from shared.testing.certificates import self_signed
from shared.testing.servers import Servers
from tests.integration.issuance.process import COMMAND, CREDENTIAL, PATIENCE_S, issued
from tests.integration.kit.process import Running, running
from tests.integration.kit.rig import PARTITIONS
from tests.unit.issuance.builders import passed, published
from tests.unit.issuance.interfaces.calls import credential
from tests.unit.issuance.interfaces.wallet import DID, OTHER, proof

PATH = "/issuers/ou/oid4vci"
#: What the service calls itself is not where a test finds it: the port is a free one.
PUBLIC = "https://localhost:8003"


class Town(NamedTuple):
    """Two processes of issuance, and what a client needs to trust and be trusted."""

    processes: tuple[Running, Running]
    folder: Path
    certificate: Path
    prefix: str

    def client(self, number: int) -> httpx.AsyncClient:
        trust = ssl.create_default_context(cafile=self.certificate)
        return httpx.AsyncClient(base_url=self.processes[number].url, verify=trust, timeout=PATIENCE_S, trust_env=False)

    def bearer(self, *scopes: str, **more: Any) -> dict[str, str]:
        token = Tokens(read_secret(self.folder / "secret")).issue("ou", scopes, "test", **more)
        return {"Authorization": f"Bearer {token}"}


@pytest.fixture(scope="module")
def town(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Issuance over HTTPS: one process that does all, and one more that answers."""
    folder, prefix = tmp_path_factory.mktemp("interfaces"), f"i{time.time_ns():x}."
    certificate, key = self_signed(folder)
    TopicsAdmin(servers.bootstrap, prefix=prefix).create(partitions=PARTITIONS)
    settings: dict[str, object] = {
        "kafka_bootstrap": servers.bootstrap,
        "mongo_url": servers.mongo_url,
        "topic_prefix": prefix,
        "database_prefix": prefix.replace(".", "_"),
        "session_timeout_s": 6,
        "key_file": folder / "issuer-key",
        "public_url": PUBLIC,
        "tls_certificate_file": certificate,
        "tls_key_file": key,
    }
    with ExitStack() as stack:
        first = stack.enter_context(running(COMMAND, folder, **settings))
        first.saw("service.listening")
        second = stack.enter_context(running([*COMMAND[:-1], "api"], folder, **settings))
        yield Town((first, second), folder, certificate, prefix)


@pytest.fixture
async def clients(town: Town, bootstrap: str) -> AsyncIterator[tuple[httpx.AsyncClient, httpx.AsyncClient]]:
    """A client of each process, as soon as the first credential is there."""
    publisher = KafkaPublisher(bootstrap, topic_prefix=town.prefix)
    await publisher.publish([published(), passed()])
    await publisher.close()
    async with town.client(0) as first, town.client(1) as second:
        await issued(first)
        yield first, second


async def test_a_wallet_gets_its_credential_once_whichever_process_answers(
    town: Town, clients: tuple[httpx.AsyncClient, httpx.AsyncClient]
) -> None:
    first, second = clients
    claiming = town.bearer("credentials:claim")
    made = (await first.post(f"/v1/credentials/{CREDENTIAL}/offer", json={}, headers=claiming)).json()
    code = made["credential_offer"]["grants"][GRANT]["pre-authorized_code"]
    form = {"grant_type": GRANT, "pre-authorized_code": code, "tx_code": made["tx_code"]}

    granted = await asyncio.gather(*(clients[number % 2].post(f"{PATH}/token", data=form) for number in range(6)))

    assert sorted(each.status_code for each in granted) == [200] + [400] * 5
    assert {each.json().get("error") for each in granted if each.status_code == 400} == {"invalid_grant"}
    access = next(each.json()["access_token"] for each in granted if each.status_code == 200)
    headers = {"Authorization": f"Bearer {access}"}

    async def asked(client: httpx.AsyncClient, nonce: str, **more: Any) -> httpx.Response:
        shown = proof(nonce, aud=f"{PUBLIC}/issuers/ou", **more)
        body = {"credential_configuration_id": BOUND[0], "proofs": {"jwt": [shown]}}
        return await client.post(f"{PATH}/credential", json=body, headers=headers)

    nonces = [(await client.post(f"{PATH}/nonce")).json()["c_nonce"] for client in (first, second, first)]
    answer = await asked(second, nonces[0])
    replayed = await asked(first, nonces[0])
    other = await asked(first, nonces[1], key=OTHER)

    assert answer.status_code == 200, answer.text
    held = answer.json()["credentials"][0]["credential"]
    assert held["credentialSubject"]["id"] == DID
    assert (replayed.status_code, replayed.json()["error"]) == (400, "invalid_nonce")
    assert (other.status_code, other.json()["error"]) == (401, "invalid_token")
    body = {"verifiableCredential": held, "options": {}}
    assert (await second.post("/credentials/verify", json=body)).json()["verified"] is True
    asks = {"Origin": "https://wallet.example", "Access-Control-Request-Method": "POST"}
    told = {"notification_id": answer.json()["notification_id"], "event": "credential_accepted"}
    assert (await second.options(f"{PATH}/notification", headers=asks)).status_code == 204
    assert (await first.post(f"{PATH}/notification", json=told, headers=headers)).status_code == 204


async def test_vc_api_and_the_open_badges_api_over_a_real_socket(
    town: Town, clients: tuple[httpx.AsyncClient, httpx.AsyncClient]
) -> None:
    first, second = clients
    unsigned = credential(issuer="did:web:localhost%3A8003:issuers:ou")
    made = await second.post(
        "/credentials/issue", json={"credential": unsigned, "options": {}}, headers=town.bearer("credentials:issue")
    )
    assert made.status_code == 201, made.text
    found = await first.post(
        "/credentials/verify", json={"verifiableCredential": made.json()["verifiableCredential"], "options": {}}
    )
    assert found.json()["verified"] is True, found.text

    learner = town.bearer(*LEARNER, learner_ref="learner-1")
    shown = await second.get(f"{BASE}/credentials", headers=learner)
    assert (shown.status_code, shown.headers["x-total-count"]) == (200, "1")
    assert shown.json()["credential"][0]["id"] == f"{PUBLIC}/credentials/{CREDENTIAL}"

    status = {
        "credentialId": f"{PUBLIC}/credentials/{CREDENTIAL}",
        "credentialStatus": {"type": "BitstringStatusListEntry", "statusPurpose": "suspension"},
        "status": True,
    }
    writing = {**town.bearer("credentials:write"), "Prefer": "wait=10"}
    assert (await second.post("/credentials/status", json=status, headers=writing)).status_code == 200


async def test_who_does_not_trust_the_certificate_is_not_served_and_plain_http_is_no_answer(town: Town) -> None:
    url = town.processes[0].url
    assert url.startswith("https://")
    async with httpx.AsyncClient(trust_env=False) as stranger:
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            await stranger.get(f"{url}/healthz")
        with pytest.raises(httpx.HTTPError):
            await stranger.get(f"{url.replace('https', 'http')}/healthz")


def test_a_certificate_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with running(
        COMMAND, tmp_path, key_file=tmp_path / "key", tls_certificate_file=tmp_path / "no.crt", tls_key_file=tmp_path
    ) as process:
        assert process.status() == 2
        process.order()

    [line] = [each for each in process.other if each.strip()]
    assert "MICROCRED_TLS_CERTIFICATE_FILE" in line
