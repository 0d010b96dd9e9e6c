"""LTI over HTTP, as a tool meets it: token, line items, scores; and what it may not do."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from pylti1p3.grade import Grade

from services.enrolment.handlers import offering_published
from services.enrolment.lti.line_items import decoded, encoded
from services.enrolment.lti.token_routes import ASSERTION
from services.enrolment.store import OFFERINGS
from shared.contracts.enrolment import OfferingPublished
from shared.contracts.platform import ResultReported
from shared.kit.auth import LINE_ITEMS, LTI, RESULTS, SCORE
from shared.testing.memory import MemoryPublisher, MemoryStore
from tests.unit.enrolment import facts as a
from tests.unit.enrolment.platforms.registry import CLIENT, assertion
from tests.unit.enrolment.platforms.test_lti_ags import BODY
from tests.unit.enrolment.tokens import as_of

NOW = a.at(60)
CONTEXT = encoded(a.OFFERING)
EXAM = f"/v1/lti/{CONTEXT}/lineitems/{encoded('exam')}"
ALL = as_of("ou", *LTI, platform="an-lms")
SCORE_TYPE = {"content-type": "application/vnd.ims.lis.v1.score+json"}
GIVEN = BODY | {"timestamp": "2026-03-01T00:57:06.123+00:00"}


@pytest.fixture(autouse=True)
def offering(store: MemoryStore) -> None:
    components = [{"id": f"part/{number:03}", "weight": 1} for number in range(5)]
    policy = {"components": [{"id": "exam", "weight": 1, "title": "The exam"}, *components], "pass_mark": 40}
    data = {"offering": a.OFFERING, **a.DEFINITION, "policy": policy}
    told = OfferingPublished.model_validate(
        {"id": "o", "source": "test", "time": a.at(0), "tenant": a.TENANT, "data": data}
    )
    held = offering_published(OFFERINGS.new(told.key), told).state
    store.put(OFFERINGS.collection, {"_id": told.key, **OFFERINGS.dump(held)})


async def ask(client: httpx.AsyncClient, **changed: Any) -> httpx.Response:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION,
        "client_assertion": assertion(NOW),
        "scope": " ".join(LTI),
        **changed,
    }
    return await client.post("/v1/lti/token", data=form, headers={"Authorization": ""})


async def post(client: httpx.AsyncClient, body: Any, headers: dict[str, str] | None = None) -> httpx.Response:
    content = body if isinstance(body, bytes | str) else json.dumps(body)
    return await client.post(f"{EXAM}/scores", content=content, headers={**ALL, **SCORE_TYPE, **(headers or {})})


async def test_a_tool_goes_from_its_key_to_a_score(client: httpx.AsyncClient, publisher: MemoryPublisher) -> None:
    granted = (await ask(client)).json()
    bearer = {"Authorization": f"Bearer {granted['access_token']}"}
    assert set(granted["scope"].split()) == LTI
    (first, *_) = (await client.get(f"/v1/lti/{CONTEXT}/lineitems", headers=bearer)).json()
    grade = Grade().set_score_given(82).set_score_maximum(100).set_user_id("5323497")
    grade.set_activity_progress("Completed").set_grading_progress("FullyGraded")
    grade.set_timestamp(datetime(2026, 3, 1, tzinfo=UTC).isoformat())
    path = urlsplit(first["id"]).path
    answer = await client.post(f"{path}/scores", content=grade.get_value(), headers={**bearer, **SCORE_TYPE})
    # Older releases of the reference library take 200 and 201 for success, and nothing else.
    assert (answer.status_code, answer.json()) == (200, {"accepted": 1, "refused": [], "notes": []})
    (said,) = publisher.events
    assert isinstance(said, ResultReported)
    assert (said.tenant, said.platform, said.data.offering, said.data.component) == ("ou", "an-lms", a.OFFERING, "exam")


async def test_what_is_granted_is_what_there_is_of_what_was_asked_for(client: httpx.AsyncClient) -> None:
    wanted = f"https://purl.imsglobal.org/spec/lti-ags/scope/lineitem {SCORE} events:write operate"
    answer = await ask(client, scope=wanted)
    assert (answer.json()["scope"], answer.headers["cache-control"]) == (SCORE, "no-store")
    assert answer.json()["token_type"] == "Bearer"


@pytest.mark.parametrize(
    ("changed", "status", "error"),
    [
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "unsupported_grant_type"),
        ({"client_assertion_type": "jwt"}, 400, "invalid_request"),
        ({"scope": ""}, 400, "invalid_scope"),
        ({"scope": "events:write"}, 400, "invalid_scope"),
        ({"client_assertion": ""}, 401, "invalid_client"),
        ({"client_assertion": "a.b.c"}, 401, "invalid_client"),
        ({"client_assertion": "ü"}, 401, "invalid_client"),
        ({"client_assertion": "a" * 9_000}, 401, "invalid_client"),
        ({"client_assertion": assertion(NOW, "canvas-1")}, 401, "invalid_client"),
        ({"client_assertion": assertion(NOW, sub="another")}, 401, "invalid_client"),
        ({"client_assertion": assertion(NOW, sub=7)}, 401, "invalid_client"),
        ({"client_assertion": assertion(NOW, iss="another")}, 401, "invalid_client"),
        ({"client_assertion": assertion(NOW, aud="https://elsewhere.example/token")}, 401, "invalid_client"),
        ({"client_assertion": assertion(NOW, aud=...)}, 401, "invalid_client"),
        ({"client_assertion": assertion(NOW, exp=1)}, 401, "invalid_client"),
        ({"client_assertion": assertion(NOW, exp=...)}, 401, "invalid_client"),
        ({"client_assertion": assertion(NOW, exp=9_000_000_000)}, 401, "invalid_client"),
        ({"client_assertion": assertion(NOW, iat=9_000_000_000)}, 401, "invalid_client"),
        ({"client_assertion": assertion(NOW, iat="now")}, 401, "invalid_client"),
        ({"client_assertion": assertion(NOW, jti=...)}, 401, "invalid_client"),
    ],
)
async def test_who_does_not_show_who_they_are_gets_no_token(
    client: httpx.AsyncClient, changed: dict[str, str], status: int, error: str
) -> None:
    answer = await ask(client, **changed)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["error"] == error
    assert answer.json()["error_description"]


async def test_line_items_are_the_offerings_components(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"/v1/lti/{CONTEXT}/lineitems", headers=ALL)
    assert answer.headers["content-type"] == "application/vnd.ims.lis.v2.lineitemcontainer+json"
    assert [(each["resourceId"], each["label"]) for each in answer.json()][:2] == [
        ("exam", "The exam"),
        ("part/000", "part/000"),
    ]
    shown = await client.get(urlsplit(answer.json()[1]["id"]).path, headers=ALL)
    assert shown.headers["content-type"] == "application/vnd.ims.lis.v2.lineitem+json"
    assert shown.json() == answer.json()[1]


async def test_an_institution_finds_the_address_that_it_gives_to_a_tool(client: httpx.AsyncClient) -> None:
    (found,) = (await client.get("/v1/lti/contexts")).json()["items"]
    assert (found["offering"], found["title"]) == (a.OFFERING, "Data skills")
    assert (await client.get(found["lineitems"], headers=ALL)).status_code == 200
    assert (await client.get("/v1/lti/contexts", headers=as_of("other"))).json()["items"] == []


async def test_pages_are_linked_until_there_is_no_next_one(client: httpx.AsyncClient) -> None:
    address: str | None = f"/v1/lti/{CONTEXT}/lineitems?limit=4"
    found: list[str] = []
    pages = 0
    while address:
        answer = await client.get(address, headers=ALL)
        found += [each["resourceId"] for each in answer.json()]
        address = answer.links.get("next", {}).get("url")
        pages += 1
    assert (found, pages) == (["exam", *(f"part/{number:03}" for number in range(5))], 2)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"resource_id": "exam"}, ["exam"]),
        ({"resource_id": "nothing"}, []),
        ({"resource_link_id": "a-link"}, []),
        ({"tag": "component", "limit": "100000"}, ["exam", *(f"part/{number:03}" for number in range(5))]),
    ],
)
async def test_lists_are_filtered(client: httpx.AsyncClient, query: dict[str, str], found: list[str]) -> None:
    answer = await client.get(f"/v1/lti/{CONTEXT}/lineitems", params=query, headers=ALL)
    assert [each["resourceId"] for each in answer.json()] == found


@pytest.mark.parametrize(
    "query", [{"limit": "0"}, {"limit": "-1"}, {"limit": "many"}, {"after": "***"}, {"after": "a" * 401}]
)
async def test_a_page_that_there_is_not_is_refused(client: httpx.AsyncClient, query: dict[str, str]) -> None:
    answer = await client.get(f"/v1/lti/{CONTEXT}/lineitems", params=query, headers=ALL)
    assert answer.status_code in {400, 422}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_a_tool_cannot_change_line_items_and_is_told_who_can(client: httpx.AsyncClient, method: str) -> None:
    address = f"/v1/lti/{CONTEXT}/lineitems" if method == "POST" else EXAM
    answer = await client.request(method, address, json={"label": "mine", "scoreMaximum": 7}, headers=ALL)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert "PUT /v1/offerings" in answer.json()["detail"]


async def test_results_are_refused_with_words(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{EXAM}/results", headers=ALL)
    assert (answer.status_code, answer.headers["content-type"]) == (501, "application/problem+json")


@pytest.mark.parametrize("context", [encoded("no/offering"), "***", "A", "a" * 401, encoded("AAA")])
async def test_what_stands_for_nothing_is_not_found(client: httpx.AsyncClient, context: str) -> None:
    for address in (f"/v1/lti/{context}/lineitems", f"/v1/lti/{context}/lineitems/{encoded('exam')}"):
        answer = await client.get(address, headers=ALL)
        assert answer.status_code in {404, 422}
    strange = await client.get(f"/v1/lti/{CONTEXT}/lineitems/{encoded('nothing')}", headers=ALL)
    assert strange.status_code == 404


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
