"""The service's own HTTP app, put together as in production, over a store in memory."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import orjson
from fastapi import FastAPI

from services.issuance.domain import Award
from services.issuance.handlers import Issuing
from services.issuance.main import service
from services.issuance.news import DECIDED
from services.issuance.settings import Settings
from services.issuance.store import AWARDS, OFFERINGS
from services.issuance.stream import worker_for
from shared.contracts.envelope import LearnerEvent
from shared.kit.http import create_api
from shared.testing.memory import MemoryPublisher, MemoryStore
from tests.unit.issuance import builders


class Service:
    """Issuance with one offering and one learner."""

    def __init__(self, app: FastAPI, store: MemoryStore) -> None:
        self.app = app
        self.store = store
        self.issuing = Issuing(app.state.desk.keys, app.state.desk.names, builders.ORDER)
        self.worker = worker_for(app.state.desk.keys, app.state.desk.names, builders.ORDER)
        self.award = builders.award()
        offering = builders.offering()
        store.put(OFFERINGS.collection, {"_id": "ou/AAA/2014J", **OFFERINGS.dump(offering)})
        self.beside = builders.beside(offering, 7)

    def hear(self, *events: LearnerEvent) -> Award:
        """Fold events into the learner's award, as the worker would."""
        handlers: dict[str, Any] = {
            "microcred.learner.passed.v1": self.issuing.passed,
            "microcred.pass.withdrawn.v1": self.issuing.withdrawn,
            **{event.TYPE: self.issuing.decided for event in DECIDED.values()},
        }
        for event in events:
            place = self.beside.place
            self.beside = self.beside._replace(place=place._replace(offset=place.offset + 1))
            self.award = handlers[event.type](self.award, event, self.beside).state
        self.store.put(AWARDS.collection, {"_id": self.award.key, **AWARDS.dump(self.award)})
        for tally in self.worker.tallies:
            self.store.collections.pop(tally.collection, None)
            counts = Counter(tally.contributions(self.award))
            for number, ((bucket, name), times) in enumerate(counts.items()):
                self.store.put(tally.collection, {"_id": str(number), **dict(bucket), name: times})
        return self.award

    def carry_out(self) -> None:
        """Fold what was appended to the log, as the worker would."""
        events = self.app.state.publisher.events
        self.hear(*events)
        events.clear()

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
    app = create_api(
        made.title,
        environment,
        routers=made.routers,
        errors=made.errors,
        wordings=made.wordings,
        any_origin=made.any_origin,
    )
    store = MemoryStore()
    app.state.reader, app.state.publisher = store, MemoryPublisher()
    assert made.on_start is not None
    await made.on_start(app)
    # Between any two looks at a status list a second passes.
    desk = app.state.desk
    lists = replace(desk.lists, clock=count().__next__)
    app.state.desk = replace(desk, lists=lists, checker=replace(desk.checker, lists=lists))
    return Service(app, store)


def outcomes(answer: httpx.Response) -> Sequence[str]:
    """Return the outcomes of a check, in the order of its steps."""
    return [step["outcome"] for step in answer.json()["steps"]]
