"""The funnel over HTTP: numbers, named rates, and nobody else's."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from shared.kit.errors import StoreUnavailable
from shared.testing.memory import MemoryStore
from tests.unit.analytics.app import a_client, a_store, a_token, an_app

READING = ["/v1/funnel", "/v1/funnel/live", "/dashboard/chart.json", "/dashboard/funnel.svg"]


@pytest.fixture
async def app(tmp_path: Path) -> FastAPI:
    return await an_app(a_store(), tmp_path)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with a_client(app, Authorization=f"Bearer {a_token(app)}") as client:
        yield client


async def test_the_funnel_by_offering_has_counts_and_rates(client: httpx.AsyncClient) -> None:
    answer = (await client.get("/v1/funnel", params={"by": "offering"})).json()

    law = answer["rows"][1]
    assert [row["key"] for row in answer["rows"]] == ["art", "law"]
    assert law["title"] == "Law & <order>"
    assert law["counts"] == {"enrolled": 40, "assessed": 30, "passed": 10, "issued": 9, "left": 5}
    assert law["rates"]["passed_of_enrolled"] == 0.25
    assert answer["total"]["counts"]["enrolled"] == 48


async def test_every_rate_of_the_answer_names_its_denominator(client: httpx.AsyncClient) -> None:
    answer = (await client.get("/v1/funnel")).json()

    for row in [answer["total"], *answer["rows"]]:
        for name in row["rates"]:
            part, whole = name.split("_of_")
            assert {part, whole} <= set(row["counts"])


async def test_the_funnel_by_month_keeps_to_offering_and_period(client: httpx.AsyncClient) -> None:
    params = {"by": "month", "offering": "law", "from": "2026-02", "to": "2026-12"}

    answer = (await client.get("/v1/funnel", params=params)).json()

    assert [(row["key"], row["counts"]["enrolled"]) for row in answer["rows"]] == [("2026-02", 10)]
    assert answer["total"]["rates"]["issued_of_passed"] is None


async def test_an_empty_choice_is_no_choice(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/funnel?offering=&from=")).json()["total"]["counts"]["enrolled"] == 48


@pytest.mark.parametrize(
    ("query", "field"),
    [("from=2026-13", "from"), ("to=tomorrow", "to"), ("by=learner", "by"), ("offering=a%20b", "offering")],
)
async def test_what_cannot_be_asked_names_its_field(client: httpx.AsyncClient, query: str, field: str) -> None:
    answer = await client.get(f"/v1/funnel?{query}")

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [each["field"] for each in answer.json()["errors"]] == [field]


async def test_a_period_that_ends_before_it_begins_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/funnel?from=2026-02&to=2026-01")

    assert answer.status_code == 422
    assert "from: 2026-02 is after to: 2026-01" in answer.json()["detail"]


@pytest.mark.parametrize("path", READING)
async def test_nothing_is_read_without_a_token(app: FastAPI, path: str) -> None:
    async with a_client(app) as client:
        answer = await client.get(path)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("path", READING)
async def test_nothing_is_read_without_the_scope(app: FastAPI, path: str) -> None:
    async with a_client(app, Authorization=f"Bearer {a_token(app, 'events:write')}") as client:
        assert (await client.get(path)).status_code == 403


@pytest.mark.parametrize("path", ["/v1/funnel", "/dashboard/chart.json", "/dashboard/funnel.svg", "/dashboard"])
@pytest.mark.parametrize("query", ["", "?offering=secret", "?offering=secret&by=month"])
async def test_no_institution_sees_another(app: FastAPI, path: str, query: str) -> None:
    async with a_client(app, Cookie=f"microcred_dashboard={a_token(app)}") as client:
        answer = await client.get(path + query)

    assert answer.status_code == 200
    assert "918273" not in answer.text.replace(",", "")
    assert "Secret title" not in answer.text


async def test_a_database_that_is_away_is_a_503_problem(tmp_path: Path) -> None:
    class Away(MemoryStore):
        async def find(self, *_: object, **__: object) -> list[dict[str, object]]:
            raise StoreUnavailable("no primary")

    app = await an_app(Away(), tmp_path)
    async with a_client(app, Authorization=f"Bearer {a_token(app)}") as client:
        answer = await client.get("/v1/funnel")

    assert answer.status_code == 503
    assert "primary" not in answer.text


async def test_the_document_describes_the_funnel_with_an_example(client: httpx.AsyncClient) -> None:
    paths = (await client.get("/openapi.json")).json()["paths"]

    example = paths["/v1/funnel"]["get"]["responses"]["200"]["content"]["application/json"]["example"]
    answer = (await client.get("/v1/funnel")).json()
    assert example["total"].keys() == answer["total"].keys()
    assert example["total"]["rates"].keys() == answer["total"]["rates"].keys()
    assert set(paths) == {"/v1/funnel", "/v1/funnel/live"}
