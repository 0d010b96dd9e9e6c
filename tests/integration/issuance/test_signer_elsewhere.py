"""The service with keys elsewhere and in encrypted files, and with one that is added while it runs: none is logged."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from services.issuance.keys.entries import FIRST
from services.issuance.keys.folder import KeyFolder
from services.issuance.keys.multikey import multikey
from services.issuance.keys.signer import make_key, signer_from
from shared.contracts.envelope import derived_id
from shared.kit.producer import KafkaPublisher
from shared.testing.servers import Servers
from shared.testing.signer_server import SignerServer, serving
from tests.integration.issuance.process import PATIENCE_S, issued, issuing
from tests.unit.issuance.builders import passed, published

PASSPHRASE = "a passphrase of more than 20 characters"
TOKEN = "a token of the signer"


async def published_keys(client: httpx.AsyncClient, number: int) -> dict[str, Any]:
    """Return the institution's DID document as soon as it has so many keys."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            did: dict[str, Any] = (await client.get("/issuers/ou/did.json")).json()
            if len(did["verificationMethod"]) == number:
                return did
            await asyncio.sleep(0.05)


async def test_a_credential_is_signed_elsewhere_the_next_by_a_new_key_and_no_secret_is_logged(
    servers: Servers, fresh_name: str, tmp_path: Path
) -> None:
    make_key(tmp_path / "hsm")
    elsewhere = signer_from(tmp_path / "hsm")
    folder = KeyFolder(tmp_path / "issuer-key", passphrase=PASSPHRASE.encode())
    folder.rotate(
        "hsm",
        datetime(2026, 1, 1, tzinfo=UTC),
        tenant="ou",
        algorithm=elsewhere.algorithm,
        remote_key=multikey(elsewhere.public_key),
    )
    with serving(SignerServer(TOKEN, {"hsm": elsewhere.sign})) as server:
        settings = {"key_passphrase": PASSPHRASE, "signer_url": server.url, "signer_token": TOKEN, "log_level": "debug"}
        # A rotation has a lead; this one has none, and its published keys speak for the process that answers alone.
        settings["folding_processes"] = "1"
        with issuing(servers, fresh_name, tmp_path, **settings) as service:
            publisher = KafkaPublisher(servers.bootstrap, topic_prefix=fresh_name)
            await publisher.publish([published(), passed()])
            url = await asyncio.to_thread(lambda: service.url)
            async with httpx.AsyncClient(base_url=url, timeout=20, trust_env=False) as client:
                document = (await issued(client)).json()
                report = (await client.post("/credentials/verify", json=document)).json()
                folder.rotate("new", passed(2).time, tenant="ou", algorithm="P-256")
                did = await published_keys(client, 3)
                await publisher.publish([passed(2)])
                second = (await issued(client, derived_id("credential", "pass-2"))).json()
                same = (await issued(client)).json()
            await publisher.close()
        logged = str(service.log) + "".join(service.other)

    assert report["verified"]
    assert document["proof"][0]["verificationMethod"].endswith(multikey(elsewhere.public_key))
    assert second["proof"][0]["verificationMethod"] == did["verificationMethod"][2]["id"]
    assert second["proof"][0]["cryptosuite"] == "ecdsa-rdfc-2019"
    assert same == document
    assert server.requests >= 1
    assert "service.listening" in logged
    first = load_pem_private_key(folder.path_of(FIRST).read_bytes(), PASSPHRASE.encode())
    for secret in (PASSPHRASE, TOKEN, first.private_bytes_raw().hex(), "PRIVATE KEY"):  # type: ignore[union-attr]
        assert secret not in logged
