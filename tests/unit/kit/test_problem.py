import re
from pathlib import Path
from typing import Annotated

import pytest
from fastapi import APIRouter, FastAPI, Query, Response
from pydantic import BaseModel, Field, field_validator

from shared.kit.errors import StoreUnavailable
from shared.kit.http import create_api
from shared.kit.problem import Problem, Wording
from tests.unit.kit.http_kit import client_of, settings_in

SECRET = "the password is swordfish"


class OfferingUnknown(Exception):
    """A domain error without a field."""


class MarkTooHigh(Exception):
    """A domain error that names its field."""

    field = "data.score"
    reason = "more than the maximum"


class MarkFarTooHigh(MarkTooHigh):
    """A kind of a mapped error."""


class Result(BaseModel):
    score: Annotated[float, Field(ge=0)]
    parts: list[int] = []

    @field_validator("score")
    @classmethod
    def _even(cls, score: float) -> float:
        if score % 2:
            raise ValueError("must be even")
        return score


ROUTES = APIRouter()
RAISED: dict[str, Exception] = {
    "problem": Problem(
        409, "Taken", "somebody was faster", type_="https://example.org/taken", headers={"X-A": "b"}, by=3
    ),
    "unknown": OfferingUnknown("offering ou/b1 is not known"),
    "field": MarkFarTooHigh(),
    "away": StoreUnavailable(SECRET),
    "bug": RuntimeError(SECRET),
}


@ROUTES.get("/raise/{name}")
async def raise_it(name: str) -> None:
    raise RAISED[name]


@ROUTES.post("/results")
async def take(result: Result, limit: Annotated[int, Query(le=100)] = 1) -> Result:
    return result


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    errors: dict[type[Exception], int] = {OfferingUnknown: 404, MarkTooHigh: 422}
    return create_api("test", settings_in(tmp_path), routers=[ROUTES], errors=errors)


async def test_a_problem_goes_out_with_all_its_members(app: FastAPI) -> None:
    async with client_of(app) as client:
        answer = await client.get("/raise/problem")
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-a"] == "b"
    assert answer.json() == {
        "type": "https://example.org/taken",
        "title": "Taken",
        "status": 409,
        "detail": "somebody was faster",
        "by": 3,
    }


async def test_a_domain_error_is_answered_with_its_status(app: FastAPI) -> None:
    async with client_of(app) as client:
        answer = await client.get("/raise/unknown")
    assert answer.status_code == 404
    assert answer.json()["title"] == "Not Found"
    assert answer.json()["detail"] == "offering ou/b1 is not known"


async def test_a_domain_error_that_knows_its_field_names_it(app: FastAPI) -> None:
    async with client_of(app) as client:
        answer = await client.get("/raise/field")
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": "data.score", "reason": "more than the maximum"}]


@pytest.mark.parametrize(("name", "status"), [("bug", 500), ("away", 503)])
async def test_nothing_from_inside_gets_out(app: FastAPI, name: str, status: int) -> None:
    async with client_of(app) as client:
        answer = await client.get(f"/raise/{name}", headers={"X-Request-Id": "r-1"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert "swordfish" not in answer.text
    assert "Error" not in answer.json()["detail"]


async def test_a_bug_names_the_request_to_ask_about(app: FastAPI) -> None:
    async with client_of(app) as client:
        answer = await client.get("/raise/bug", headers={"X-Request-Id": "r-1"})
    assert "r-1" in answer.json()["detail"]


async def test_an_unavailable_service_says_when_to_come_back(app: FastAPI) -> None:
    async with client_of(app) as client:
        answer = await client.get("/raise/away")
    assert int(answer.headers["retry-after"]) > 0


async def test_every_fault_of_a_request_is_named(app: FastAPI) -> None:
    async with client_of(app) as client:
        answer = await client.post("/results?limit=101", json={"score": 3, "parts": [1, "x"]})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    faults = {each["field"]: each["reason"] for each in answer.json()["errors"]}
    assert set(faults) == {"limit", "score", "parts.1"}
    assert faults["score"] == "must be even"


async def test_a_missing_body_is_named(app: FastAPI) -> None:
    async with client_of(app) as client:
        answer = await client.post("/results")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "body"


async def test_what_is_not_there_is_a_problem_too(app: FastAPI) -> None:
    async with client_of(app) as client:
        nowhere = await client.get("/nowhere")
        wrong = await client.delete("/results")
    assert (nowhere.status_code, nowhere.json()["title"]) == (404, "Not Found")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")
    assert {nowhere.headers["content-type"], wrong.headers["content-type"]} == {"application/problem+json"}


async def test_the_document_tells_of_problems_and_not_of_fastapis_own(app: FastAPI) -> None:
    async with client_of(app) as client:
        document = (await client.get("/openapi.json")).json()
    answers = document["paths"]["/results"]["post"]["responses"]
    assert set(answers) == {"200", "default"}
    assert "application/problem+json" in answers["default"]["content"]
    assert "HTTPValidationError" not in document["components"]["schemas"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/raise/problem", b""),
        ("/raise/bug", b""),
        ("/raise/field", b""),
        ("/raise/nothing/of/it", b""),
        ("/raise/problem", b"{"),
    ],
)
async def test_an_interface_says_every_error_in_its_own_words(tmp_path: Path, path: str, body: bytes) -> None:
    errors: dict[type[Exception], int] = {MarkTooHigh: 422}
    own = Wording(re.compile("/raise/"), lambda problem: Response(f"oh: {problem.status}", problem.status))
    app = create_api("test", settings_in(tmp_path), routers=[ROUTES], errors=errors, wordings=[own])

    async with client_of(app) as client:
        answer = await client.request("GET", path, content=body)
        elsewhere = await client.get("/elsewhere")

    assert answer.text == f"oh: {answer.status_code}"
    assert answer.status_code >= 400
    assert elsewhere.headers["content-type"] == "application/problem+json"
