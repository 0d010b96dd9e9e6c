"""A wallet: a key, the proofs that it signs, and a worker that folds at once what the service appends."""

import base64
import time
from collections.abc import Sequence
from typing import Any

import httpx
import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.issuance.interfaces.uses import USES, tried, uses_key
from services.issuance.interfaces.wallet_names import BOUND, GRANT
from services.issuance.keys.jwk import jwk
from services.issuance.keys.multikey import did_key
from services.issuance.keys.signer import KeySigner
from shared.contracts.envelope import Event
from shared.contracts.once import UseTried
from shared.testing.memory import MemoryPublisher, MemoryStore
from tests.unit.issuance.builders import NAMES, passed
from tests.unit.issuance.desk import Service
from tests.unit.issuance.interfaces.calls import bearer

Document = dict[str, Any]
KEY = KeySigner(Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
OTHER = KeySigner(Ed25519PrivateKey.from_private_bytes(bytes(range(2, 34))))
DID = did_key(KEY.public_key)
ISSUER = f"{NAMES.public_url}/issuers/ou"
PATH = "/issuers/ou/oid4vci"


class Folding(MemoryPublisher):
    """A broker whose worker is never behind."""

    def __init__(self, store: MemoryStore) -> None:
        super().__init__()
        self._store = store

    async def publish(self, events: Sequence[Event]) -> None:
        await super().publish(events)
        for event in events:
            if isinstance(event, UseTried):
                held = await self._store.get(USES.collection, uses_key(event))
                uses = tried(USES.load(held) if held else USES.new(""), event).state
                self._store.put(USES.collection, {"_id": uses_key(event), **USES.dump(uses)})


def with_worker(service: Service) -> Service:
    """Let a worker fold what is used, and issue a credential to a learner."""
    service.app.state.publisher = Folding(service.store)
    service.hear(passed())
    return service


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def proof(challenge: str | None, key: KeySigner = KEY, *, header: Document | None = None, **claims: Any) -> str:
    """Return a key proof; a header or claim that is None is left out."""
    head = {"typ": "openid4vci-proof+jwt", "alg": "EdDSA", "jwk": jwk(key.public_key), **(header or {})}
    body = {"aud": ISSUER, "iat": int(time.time()), "nonce": challenge, **claims}
    given = [{name: each for name, each in one.items() if each is not None} for one in (head, body)]
    content = ".".join(encoded(orjson.dumps(each)) for each in given)
    return f"{content}.{encoded(key.sign(content.encode()))}"


async def offer(service: Service, **wanted: Any) -> Document:
    """Have an offer made for the learner's credential."""
    path = f"/v1/credentials/{service.award.credentials[0].credential_id}/offer"
    async with service.client() as client:
        answer = await client.post(path, json=wanted, headers=bearer(service, "credentials:claim"))
    assert answer.status_code == 200, answer.text
    made: Document = answer.json()
    return made


def code_of(made: Document) -> str:
    offered = made.get("credential_offer", made)
    return str(offered["grants"][GRANT]["pre-authorized_code"])


async def token(service: Service, code: str, **fields: str) -> httpx.Response:
    async with service.client() as client:
        return await client.post(f"{PATH}/token", data={"grant_type": GRANT, "pre-authorized_code": code, **fields})


async def nonce(service: Service) -> str:
    async with service.client() as client:
        return str((await client.post(f"{PATH}/nonce")).json()["c_nonce"])


async def ask(service: Service, access: str, body: Document) -> httpx.Response:
    async with service.client() as client:
        return await client.post(f"{PATH}/credential", json=body, headers={"Authorization": f"Bearer {access}"})


async def access_of(service: Service, **fields: str) -> str:
    """Return an access token for a new offer without a transaction code."""
    answer = await token(service, code_of(await offer(service, tx_code=False)), **fields)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


def wanting(*proofs: Any, configuration: str = BOUND[0]) -> Document:
    return {"credential_configuration_id": configuration, "proofs": {"jwt": list(proofs)}}
