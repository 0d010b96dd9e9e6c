from typing import Any

import httpx
import pytest

from services.enrolment.domain import Change, Enrolment
from services.enrolment.store import ENROLMENTS
from services.enrolment.views import EnrolmentView
from shared.kit.moments import microseconds
from shared.testing.memory import MemoryStore
from tests.unit.enrolment import facts as a
from tests.unit.enrolment.tokens import as_of

URL = "/v1/enrolments"


def keep(store: MemoryStore, learner: str, offering: str, *, tenant: str = "ou", left: bool = False) -> None:
    start = microseconds(a.at(0))
    history = (Change(start, "r1", True), *((Change(start + 60_000_000, "u1", False),) if left else ()))
    enrolment = Enrolment(tenant, learner, offering, history[::-1])
    store.put(ENROLMENTS.collection, {"_id": enrolment.key, **ENROLMENTS.dump(enrolment)})


@pytest.fixture
def full(store: MemoryStore) -> MemoryStore:
    """Two institutions with the same learners; `eve` left `AAA/2013J`."""
    for tenant in ("ou", "ou-2", "ou0"):
        for learner in ("ann", "ann-2", "bob", "eve"):
            keep(store, learner, "AAA/2013J", tenant=tenant, left=learner == "eve")
        keep(store, "ann", "BBB", tenant=tenant)
    return store


async def listed(client: httpx.AsyncClient, **params: Any) -> list[tuple[str, str, str]]:
    """Return learner, offering and status of all pages."""
    seen: list[tuple[str, str, str]] = []
    while True:
        response = await client.get(URL, params=params)
        assert response.status_code == 200, response.text
        page = response.json()
        seen += [(each["learner_ref"], each["offering"], each["status"]) for each in page["items"]]
        if page["next"] is None:
            return seen
        assert len(page["items"]) == params.get("limit", 100)
        params = {**params, "cursor": page["next"]}


@pytest.mark.parametrize("limit", [1, 2, 3, 200])
@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"learner": "ann"}, [("ann", "AAA/2013J", "enrolled"), ("ann", "BBB", "enrolled")]),
        ({"learner": "eve"}, [("eve", "AAA/2013J", "unenrolled")]),
        ({"learner": "eve", "status": "enrolled"}, []),
        ({"learner": "nobody"}, []),
        ({"learner": "ann", "offering": "BBB"}, [("ann", "BBB", "enrolled")]),
        ({"offering": "BBB"}, [("ann", "BBB", "enrolled")]),
        (
            {"offering": "AAA/2013J"},
            [
                ("ann", "AAA/2013J", "enrolled"),
                ("ann-2", "AAA/2013J", "enrolled"),
                ("bob", "AAA/2013J", "enrolled"),
                ("eve", "AAA/2013J", "unenrolled"),
            ],
        ),
        ({"offering": "AAA/2013J", "status": "unenrolled"}, [("eve", "AAA/2013J", "unenrolled")]),
    ],
)
@pytest.mark.usefixtures("full")
async def test_enrolments_are_listed_page_by_page(
    client: httpx.AsyncClient, limit: int, params: dict[str, str], expected: list[tuple[str, str, str]]
) -> None:
    assert await listed(client, limit=limit, **params) == expected


@pytest.mark.usefixtures("full")
async def test_an_enrolment_shows_its_history_from_the_start(client: httpx.AsyncClient) -> None:
    (shown,) = (await client.get(URL, params={"learner": "eve"})).json()["items"]
    assert shown["since"] == "2026-03-01T00:00:00Z"
    assert shown["history"] == [
        {"at": "2026-03-01T00:00:00Z", "change": "registered", "event_id": "r1", "term": None, "role": None},
        {"at": "2026-03-01T00:01:00Z", "change": "unregistered", "event_id": "u1", "term": None, "role": None},
    ]


@pytest.mark.parametrize("params", [{"learner": "ann"}, {"offering": "AAA/2013J"}])
async def test_another_institution_sees_nothing(
    client: httpx.AsyncClient, store: MemoryStore, params: dict[str, str]
) -> None:
    keep(store, "ann", "AAA/2013J")
    response = await client.get(URL, params=params, headers=as_of("other"))
    assert response.json() == {"items": [], "next": None}


@pytest.mark.parametrize(
    ("params", "status", "field"),
    [
        ({}, 422, "learner"),
        ({"learner": "a/b"}, 422, "learner"),
        ({"offering": "a b"}, 422, "offering"),
        ({"learner": "ann", "limit": 0}, 422, "limit"),
        ({"learner": "ann", "limit": 201}, 422, "limit"),
        ({"learner": "ann", "status": "asleep"}, 422, "status"),
        ({"learner": "ann", "cursor": "made-up"}, 400, "cursor"),
    ],
)
async def test_a_bad_question_is_refused_by_field(
    client: httpx.AsyncClient, params: dict[str, Any], status: int, field: str
) -> None:
    response = await client.get(URL, params=params)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (status, field)


@pytest.mark.usefixtures("full")
async def test_a_cursor_is_good_for_its_own_list_only(client: httpx.AsyncClient) -> None:
    cursor = (await client.get(URL, params={"learner": "ann", "limit": 1})).json()["next"]
    response = await client.get(URL, params={"learner": "bob", "cursor": cursor})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "cursor")


@pytest.mark.parametrize(("headers", "status"), [({"Authorization": ""}, 401), (as_of("ou", "events:write"), 403)])
async def test_only_readers_may_look(client: httpx.AsyncClient, headers: dict[str, str], status: int) -> None:
    response = await client.get(URL, params={"learner": "ann"}, headers=headers)
    assert response.status_code == status


async def test_the_documented_example_is_an_answer(client: httpx.AsyncClient) -> None:
    schemas = (await client.get("/openapi.json")).json()["components"]["schemas"]
    assert EnrolmentView.model_validate(schemas["EnrolmentView"]["example"]).status == "enrolled"
