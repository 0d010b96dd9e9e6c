from pathlib import Path
from typing import Any

import httpx
import pytest

from services.assessment.errors import STATUSES
from services.assessment.routes import router
from services.assessment.settings import Settings
from services.assessment.store import OFFERINGS, PROGRESS
from services.assessment.views import ProgressView
from shared.contracts.envelope import Event
from shared.kit.auth import Tokens
from shared.kit.http import create_api
from shared.testing.memory import MemoryStore
from tests.unit.assessment import facts as an
from tests.unit.assessment.facts import KEY, LEARNER, OFFERING, TENANT, Learner

SECRET = b"a secret for tests, long enough to be taken"
TOKENS = Tokens(SECRET)
URL = f"/v1/progress/{LEARNER}/{OFFERING}"
TWO_PARTS = (("tma", "40"), ("exam", "60"))


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def client(store: MemoryStore, tmp_path: Path) -> httpx.AsyncClient:
    file = tmp_path / "secret"
    file.write_bytes(SECRET)
    api = create_api("assessment", Settings(token_secret_file=file), routers=(router,), errors=STATUSES, tokens=TOKENS)
    api.state.reader = store
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=api), base_url="http://test", headers=as_of(TENANT))


def as_of(tenant: str, scope: str = "read") -> dict[str, str]:
    return {"Authorization": f"Bearer {TOKENS.issue(tenant, [scope], 'a-client')}"}


def keep(store: MemoryStore, *events: Event) -> None:
    learner = Learner().fold(*events)
    store.put(PROGRESS.collection, {"_id": KEY, **PROGRESS.dump(learner.progress)})
    if learner.offering is not None:
        document = OFFERINGS.dump(learner.offering)
        store.put(OFFERINGS.collection, {"_id": f"{TENANT}/{OFFERING}", **document})


async def answer(client: httpx.AsyncClient) -> Any:
    response = await client.get(URL)
    assert response.status_code == 200, response.text
    return response.json()


async def test_progress_shows_each_component_and_what_is_missing(client: httpx.AsyncClient, store: MemoryStore) -> None:
    keep(
        store,
        an.offering(TWO_PARTS),
        an.enrolled(),
        an.result("t1", 82, component="tma"),
        an.result("t2", None, component="tma"),
        an.result("t3", 90, component="tma"),
        an.voided("t3"),
        an.result("x1", 5, component="essay"),
    )
    shown = await answer(client)
    tma, exam = shown["components"]
    assert (tma["score_percent"], tma["attempts"], tma["unmarked"], tma["voided"]) == (82.0, 1, 1, 1)
    assert (exam["score_percent"], exam["missing"], exam["weight"]) == (None, True, 60)
    assert (shown["grade_percent"], shown["pass_mark"], shown["passed"]) == (32.8, 40, False)
    assert shown["missing"] == ["exam"]
    assert shown["not_in_policy"] == ["essay"]
    assert shown["policy_version"] == an.offering(TWO_PARTS).data.policy.version
    assert shown["reasons"] == [
        "The grade 32.8 is below the pass mark 40.",
        "No marked attempt counts at exam (weight 60); what is missing counts 0.",
    ]


async def test_progress_says_why_a_learner_passed(client: httpx.AsyncClient, store: MemoryStore) -> None:
    keep(store, an.offering(), an.enrolled(), an.result("r1", 40))
    shown = await answer(client)
    assert (shown["passed"], shown["passes"], shown["reasons"]) == (True, 1, ["The grade 40 reaches the pass mark 40."])


@pytest.mark.parametrize(
    ("events", "reason", "waiting_for", "held"),
    [
        ([an.enrolled(), an.result("r1", 60)], "The offering has not been published", f"{TENANT}/{OFFERING}", 1),
        ([an.offering(), an.result("r1", 60)], "The learner has not been enrolled", None, 1),
        ([an.offering(), an.enrolled(), an.result("r1", 60), an.unenrolled(5)], "The learner has left", None, 0),
        (
            [an.enrolled(), an.result("r1", 60), an.offering()],
            "The offering was published a moment ago",
            f"{TENANT}/{OFFERING}",
            1,
        ),
    ],
)
async def test_progress_says_what_holds_it_up(  # noqa: PLR0917 - a table's columns
    client: httpx.AsyncClient,
    store: MemoryStore,
    events: list[Event],
    reason: str,
    waiting_for: str | None,
    held: int,
) -> None:
    keep(store, *events)
    shown = await answer(client)
    assert not shown["passed"]
    assert shown["reasons"][0].startswith(reason)
    assert (shown["waiting_for"], shown["held"]) == (waiting_for, held)


async def test_an_offering_with_its_slash_encoded_is_the_same(client: httpx.AsyncClient, store: MemoryStore) -> None:
    keep(store, an.offering(), an.enrolled())
    response = await client.get(f"/v1/progress/{LEARNER}/AAA%2F2013J")
    assert response.json()["offering"] == OFFERING


async def test_another_institution_sees_nothing(client: httpx.AsyncClient, store: MemoryStore) -> None:
    keep(store, an.offering(), an.enrolled(), an.result("r1", 60))
    response = await client.get(URL, headers=as_of("other"))
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert LEARNER in response.json()["detail"]


@pytest.mark.parametrize(
    ("url", "field"),
    [(f"/v1/progress/{'x' * 129}/{OFFERING}", "learner"), (f"/v1/progress/{LEARNER}/a%20b", "offering")],
)
async def test_a_name_out_of_its_bounds_is_refused_by_field(client: httpx.AsyncClient, url: str, field: str) -> None:
    response = await client.get(url)
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == field


@pytest.mark.parametrize(("headers", "status"), [({"Authorization": ""}, 401), (as_of(TENANT, "events:write"), 403)])
async def test_only_readers_may_look(client: httpx.AsyncClient, headers: dict[str, str], status: int) -> None:
    response = await client.get(URL, headers=headers)
    assert response.status_code == status


async def test_the_documented_example_is_an_answer(client: httpx.AsyncClient, store: MemoryStore) -> None:
    keep(store, an.offering(), an.enrolled())
    example = (await client.get("/openapi.json")).json()["components"]["schemas"]["ProgressView"]["example"]
    assert ProgressView.model_validate(example).reasons
    assert example.keys() <= (await answer(client)).keys()
