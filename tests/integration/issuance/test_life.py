"""A decision is seen: from the HTTP command over Kafka and the worker to list and verifier."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from typer.testing import CliRunner

from deploy.cli import app
from services.issuance.status import decoded, is_set
from shared.contracts.envelope import derived_id
from shared.kit.auth import Tokens
from shared.kit.producer import KafkaPublisher
from shared.kit.secret import read_secret
from shared.testing.servers import Servers
from tests.integration.issuance.process import PATIENCE_S, issued, issuing
from tests.integration.issuance.traces import documents, records, writings_of
from tests.integration.kit.process import Running
from tests.unit.issuance.builders import passed, published

PASSES = count(1)


class Issuance(NamedTuple):
    """The service, started once for all of it; each test has a pass of its own."""

    process: Running
    folder: Path
    name: str

    @property
    def key(self) -> bytes:
        return (self.folder / "issuer-key").read_bytes()


class Registry(NamedTuple):
    """An institution's client, and the credential that it decides about."""

    client: httpx.AsyncClient
    credential: str

    @property
    def path(self) -> str:
        return f"/v1/credentials/{self.credential}"

    async def document(self) -> dict[str, Any]:
        document: dict[str, Any] = (await self.client.get(f"/credentials/{self.credential}")).json()
        return document


@pytest.fixture(scope="module")
def issuance(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Issuance]:
    folder, name = tmp_path_factory.mktemp("life"), f"l{time.time_ns():x}"
    with issuing(servers, name, folder) as running:
        yield Issuance(running, folder, name)


@pytest.fixture
async def registry(issuance: Issuance, bootstrap: str) -> AsyncIterator[Registry]:
    """A registry, as soon as its credential is there."""
    event = passed(next(PASSES))
    publisher = KafkaPublisher(bootstrap, topic_prefix=issuance.name)
    await publisher.publish([published(), event])
    await publisher.close()
    token = Tokens(read_secret(issuance.folder / "secret")).issue("ou", ["credentials:write"], "registry")
    address = await asyncio.to_thread(lambda: issuance.process.url)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=PATIENCE_S, trust_env=False) as client:
        made = Registry(client, derived_id("credential", event.id))
        await issued(client, made.credential)
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


async def test_a_change_of_status_is_seen_while_others_look(registry: Registry) -> None:
    client, document = registry.client, await registry.document()
    # Somebody looks at the lists all the time: what is kept of them must not hide the change.
    assert (await shown(client, document))[:2] == (False, False)
    for kind, bits, words in (
        ("suspend", (False, True), "suspended"),
        ("reinstate", (False, False), "neither revoked nor suspended"),
        ("revoke", (True, False), "revoked"),
    ):
        answer = await client.post(f"{registry.path}/{kind}", json={"code": "exam-board"})
        assert answer.status_code == 202
        async with asyncio.timeout(PATIENCE_S):
            while (seen := await shown(client, document))[:2] != bits or words not in seen[2]:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.01)


async def test_no_cache_keeps_a_list_for_longer_than_a_second(registry: Registry) -> None:
    document = await registry.document()
    path = httpx.URL(document["credentialStatus"]["statusListCredential"]).path

    kept = [(await registry.client.get(path + purpose)).headers["Cache-Control"] for purpose in ("", "/suspension")]

    assert kept == ["public, max-age=1"] * 2


async def test_the_command_line_decides(registry: Registry, issuance: Issuance) -> None:
    async def told(kind: str, *words: str) -> Any:
        options = ["--tenant", "ou", "--code", "inquiry", "--secret-file", str(issuance.folder / "secret"), *words]
        command = ["credential", kind, registry.credential, *options, "--url", str(registry.client.base_url)]
        return await asyncio.to_thread(CliRunner().invoke, app, command)

    async def carried_out(status: str, kind: str, *words: str) -> str:
        done = await told(kind, *words)
        assert done.exit_code == 0, done.output
        assert re.search(rf"^status +{status}$", done.stdout, re.MULTILINE), done.stdout
        assert re.search(r"^carried out +True$", done.stdout, re.MULTILINE), done.stdout
        return str(done.stdout)

    await carried_out("suspended", "suspend")
    twice = await told("suspend")
    await carried_out("active", "reinstate")
    await carried_out("active", "renew", "--until", "2031-09-01")
    renewed = await registry.document()
    await carried_out("active", "correct", "--grade", "61.5")
    corrected = await registry.document()
    await carried_out("revoked", "revoke")
    late = await told("reinstate")
    again = await carried_out("revoked", "reaward")

    assert [each.exit_code for each in (twice, late)] == [1, 1]
    assert "reinstate or revoke it" in twice.stderr.replace("\n", " ")
    assert renewed["validUntil"] == "2031-09-01T00:00:00Z"
    assert "61.5" in [each.get("value") for each in corrected["credentialSubject"]["result"]]
    [new] = re.findall(r"^reawarded +(\S+)$", again, re.MULTILINE)
    document = (await registry.client.get(f"/credentials/{new}")).json()
    assert (await registry.client.post("/credentials/verify", json=document)).json()["verified"]


async def test_whoever_waits_is_told_that_it_is_done(registry: Registry) -> None:
    client, path, wait = registry.client, registry.path, {"Prefer": "wait=10"}

    corrected = await client.post(f"{path}/correct", json={"code": "exam-board", "grade_percent": 61.5}, headers=wait)
    revoked = await client.post(f"{path}/revoke", json={"code": "exam-board"}, headers=wait)
    again = await client.post(f"{path}/reaward", json={"code": "exam-board"}, headers=wait)
    nonsense = await client.post(f"{path}/suspend", json={"code": "exam-board"}, headers=wait)

    assert [each.status_code for each in (corrected, revoked, again, nonsense)] == [200, 200, 200, 409]
    assert (revoked.json()["status"], revoked.json()["carried_out"]) == ("revoked", True)
    new = (await client.get(f"/credentials/{again.json()['reawarded']}")).json()
    assert (await client.post("/credentials/verify", json=new)).json()["verified"]


async def test_the_private_key_is_nowhere_but_in_its_file(
    registry: Registry, issuance: Issuance, servers: Servers
) -> None:
    key, public = writings_of(issuance.key), (await registry.document())["proof"][0]["verificationMethod"].encode()

    def left_behind() -> dict[str, list[bytes]]:
        return {
            "topics": list(records(servers.bootstrap, issuance.name)),
            "database": list(documents(servers.mongo_url, issuance.name)),
            "log": [json.dumps(line).encode() for line in issuance.process.log],
        }

    left = await asyncio.to_thread(left_behind)

    assert {where: [form for form in key if any(form in each for each in all_)] for where, all_ in left.items()} == {
        where: [] for where in left
    }
    # It was looked for what the file holds, and in the right places: what the key signed is there.
    assert any(form in issuance.key for form in key)
    assert any(registry.credential.encode() in each for each in left["topics"])
    assert any(public in each for each in left["database"])
    assert any(registry.credential.encode() in each for each in left["log"])
