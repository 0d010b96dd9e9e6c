"""Who a learner is, that they are erased, that two are one: over HTTP, with scopes of their own."""

from datetime import UTC, datetime, timedelta

import httpx
import orjson
import pytest
from fastapi import FastAPI

from services.enrolment.door.opening import door_of
from services.enrolment.learners.domain import Learner, Link, Mark
from services.enrolment.learners.identity import IDENTITIES, Check, Identity
from services.enrolment.learners.store import LEARNERS
from shared.kit.moments import microseconds
from shared.testing.memory import MemoryPublisher, MemoryStore
from tests.unit.enrolment import facts as a
from tests.unit.enrolment.test_enrolments_route import keep
from tests.unit.enrolment.tokens import as_of

URL = "/v1/learners"
READS, WRITES = as_of(a.TENANT, "learners:read"), as_of(a.TENANT, "learners:write")
PERSON = {"name": "Aroha T", "email": "aroha@example.org"}


@pytest.fixture
async def known(api: FastAPI, store: MemoryStore) -> FastAPI:
    """One learner in the vault."""
    api.state.reader = store
    await door_of(api).vault.keep(a.TENANT, {"lrn-1": PERSON})
    return api


def mark(store: MemoryStore, learner: Learner) -> None:
    store.put(LEARNERS.collection, {"_id": learner.key, **LEARNERS.dump(learner)})


@pytest.mark.usefixtures("known")
async def test_a_learner_is_shown_and_the_log_says_to_whom_but_not_what(
    client: httpx.AsyncClient, publisher: MemoryPublisher
):
    response = await client.get(f"{URL}/lrn-1", headers=READS)
    assert (response.status_code, response.json()["person"]) == (200, PERSON)
    (said,) = publisher.log
    wire = orjson.loads(said.value)
    assert (wire["type"], said.key, wire["data"]) == ("microcred.learner.disclosed.v1", b"lrn-1", {"by": "a-client"})
    assert b"roha" not in said.value


@pytest.mark.usefixtures("known")
async def test_an_erased_learner_is_gone_and_the_log_says_so_without_the_data(
    client: httpx.AsyncClient, publisher: MemoryPublisher
):
    for _ in range(2):
        response = await client.delete(f"{URL}/lrn-1", headers=WRITES)
        assert (response.status_code, response.json()) == (200, {"erased": ["lrn-1"]})
    assert {event.id for event in publisher.events} == {publisher.events[0].id}
    assert orjson.loads(publisher.log[0].value)["type"] == "microcred.learner.erased.v1"
    shown = await client.get(f"{URL}/lrn-1", headers=READS)
    assert (shown.status_code, shown.headers["content-type"]) == (410, "application/problem+json")


@pytest.mark.usefixtures("known")
async def test_all_references_of_a_learner_are_erased(client: httpx.AsyncClient, store: MemoryStore):
    mark(store, Learner(a.TENANT, "lrn-2", link=Link(1, "l", "lrn-1")))
    mark(store, Learner(a.TENANT, "lrn-3", link=Link(1, "l", "lrn-2")))
    response = await client.delete(f"{URL}/lrn-2", headers=WRITES)
    assert response.json() == {"erased": ["lrn-1", "lrn-2", "lrn-3"]}


@pytest.mark.usefixtures("known")
async def test_a_vault_from_an_old_backup_is_erased_when_it_is_looked_at(client: httpx.AsyncClient, store: MemoryStore):
    mark(store, Learner(a.TENANT, "lrn-1", erased=Mark(1, "e")))
    assert (await client.get(f"{URL}/lrn-1", headers=READS)).status_code == 410
    assert "content" not in store.collections["vault"]["ou/lrn-1"]


async def test_a_learner_without_a_name_is_shown_empty_and_nobody_is_unknown(
    client: httpx.AsyncClient, store: MemoryStore, publisher: MemoryPublisher
):
    keep(store, "lrn-9", "AAA/2013J")
    response = await client.get(f"{URL}/lrn-9", headers=READS)
    assert (response.status_code, response.json()["person"]) == (200, {})
    assert (await client.get(f"{URL}/lrn-10", headers=READS)).status_code == 404
    assert not publisher.log


@pytest.mark.parametrize(("verified", "years", "holds"), [(True, 100, True), (True, -1, False), (False, 100, False)])
async def test_whether_it_was_checked_who_holds_the_account_is_shown_until_that_ends(
    client: httpx.AsyncClient, store: MemoryStore, *, verified: bool, years: int, holds: bool
):
    now = datetime.now(UTC).replace(microsecond=0)
    until = now + timedelta(days=365 * years)
    checked = Check(microseconds(now), "c", verified, microseconds(until))
    identity = Identity(a.TENANT, "lrn-8", checked)
    store.put(IDENTITIES.collection, {"_id": f"{a.TENANT}/lrn-8", **IDENTITIES.dump(identity)})
    response = await client.get(f"{URL}/lrn-8", headers=READS)
    assert response.json()["identity"] == {
        "verified": holds,
        "checked": now.isoformat().replace("+00:00", "Z"),
        "verified_until": until.isoformat().replace("+00:00", "Z") if verified else None,
    }


@pytest.mark.usefixtures("known")
async def test_another_institution_finds_nothing(client: httpx.AsyncClient):
    assert (await client.get(f"{URL}/lrn-1", headers=as_of("other", "learners:read"))).status_code == 404
    await client.delete(f"{URL}/lrn-1", headers=as_of("other", "learners:write"))
    assert (await client.get(f"{URL}/lrn-1", headers=READS)).json()["person"] == PERSON


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [("GET", "lrn-1", "learners:write"), ("DELETE", "lrn-1", "learners:read"), ("PUT", "a/links/b", "learners:read")],
)
async def test_each_needs_a_scope_of_its_own(client: httpx.AsyncClient, method: str, path: str, scope: str):
    response = await client.request(method, f"{URL}/{path}", headers=as_of(a.TENANT, scope, "read", "events:write"))
    assert response.status_code == 403


async def test_a_link_is_said_of_the_other_learner(client: httpx.AsyncClient, publisher: MemoryPublisher):
    response = await client.put(f"{URL}/lrn-1/links/lrn-2", headers=WRITES)
    assert response.status_code == 202
    (event,) = publisher.events
    assert response.json() == {"learner_ref": "lrn-1", "linked": "lrn-2", "event_id": event.id}
    wire = orjson.loads(publisher.log[0].value)
    assert (wire["learnerref"], wire["data"]) == ("lrn-2", {"by": "a-client", "into": "lrn-1"})
    again = await client.put(f"{URL}/lrn-1/links/lrn-2", headers=WRITES)
    assert again.json()["event_id"] == event.id


async def test_a_link_leads_to_where_links_lead(client: httpx.AsyncClient, store: MemoryStore):
    mark(store, Learner(a.TENANT, "lrn-1", link=Link(1, "l", "lrn-0")))
    response = await client.put(f"{URL}/lrn-1/links/lrn-2", headers=WRITES)
    assert response.json()["learner_ref"] == "lrn-0"


@pytest.mark.parametrize(
    ("path", "status", "why"),
    [
        ("lrn-1/links/lrn-1", 422, "name two references"),
        ("lrn-2/links/lrn-1", 409, "lrn-2 goes as lrn-1 already"),
        ("lrn-3/links/lrn-2", 409, "link lrn-1, and lrn-2 follows"),
        ("gone/links/lrn-3", 409, "erased"),
        ("lrn-3/links/gone", 409, "erased"),
        ("a%20b/links/lrn-3", 422, "learner_ref"),
    ],
)
async def test_a_link_that_cannot_be_is_refused_with_the_cure(
    *, client: httpx.AsyncClient, store: MemoryStore, publisher: MemoryPublisher, path: str, status: int, why: str
):
    mark(store, Learner(a.TENANT, "lrn-2", link=Link(1, "l", "lrn-1")))
    mark(store, Learner(a.TENANT, "gone", erased=Mark(1, "e")))
    response = await client.put(f"{URL}/{path}", headers=WRITES)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert why in response.json()["detail"]
    assert not publisher.log


@pytest.mark.parametrize("kind", ["erased", "linked", "disclosed", "carried"])
async def test_whoever_reports_results_cannot_decide_about_learners(client: httpx.AsyncClient, kind: str):
    event = {
        "specversion": "1.0",
        "id": "e1",
        "source": "https://lms.example.org",
        "type": f"microcred.learner.{kind}.v1",
        "time": "2026-03-01T00:30:00Z",
        "learnerref": "lrn-1",
        "data": {"by": "lms", "into": "lrn-2", "facts": 0},
    }
    response = await client.post("/v1/events", json=event)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "type")
