"""A decision is seen: from the HTTP command over Kafka and the worker to list and verifier."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from deploy.cli import app
from services.issuance.status import decoded, is_set
from shared.kit.auth import Tokens
from shared.kit.producer import KafkaPublisher
from shared.kit.secret import read_secret
from shared.testing.servers import Servers
from tests.integration.issuance.process import CREDENTIAL, PATIENCE_S, issued, issuing
from tests.integration.kit.process import Running
from tests.unit.issuance.builders import passed, published


@pytest.fixture
def issuance(servers: Servers, fresh_name: str, tmp_path: Path) -> Iterator[Running]:
    with issuing(servers, fresh_name, tmp_path) as running:
        yield running


@pytest.fixture
async def client(
    issuance: Running, bootstrap: str, fresh_name: str, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    """A registry's client, as soon as its first credential is there."""
    publisher = KafkaPublisher(bootstrap, topic_prefix=fresh_name)
    await publisher.publish([published(), passed()])
    await publisher.close()
    token = Tokens(read_secret(tmp_path / "secret")).issue("ou", ["credentials:write"], "registry")
    address = await asyncio.to_thread(lambda: issuance.url)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=PATIENCE_S, trust_env=False) as made:
        await issued(made)
        yield made


async def shown(client: httpx.AsyncClient, document: dict[str, Any]) -> tuple[bool, bool, str]:
    """Return both bits of a credential, and what the verifier says of its status."""
    status = document["credentialStatus"]
    path = httpx.URL(status["statusListCredential"]).path
    lists = [(await client.get(path + purpose)).json() for purpose in ("", "/suspension")]
    revoked, suspended = (
        is_set(decoded(each["credentialSubject"]["encodedList"]), int(status["statusListIndex"])) for each in lists
    )
    report = (await client.post("/credentials/verify", json=document)).json()
    return revoked, suspended, report["steps"][-1]["words"]


async def test_a_change_of_status_is_seen_while_others_look(client: httpx.AsyncClient) -> None:
    document = (await client.get(f"/credentials/{CREDENTIAL}")).json()
    # Somebody looks at the lists all the time: what is kept of them must not hide the change.
    assert (await shown(client, document))[:2] == (False, False)
    for kind, bits, words in (
        ("suspend", (False, True), "suspended"),
        ("reinstate", (False, False), "neither revoked nor suspended"),
        ("revoke", (True, False), "revoked"),
    ):
        answer = await client.post(f"/v1/credentials/{CREDENTIAL}/{kind}", json={"code": "exam-board"})
        assert answer.status_code == 202
        async with asyncio.timeout(PATIENCE_S):
            while (seen := await shown(client, document))[:2] != bits or words not in seen[2]:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.01)


async def test_no_cache_keeps_a_list_for_longer_than_a_second(client: httpx.AsyncClient) -> None:
    document = (await client.get(f"/credentials/{CREDENTIAL}")).json()
    path = httpx.URL(document["credentialStatus"]["statusListCredential"]).path

    kept = [(await client.get(path + purpose)).headers["Cache-Control"] for purpose in ("", "/suspension")]

    assert kept == ["public, max-age=1"] * 2


async def test_the_command_line_decides(client: httpx.AsyncClient, tmp_path: Path) -> None:
    options = ["--tenant", "ou", "--code", "inquiry", "--secret-file", str(tmp_path / "secret")]
    command = ["credential", "suspend", CREDENTIAL, *options, "--url", str(client.base_url)]

    first, second = [await asyncio.to_thread(CliRunner().invoke, app, command) for _ in range(2)]

    assert (first.exit_code, second.exit_code) == (0, 1)
    assert "suspended" in first.stdout
    assert "reinstate or revoke it" in second.stderr.replace("\n", " ")


async def test_whoever_waits_is_told_that_it_is_done(client: httpx.AsyncClient) -> None:
    path = f"/v1/credentials/{CREDENTIAL}"
    wait = {"Prefer": "wait=10"}

    corrected = await client.post(f"{path}/correct", json={"code": "exam-board", "grade_percent": 61.5}, headers=wait)
    revoked = await client.post(f"{path}/revoke", json={"code": "exam-board"}, headers=wait)
    again = await client.post(f"{path}/reaward", json={"code": "exam-board"}, headers=wait)
    nonsense = await client.post(f"{path}/suspend", json={"code": "exam-board"}, headers=wait)

    assert [each.status_code for each in (corrected, revoked, again, nonsense)] == [200, 200, 200, 409]
    assert (revoked.json()["status"], revoked.json()["carried_out"]) == ("revoked", True)
    new = (await client.get(f"/credentials/{again.json()['reawarded']}")).json()
    assert (await client.post("/credentials/verify", json=new)).json()["verified"]
