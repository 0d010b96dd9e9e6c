"""The service with keys that a signer elsewhere keeps, and with encrypted files: nothing of them is logged."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import httpx
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from services.issuance.keys.folder import FIRST, KeyFolder
from services.issuance.keys.multikey import multikey
from services.issuance.keys.signer import make_key, signer_from
from shared.kit.producer import KafkaPublisher
from shared.testing.servers import Servers
from shared.testing.signer_server import SignerServer, serving
from tests.integration.issuance.process import issued, issuing
from tests.unit.issuance.builders import passed, published

PASSPHRASE = "a passphrase of more than 20 characters"
TOKEN = "a token of the signer"


async def test_a_credential_is_signed_elsewhere_and_no_secret_is_logged(
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
        with issuing(servers, fresh_name, tmp_path, **settings) as service:
            publisher = KafkaPublisher(servers.bootstrap, topic_prefix=fresh_name)
            await publisher.publish([published(), passed()])
            await publisher.close()
            url = await asyncio.to_thread(lambda: service.url)
            async with httpx.AsyncClient(base_url=url, timeout=20, trust_env=False) as client:
                document = (await issued(client)).json()
                report = (await client.post("/credentials/verify", json=document)).json()
                did = (await client.get("/issuers/ou/did.json")).json()
        logged = str(service.log) + "".join(service.other)

    assert report["verified"]
    assert document["proof"][0]["verificationMethod"].endswith(multikey(elsewhere.public_key))
    assert len(did["verificationMethod"]) == 2
    assert server.requests >= 1
    assert "service.listening" in logged
    first = load_pem_private_key(folder.path_of(FIRST).read_bytes(), PASSPHRASE.encode())
    for secret in (PASSPHRASE, TOKEN, first.private_bytes_raw().hex(), "PRIVATE KEY"):  # type: ignore[union-attr]
        assert secret not in logged
