"""Caliper over HTTP: what is answered to an envelope, and what then stands on the log."""

from typing import Any

import httpx
import pytest

from shared.testing.memory import MemoryPublisher, MemoryStore
from tests.unit.enrolment.door.test_courses import offer, run
from tests.unit.enrolment.spoken import EXAM, LMS, OFFERING, envelope, graded
from tests.unit.enrolment.tokens import as_of


@pytest.fixture(autouse=True)
def offering(store: MemoryStore) -> None:
    offer(store, OFFERING, [run(activities={EXAM: "exam"})])


def mark(**changed: Any) -> dict[str, Any]:
    return graded() | {"eventTime": "2026-03-01T00:30:00.000Z"} | changed


def elsewhere() -> dict[str, Any]:
    return mark(object=graded()["object"] | {"assignable": f"{LMS}/nobody's"})


async def post(client: httpx.AsyncClient, *data: Any, **changed: Any) -> httpx.Response:
    return await client.post("/caliper", json=envelope(*data, **changed))


async def test_an_envelope_is_taken_with_what_of_it_can_be(client: httpx.AsyncClient, publisher: MemoryPublisher):
    answer = await post(client, mark(), {"id": "x", "type": "Person"}, mark(eventTime="soon"), elsewhere())
    assert (answer.status_code, answer.json()["accepted"]) == (200, 1)
    assert [(each["index"], each["field"]) for each in answer.json()["refused"]] == [(2, "eventTime"), (3, "activity")]
    (event,) = publisher.events
    assert (event.tenant, event.data.component) == ("ou", "exam")


async def test_what_happens_elsewhere_is_no_fault_of_the_sensor(client: httpx.AsyncClient):
    answer = await post(client, elsewhere())
    assert (answer.status_code, answer.json()["accepted"], len(answer.json()["refused"])) == (200, 0, 1)


async def test_an_envelope_of_faults_alone_is_one(client: httpx.AsyncClient, publisher: MemoryPublisher):
    answer = await post(client, mark(eventTime="soon"), 7)
    assert (answer.status_code, len(answer.json()["refused"])) == (422, 2)
    assert publisher.events == []


@pytest.mark.parametrize(
    ("changed", "field"), [({"dataVersion": "1"}, "dataVersion"), ({"data": []}, "body"), ({"sensor": ...}, "sensor")]
)
async def test_what_is_no_envelope_is_refused(client: httpx.AsyncClient, changed: dict[str, Any], field: str):
    given = envelope(mark(), **changed)
    answer = await client.post("/caliper", json={name: value for name, value in given.items() if value is not ...})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_the_sensor_shows_a_token_with_the_right_to_report(client: httpx.AsyncClient):
    assert (await client.post("/caliper", json=envelope(mark()), headers=as_of("ou", "read"))).status_code == 403
    assert (await client.post("/caliper", json=envelope(mark()), headers={"Authorization": ""})).status_code == 401
    plain = await client.post("/caliper", content=b"{}", headers={"Content-Type": "text/plain"})
    assert plain.status_code == 415
