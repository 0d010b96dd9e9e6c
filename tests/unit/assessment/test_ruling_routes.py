from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.assessment.errors import STATUSES
from services.assessment.rulings.routes import router
from services.assessment.settings import Settings
from services.assessment.store import OFFERINGS, PROGRESS
from shared.contracts.topics import RULINGS
from shared.contracts.wire import decode
from shared.kit.auth import Tokens
from shared.kit.http import create_api
from shared.testing.memory import MemoryPublisher, MemoryStore
from tests.unit.assessment import more
from tests.unit.assessment.facts import KEY, LEARNER, OFFERING, TENANT, Learner

SECRET = b"a secret for tests, long enough to be taken"
TOKENS = Tokens(SECRET)
NOW = datetime(2026, 11, 1, tzinfo=UTC)
PUBLISHED = more.offering({"id": "exam", "weight": 1}, awaits_release=True)
VERSION = PUBLISHED.data.policy.version
ONE: dict[str, Any] = {"offering": OFFERING, "learner": LEARNER}
ALL: dict[str, Any] = {"offering": OFFERING}
DUE = {"component": "exam", "due": "2026-12-01T12:00:00+01:00"}


@pytest.fixture
def publisher() -> MemoryPublisher:
    return MemoryPublisher()


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    offering = Learner().fold(PUBLISHED).offering
    assert offering is not None
    store.put(OFFERINGS.collection, {"_id": f"{TENANT}/{OFFERING}", **OFFERINGS.dump(offering)})
    return store


@pytest.fixture
def client(store: MemoryStore, publisher: MemoryPublisher, tmp_path: Path) -> httpx.AsyncClient:
    file = tmp_path / "secret"
    file.write_bytes(SECRET)
    api = create_api("assessment", Settings(token_secret_file=file), routers=(router,), errors=STATUSES, tokens=TOKENS)
    api.state.reader, api.state.publisher = store, publisher
    api.state.clock = lambda: NOW
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=api), base_url="http://test", headers=as_of(TENANT))


def as_of(tenant: str, scope: str = "grades:write") -> dict[str, str]:
    return {"Authorization": f"Bearer {TOKENS.issue(tenant, [scope], 'exam-office')}"}


@pytest.mark.parametrize(
    ("path", "body", "kind", "key"),
    [
        ("releases", ONE, "microcred.results.released.v1", LEARNER),
        ("releases", {**ONE, "component": "exam"}, "microcred.results.released.v1", LEARNER),
        ("releases", ALL, "microcred.all.released.v1", f"{TENANT}/{OFFERING}"),
        ("extensions", {**ONE, **DUE}, "microcred.extension.granted.v1", LEARNER),
        ("migrations", {**ONE, "policy_version": VERSION}, "microcred.learner.migrated.v1", LEARNER),
        (
            "migrations",
            {**ALL, "policy_version": VERSION, "from_version": VERSION},
            "microcred.all.migrated.v1",
            f"{TENANT}/{OFFERING}",
        ),
    ],
)
async def test_a_ruling_is_one_event(  # noqa: PLR0917 - a table's columns
    client: httpx.AsyncClient, publisher: MemoryPublisher, path: str, body: dict[str, Any], kind: str, key: str
) -> None:
    response = await client.post(f"/v1/{path}", json=body)
    assert response.status_code == 202, response.text
    (said,) = publisher.log
    event = decode(RULINGS, said.value, said.headers)
    assert (said.topic, said.key, event.type) == (RULINGS.name, key.encode(), kind)
    assert (event.id, event.tenant, event.time) == (response.json()["ruling"], TENANT, NOW)
    assert event.data.by == "exam-office"
    assert response.json()["counted_in"] is False


async def test_a_request_that_repeats_its_key_is_one_ruling(client: httpx.AsyncClient) -> None:
    keys = {"Idempotency-Key": "7"}
    answers = [await client.post("/v1/releases", json=ONE, headers=keys) for _ in range(2)]
    other = await client.post("/v1/releases", json={**ONE, "component": "exam"})
    assert answers[0].json()["ruling"] == answers[1].json()["ruling"] != other.json()["ruling"]


async def test_who_waits_is_told_when_it_is_counted_in(
    client: httpx.AsyncClient, store: MemoryStore, publisher: MemoryPublisher
) -> None:
    asked = await client.post("/v1/releases", json=ONE, headers={"Idempotency-Key": "7"})
    learner = Learner().fold(PUBLISHED, decode(RULINGS, publisher.log[0].value))
    store.put(PROGRESS.collection, {"_id": KEY, **PROGRESS.dump(learner.progress)})
    headers = {"Idempotency-Key": "7", "Prefer": "wait=5"}
    again = await client.post("/v1/releases", json=ONE, headers=headers)
    assert (again.status_code, again.json()) == (200, {**asked.json(), "counted_in": True})


@pytest.mark.parametrize(
    ("path", "body", "status", "field"),
    [
        ("releases", {"offering": "BBB"}, 404, None),
        ("releases", {**ONE, "component": "essay"}, 422, "component"),
        ("releases", {**ONE, "components": "exam"}, 422, "components"),
        ("releases", {**ONE, "learner": "a@b"}, 422, "learner"),
        ("extensions", {**ALL, **DUE}, 422, "learner"),
        ("extensions", {**ONE, **DUE, "due": "2026-12-01"}, 422, "due"),
        ("migrations", {**ONE, "policy_version": "0" * 12}, 422, "policy_version"),
        ("migrations", {**ONE, "policy_version": VERSION, "from_version": "0" * 12}, 422, "from_version"),
        ("migrations", ALL, 422, "policy_version"),
    ],
)
async def test_what_makes_no_sense_is_refused_by_field(  # noqa: PLR0917 - a table's columns
    client: httpx.AsyncClient,
    publisher: MemoryPublisher,
    path: str,
    body: dict[str, Any],
    status: int,
    field: str | None,
) -> None:
    response = await client.post(f"/v1/{path}", json=body)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    if field is not None:
        assert response.json()["errors"][0]["field"] == field
    assert publisher.log == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": ""}, 401),
        (as_of(TENANT, "events:write"), 403),
        (as_of(TENANT, "offerings:write"), 403),
        (as_of("other"), 404),
    ],
)
async def test_only_who_may_rule_on_grades_does(
    client: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    for path, body in (
        ("releases", ALL),
        ("extensions", {**ONE, **DUE}),
        ("migrations", {**ONE, "policy_version": VERSION}),
    ):
        assert (await client.post(f"/v1/{path}", json=body, headers=headers)).status_code == status


async def test_the_documented_examples_are_well_formed(client: httpx.AsyncClient) -> None:
    schemas = (await client.get("/openapi.json")).json()["components"]["schemas"]
    for path, name in (("releases", "Release"), ("extensions", "Extension"), ("migrations", "Migration")):
        for example in schemas[name]["examples"]:
            response = await client.post(f"/v1/{path}", json={**example, "offering": "not-known"})
            assert response.status_code == 404, response.text
