"""Whatever is sent to any route of any service: an answer that its own document describes, and never a 500."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from shared.contracts.topics import SERVICES
from tests.town import ANSWER_S, Town

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]
ENDLESS = "/v1/funnel/live"
DEPTH = b"[" * 2_000 + b"]" * 2_000


@pytest.mark.timeout(400)  # some sixty routes, and a machine that does other things as well
@pytest.mark.parametrize("service", SERVICES)
def test_no_input_that_the_document_allows_or_forbids_makes_a_server_error(town: Town, tenant: str, service: str):
    client = town.client(service, tenant)
    document = client.get("/openapi.json").json()
    document["paths"].pop(ENDLESS, None)
    document.pop("servers", None)
    schema = schemathesis.openapi.from_dict(document)
    tried = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()

        @given(case=operation.as_strategy())
        @settings(max_examples=10, suppress_health_check=list(HealthCheck), database=None)
        def hold(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate(
                base_url=town.urls[service], headers=dict(client.headers), checks=CHECKS, timeout=ANSWER_S
            )

        hold()
        tried += 1
    assert tried > 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"\xff\xfe{}", 400),
        (DEPTH, 400),
        (b'{"score": NaN}', 400),
        (b'{"score": Infinity}', 400),
        (b"[" + b" " * (1024 * 1024) + b"]", 413),
        (b"[]", 422),
        (b'"text"', 422),
        (b"null", 422),
    ],
    ids=["malformed", "not UTF-8", "deep", "NaN", "Infinity", "oversized", "empty batch", "text", "null"],
)
def test_a_bad_body_is_a_problem_that_names_what_is_wrong(town: Town, tenant: str, body: bytes, status: int):
    platform = town.client("enrolment", tenant)
    answer = platform.post("/v1/events", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["errors"][0]["field"] in {"body", "event"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"type": "microcred.learner.vanished.v1"}, "type"),
        ({"tenant": "somebody-else"}, "tenant"),
        ({"time": "2199-01-01T00:00:00Z"}, "time"),
        ({"learnerref": "ada@example.org"}, "learnerref"),
        ({"data": {"offering": "o", "component": "c", "score": 101}}, "data"),
        ({"data": {"offering": "o", "component": "c", "score": 5, "max_score": 4}}, "data"),
        ({"data": {"offering": "o", "component": "c", "score": "many"}}, "data.score"),
        ({"specversion": "0.3"}, "specversion"),
    ],
)
def test_a_bad_event_is_a_problem_that_names_the_field(town: Town, tenant: str, change: dict[str, object], field: str):
    event = {
        "specversion": "1.0",
        "id": "one",
        "source": "https://platform.example",
        "type": "microcred.result.reported.v1",
        "time": "2026-01-01T00:00:00Z",
        "learnerref": "ada",
        "data": {"offering": "o", "component": "c", "score": 1},
    }
    answer = town.client("enrolment", tenant).post("/v1/events", json={**event, **change})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"] == field, answer.text
