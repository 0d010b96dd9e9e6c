"""LTI over HTTP: scores, and what a tool may not do."""

import json

import httpx
import pytest

from services.enrolment.lti.line_items import decoded, encoded
from shared.kit.auth import LINE_ITEMS, LTI, RESULTS, SCORE
from shared.testing.memory import MemoryPublisher
from tests.unit.enrolment.lti.tool import ALL, CONTEXT, EXAM, GIVEN, SCORE_TYPE, ask, post
from tests.unit.enrolment.platforms.registry import CLIENT
from tests.unit.enrolment.platforms.test_lti_ags import BODY
from tests.unit.enrolment.tokens import as_of


async def test_another_institution_sees_and_scores_nothing(
    client: httpx.AsyncClient, publisher: MemoryPublisher
) -> None:
    other = as_of("other", *LTI)
    assert (await client.get(EXAM, headers=other)).status_code == 404
    assert (await post(client, GIVEN, other)).status_code == 404
    assert not publisher.events


@pytest.mark.parametrize(
    ("method", "address", "scope"),
    [
        ("GET", f"/v1/lti/{CONTEXT}/lineitems", LINE_ITEMS),
        ("GET", EXAM, LINE_ITEMS),
        ("GET", f"{EXAM}/results", RESULTS),
        ("POST", f"{EXAM}/scores", SCORE),
    ],
)
async def test_each_service_asks_for_its_scope(
    client: httpx.AsyncClient, method: str, address: str, scope: str
) -> None:
    lacking = as_of("ou", *(LTI - {scope}), "events:write", "read")
    answer = await client.request(method, address, headers={**lacking, **SCORE_TYPE}, content=json.dumps(GIVEN))
    assert answer.status_code == 403
    assert scope in answer.headers["www-authenticate"]
    nobody = await client.request(method, address, headers={"Authorization": ""})
    assert nobody.status_code == 401


@pytest.mark.parametrize("announced", ["application/json", "text/plain", "application/vnd.ims.lis.v2.score+json", ""])
async def test_only_the_media_type_of_scores_is_taken(client: httpx.AsyncClient, announced: str) -> None:
    answer = await post(client, GIVEN, {"content-type": announced})
    assert answer.status_code == 415
    assert "vnd.ims.lis.v1.score+json" in answer.json()["detail"]


async def test_parameters_of_the_media_type_are_passed_over(client: httpx.AsyncClient) -> None:
    announced = "Application/vnd.ims.lis.v1.score+JSON; charset=utf-8"
    assert (await post(client, GIVEN, {"content-type": announced})).status_code == 200


async def test_extra_credit_is_said_in_the_answer(client: httpx.AsyncClient) -> None:
    answer = await post(client, GIVEN | {"scoreGiven": 16})
    assert [note["field"] for note in answer.json()["notes"]] == ["scoreGiven"]


@pytest.mark.parametrize("body", [b"", b"{", b"null", b"[]", b"7", b"[" * 2000, b'{"userId": NaN}', b"\xff", b"a.b.c"])
async def test_a_body_that_is_no_score_is_refused(
    client: httpx.AsyncClient, publisher: MemoryPublisher, body: bytes
) -> None:
    answer = await post(client, body)
    assert answer.status_code in {400, 422}
    assert answer.json()["errors"][0]["field"] == "body"
    assert not publisher.events


async def test_a_score_from_the_future_is_refused(client: httpx.AsyncClient) -> None:
    answer = await post(client, BODY)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "time")


async def test_the_tools_users_are_those_of_its_issuer_whoever_holds_the_token(
    client: httpx.AsyncClient, publisher: MemoryPublisher
) -> None:
    granted = {"Authorization": f"Bearer {(await ask(client)).json()['access_token']}"}
    for headers in (granted, granted, ALL):
        await post(client, GIVEN, headers)
    first, again, by_hand = (said.key for said in publisher.events)
    assert first == again != by_hand
    assert CLIENT not in first


@pytest.mark.parametrize("name", ["exam", "AAA/2013J", "ü", "a" * 200])
def test_a_name_stands_in_an_address_in_one_way_only(name: str) -> None:
    assert decoded(encoded(name)) == decoded(encoded(name).upper()) == name
    assert encoded(name) == encoded(name).lower()
    assert decoded(encoded(name) + "=") is None
