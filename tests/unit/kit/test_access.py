import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from fastapi import APIRouter, FastAPI, Request

from shared.kit.http import create_api
from shared.kit.logs import configure_logging
from shared.kit.metrics import Metrics
from tests.unit.kit.http_kit import client_of, settings_in

ROUTES = APIRouter(prefix="/v1")
TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@ROUTES.get("/learners/{learner}")
async def learner(learner: str, request: Request) -> dict[str, str]:
    structlog.get_logger("test").info("inside")
    return {"request_id": request.state.request_id, "traceparent": request.state.traceparent}


@ROUTES.get("/bug")
async def bug() -> None:
    token = "swordfish"
    raise RuntimeError(len(token))


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def app(tmp_path: Path, metrics: Metrics) -> FastAPI:
    return create_api("test", settings_in(tmp_path), routers=[ROUTES], metrics=metrics)


@pytest.fixture
def logged() -> Iterator["Logged"]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    before = structlog.get_config()
    stream = io.StringIO()
    configure_logging("info", service="enrolment", stream=stream)
    yield Logged(stream)
    root.handlers, root.level = handlers, level
    logging.captureWarnings(capture=False)
    structlog.configure(**before)


class Logged:
    """What was logged, line by line."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    def lines(self) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in self._stream.getvalue().splitlines()]
        return [line for line in lines if not line["logger"].startswith("http")]  # the test's own client


async def test_ids_go_in_and_out(app: FastAPI) -> None:
    async with client_of(app) as client:
        answer = await client.get("/v1/learners/a", headers={"X-Request-Id": "r-1", "traceparent": TRACEPARENT})
    assert answer.json() == {"request_id": "r-1", "traceparent": TRACEPARENT}
    assert (answer.headers["x-request-id"], answer.headers["traceparent"]) == ("r-1", TRACEPARENT)


@pytest.mark.parametrize("bad", ["", "a b", "x" * 65, '","status":200'])
async def test_ids_that_would_spoil_a_log_are_replaced(app: FastAPI, bad: str) -> None:
    async with client_of(app) as client:
        answer = await client.get("/v1/learners/a", headers={"X-Request-Id": bad, "traceparent": bad})
    assert answer.headers["x-request-id"] not in {"", bad}
    assert answer.headers["traceparent"].startswith("00-")


async def test_a_request_is_one_line_with_its_ids(app: FastAPI, logged: Logged) -> None:
    async with client_of(app) as client:
        await client.get("/v1/learners/a?q=1", headers={"X-Request-Id": "r-1", "traceparent": TRACEPARENT})
    inside, line = logged.lines()
    assert inside["message"] == "inside"
    assert inside["request_id"] == line["request_id"] == "r-1"
    assert line["message"] == "request"
    assert line["service"] == "enrolment"
    assert (line["method"], line["path"], line["route"], line["status"]) == (
        "GET",
        "/v1/learners/a",
        "/v1/learners/{learner}",
        200,
    )
    assert line["traceparent"] == TRACEPARENT
    assert line["seconds"] >= 0


async def test_probes_do_not_fill_the_log(app: FastAPI, logged: Logged) -> None:
    async with client_of(app) as client:
        await client.get("/healthz")
    assert logged.lines() == []


async def test_a_bug_is_logged_with_its_place_and_without_its_variables(app: FastAPI, logged: Logged) -> None:
    async with client_of(app) as client:
        await client.get("/v1/bug", headers={"X-Request-Id": "r-2"})
    failed, line = logged.lines()
    assert failed["level"] == "error"
    assert failed["request_id"] == "r-2"
    assert "RuntimeError: 9" in failed["exception"]
    assert "token = 'swordfish'" not in failed["exception"]
    assert line["status"] == 500


async def test_libraries_log_in_the_same_format(logged: Logged) -> None:
    logging.getLogger("some.library").warning("careful with %s", "this")
    logging.getLogger("faust.app").info("chatter")
    (line,) = logged.lines()
    assert (line["message"], line["level"], line["logger"]) == ("careful with this", "warning", "some.library")


async def test_made_up_paths_and_methods_are_counted_together(app: FastAPI, metrics: Metrics) -> None:
    async with client_of(app) as client:
        for number in range(5):
            await client.request(f"VERB{number}", f"/made/up/{number}")
    assert metrics.requests.labels("other", "unmatched", "404")._value.get() == 5
    assert "VERB" not in metrics.exposed().decode()
