"""LTI over HTTP: line items, which a tool reads and does not change."""

from urllib.parse import urlsplit

import httpx
import pytest

from services.enrolment.lti.line_items import encoded
from tests.unit.enrolment import facts as a
from tests.unit.enrolment.lti.tool import ALL, CONTEXT, EXAM
from tests.unit.enrolment.tokens import as_of


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
