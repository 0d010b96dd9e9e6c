"""The service's own HTTP app, put together as in production, over a store in memory."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import orjson
from fastapi import FastAPI

from services.issuance.domain import Award
from services.issuance.handlers import Issuing
from services.issuance.main import service
from services.issuance.settings import Settings
from services.issuance.store import AWARDS, OFFERINGS
from shared.contracts.envelope import LearnerEvent
from shared.kit.http import create_api
from shared.testing.memory import MemoryStore
from tests.unit.issuance import builders


class Service:
    """Issuance with one offering and one learner."""

    def __init__(self, app: FastAPI, store: MemoryStore) -> None:
        self.app = app
        self.store = store
        self.issuing = Issuing(app.state.desk.signer, app.state.desk.names)
        self.award = builders.award()
        offering = builders.offering()
        store.put(OFFERINGS.collection, {"_id": "ou/AAA/2014J", **OFFERINGS.dump(offering)})
        self.beside = builders.beside(offering, 7)

    def hear(self, *events: LearnerEvent) -> Award:
        """Fold events into the learner's award, as the worker would."""
        handlers: dict[str, Any] = {
            "microcred.learner.passed.v1": self.issuing.passed,
            "microcred.pass.withdrawn.v1": self.issuing.withdrawn,
        }
        for event in events:
            self.award = handlers[event.type](self.award, event, self.beside).state
        self.store.put(AWARDS.collection, {"_id": self.award.key, **AWARDS.dump(self.award)})
        return self.award

    def document(self) -> dict[str, Any]:
        """Return the learner's first credential."""
        document: dict[str, Any] = orjson.loads(self.award.credentials[0].document)
        return document

    def client(self) -> httpx.AsyncClient:
        """Return a client of the HTTP side."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://localhost:8003")


async def started(folder: Path, **settings: Any) -> Service:
    """Return the service as `main` makes it, with its key and secret in this folder."""
    secret = folder / "token-secret"
    secret.write_bytes(b"a secret of more than 32 bytes, for tests")
    secret.chmod(0o600)
    environment = Settings(token_secret_file=secret, key_file=folder / "keys" / "issuer.pem", **settings)
    made = service(environment)
    app = create_api(made.title, environment, routers=made.routers, errors=made.errors)
    store = MemoryStore()
    app.state.reader = store
    assert made.on_start is not None
    await made.on_start(app)
    return Service(app, store)


def outcomes(answer: httpx.Response) -> Sequence[str]:
    """Return the outcomes of a check, in the order of its steps."""
    return [step["outcome"] for step in answer.json()["steps"]]
