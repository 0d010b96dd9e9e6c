import json
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI, Request
from hypothesis import given
from hypothesis import strategies as st

from shared.kit.bounds import MAX_BYTES, MAX_DEPTH, check_json
from shared.kit.http import create_api
from shared.kit.problem import Problem
from tests.unit.kit.http_kit import client_of, settings_in

ROUTES = APIRouter()


@ROUTES.post("/echo")
async def echo(request: Request) -> int:
    return len(await request.body())


@ROUTES.post("/json")
async def anything(body: dict[str, Any] | list[Any]) -> bool:
    return bool(body)


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    return create_api("test", settings_in(tmp_path), routers=[ROUTES])


async def post(app: FastAPI, path: str, body: bytes, kind: str = "application/json") -> Any:
    async with client_of(app) as client:
        return await client.post(path, content=body, headers={"Content-Type": kind})


def refused(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    (error,) = answer.json()["errors"]
    assert error["field"] == "body"
    return str(error["reason"])


BAD = {
    "cut": b'{"score": 1',
    "NaN": b'{"score": NaN}',
    "Infinity": b'{"score": Infinity}',
    "-Infinity": b'{"score": -Infinity}',
    "overflow": b'{"score": 1e999}',
    "huge integer": b'{"score": ' + b"9" * 5000 + b"}",
    "not UTF-8": b'{"name": "\xff\xfe"}',
    "overlong UTF-8": b'{"name": "\xc0\x80"}',
    "UTF-16": '{"score": 1}'.encode("utf-16"),
    "lone surrogate": rb'{"name": "\ud800"}',
    "two documents": b"{}{}",
    "comment": b"{/**/}",
    "deep": b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1),
    "deep objects": b'{"a":' * (MAX_DEPTH + 1) + b"1" + b"}" * (MAX_DEPTH + 1),
    "bottomless": b"[" * (MAX_BYTES - 1),
    "only spaces": b"  ",
}


@pytest.mark.parametrize("kind", ["application/json", "application/cloudevents-batch+json; charset=UTF-8"])
@pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
async def test_what_is_not_json_names_the_body(app: FastAPI, body: bytes, kind: str) -> None:
    refused(await post(app, "/json", body, kind), 400)


async def test_json_without_a_content_type_is_looked_at_too(app: FastAPI) -> None:
    async with client_of(app) as client:
        refused(await client.post("/echo", content=b"[NaN]"), 400)


async def test_good_json_gets_through(app: FastAPI) -> None:
    deepest = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    assert (await post(app, "/json", deepest)).status_code == 200
    assert (await post(app, "/json", '{"name": "Zoë 😀 \\ud83d\\ude00"}'.encode())).status_code == 200


NESTED = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=20,
)


def depth(node: Any) -> int:
    if isinstance(node, dict):
        node = list(node.values())
    return 1 + max(map(depth, node), default=0) if isinstance(node, list) else 0


@given(NESTED, st.integers(1, 6))
def test_exactly_what_is_too_deep_is_refused(node: Any, limit: int) -> None:
    body = json.dumps(node).encode()
    if depth(node) <= limit:
        check_json(body, limit)
    else:
        with pytest.raises(Problem):
            check_json(body, limit)


def passes(body: bytes) -> bool:
    try:
        check_json(body)
    except Problem:
        return False
    return True


@given(NESTED.map(json.dumps).map(str.encode) | st.binary(max_size=200), st.data())
def test_what_gets_through_is_json_however_it_was_damaged(body: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(body)))
    damaged = body[:at] + data.draw(st.binary(max_size=2)) + body[at + 1 :]
    if passes(damaged):
        json.loads(damaged.decode(), parse_constant=lambda name: pytest.fail(f"{name} got through"))


def depth_of(value: Any) -> int:
    if isinstance(value, dict | list):
        return 1 + max(map(depth_of, value.values() if isinstance(value, dict) else value), default=0)
    return 0


TEXTS = st.text(alphabet='[]{}"\\ab', max_size=6)
NESTED = st.recursive(
    st.none() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=12,
)


@given(NESTED, st.integers(1, 5))
def test_depth_is_judged_by_containers_whatever_stands_in_texts(value: Any, most: int):
    body = json.dumps(value).encode()
    if depth_of(value) <= most:
        check_json(body, most)
    else:
        with pytest.raises(Problem):
            check_json(body, most)


async def test_a_signed_token_that_is_announced_as_json_is_for_the_route_to_judge(app: FastAPI) -> None:
    assert (await post(app, "/echo", b"eyJh.eyJi-_.c2ln\n")).status_code == 200
    assert "JSON" in refused(await post(app, "/json", b"eyJh.eyJi.c2ln"), 422)
    for almost in (b"eyJh.eyJi", b"eyJh..c2ln", b"eyJh.eyJi.c2ln.more", b"a.b.c d", b"." * 10_000):
        assert "not JSON" in refused(await post(app, "/echo", almost), 400)
