"""What operators decide over HTTP, carried out by a worker: nothing lost, nothing doubled, each learner in order."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.contracts.topics import PLATFORM_EVENTS, dead_letters_of
from shared.contracts.wire import HEADERS
from shared.kit.http import create_api
from shared.kit.ledger import Saying
from shared.kit.letter_routes import letter_routes
from shared.kit.secret import ensure_secret
from shared.kit.settings import ServiceSettings, load_settings
from shared.testing.counting import Refusing, refusing_worker
from shared.testing.topic_reader import read_topic
from tests.integration.kit.rig import Rig, until

LETTERS = "/v1/dead-letters"


@pytest.fixture
async def desk(rig: Rig, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The service's API with an operator's token; `institution` in a header name asks without the scope."""
    settings = load_settings(ServiceSettings, token_secret_file=ensure_secret(tmp_path / "secret"))
    app = create_api("test", settings, routers=[letter_routes("assessment")])
    app.state.reader, app.state.publisher = rig.store, rig.publisher
    token = app.state.tokens.issue("operators", ["operate"], "ops-1")
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://a", headers=headers) as client:
        yield client


async def open_letters(desk: httpx.AsyncClient, number: int, **query: Any) -> list[Any]:
    async def there() -> bool:
        return len((await desk.get(LETTERS, params=query)).json()["items"]) == number

    await until(there, 20, f"there are not {number} letters")
    items: list[Any] = (await desk.get(LETTERS, params=query)).json()["items"]
    return items


async def counted(rig: Rig, events: int) -> None:
    async def so_many() -> bool:
        return (await rig.counted())[0] == events

    await until(so_many, 20, f"{events} events are not counted")


async def test_redriven_records_come_before_what_waited_for_them(rig: Rig, desk: httpx.AsyncClient) -> None:
    refusing = Refusing({3})
    async with rig.running(refusing_worker(refusing)):
        await rig.publish(200, learners=20)  # ten for each learner, the fourth of which is refused
        await open_letters(desk, 20)
        await rig.read_up()
        await counted(rig, 60)
        letters = await open_letters(desk, 20)
        assert {(each["error"], each["waiting"], each["attempts"]) for each in letters} == {("RecordRefused", 6, 1)}
        some = [each["id"] for each in letters[:5]]
        refusing.refused.clear()
        answer = await desk.post(f"{LETTERS}/redrive", json={"letters": [*some, "platform.events/0/99999"]})
        assert answer.status_code == 202
        assert answer.json()["accepted"] == 5
        assert answer.json()["refused"] == [{"letter": "platform.events/0/99999", "reason": "there is no such letter"}]
        await counted(rig, 60 + 5 * 7)
        # Stopped and gone on: those that are through are left alone, the others follow.
        again = await desk.post(f"{LETTERS}/redrive", json={"letters": [each["id"] for each in letters]})
        assert (again.json()["accepted"], len(again.json()["refused"])) == (15, 5)
        await counted(rig, 200)
        await open_letters(desk, 0)
        assert await rig.counted() == (200, 0)

    settled = await desk.get(f"{LETTERS}/{some[0]}")
    assert (settled.json()["status"], settled.json()["decided_by"]) == ("redriven", "ops-1")
    assert await rig.store.count("parked", {}) == await rig.store.count("parked_records", {}) == 0


async def test_a_discard_needs_a_reason_and_lets_the_others_go_on(rig: Rig, desk: httpx.AsyncClient) -> None:
    async with rig.running(refusing_worker(Refusing({3}))):
        await rig.publish(10, learners=1)
        (letter,) = await open_letters(desk, 1)
        assert (await desk.post(f"{LETTERS}/discard", json={"letters": [letter["id"]]})).status_code == 422
        decided = await desk.post(f"{LETTERS}/discard", json={"letters": [letter["id"]], "why": "a test"})
        assert decided.status_code == 202
        await counted(rig, 9)
        assert (await desk.get(f"{LETTERS}/{letter['id']}")).json()["decided_why"] == "a test"
        assert (await rig.counted())[1] == 0


async def test_what_is_refused_again_says_so_and_keeps_its_first_failure(rig: Rig, desk: httpx.AsyncClient) -> None:
    async with rig.running(refusing_worker(Refusing({3}))):
        await rig.publish(10, learners=1)
        (letter,) = await open_letters(desk, 1)
        await rig.read_up()
        await desk.post(f"{LETTERS}/redrive", json={"letters": [letter["id"]]})

        async def tried_again() -> bool:
            return bool((await desk.get(f"{LETTERS}/{letter['id']}")).json()["attempts"] == 2)

        await until(tried_again, 20, "it was not tried again")
        now = (await desk.get(f"{LETTERS}/{letter['id']}")).json()
        assert (now["first_failed"], now["status"], now["waiting"]) == (letter["first_failed"], "open", 6)
    told = [
        dict(each.headers) for each in read_topic(rig.bootstrap, rig.prefix + dead_letters_of("assessment"), at_least=2)
    ]
    assert [each["dlq-attempts"] for each in told] == [b"1", b"2"]
    assert {each["dlq-letter"] for each in told} == {letter["id"].encode()}


async def test_the_largest_record_that_a_topic_takes_stops_nobody(rig: Rig, desk: httpx.AsyncClient) -> None:
    largest = b"\xff" * 1_048_000
    await rig.publisher.say([Saying(PLATFORM_EVENTS.name, b"learner-0", largest, HEADERS)])
    await rig.publish(3, learners=1)
    async with rig.running():
        (letter,) = await open_letters(desk, 1)
        await counted(rig, 3)
    assert (letter["size"], letter["holds_key"]) == (len(largest), False)
    assert (await desk.get(f"{LETTERS}/{letter['id']}")).json()["text"] is None


async def test_a_record_that_is_huge_when_unpacked_stops_nobody_and_is_only_pointed_at(
    rig: Rig, desk: httpx.AsyncClient
) -> None:
    await rig.publisher.say([Saying(PLATFORM_EVENTS.name, b"learner-0", b" " * 7_000_000, HEADERS)])
    await rig.publish(3, learners=1)
    async with rig.running():
        (letter,) = await open_letters(desk, 1)
        await counted(rig, 3)
        assert (letter["whole"], letter["size"]) == (False, 0)
        answer = await desk.post(f"{LETTERS}/redrive", json={"letters": [letter["id"]]})
        assert "discard it" in answer.json()["refused"][0]["reason"]
        await desk.post(f"{LETTERS}/discard", json={"letters": [letter["id"]], "why": "a bomb"})
        await open_letters(desk, 0)


async def test_pages_filters_and_bad_requests(rig: Rig, desk: httpx.AsyncClient) -> None:
    await rig.publisher.say([Saying(PLATFORM_EVENTS.name, b"k", b"{", HEADERS) for _ in range(5)])
    async with rig.running():
        letters = await open_letters(desk, 5)
    first = (await desk.get(LETTERS, params={"limit": 2})).json()
    second = (await desk.get(LETTERS, params={"limit": 3, "cursor": first["next"]})).json()
    assert [each["id"] for each in first["items"] + second["items"]] == [each["id"] for each in letters]
    assert second["next"] is None
    assert len((await desk.get(LETTERS, params={"error": "MalformedEvent"})).json()["items"]) == 5
    for query in ({"error": "UnknownVersion"}, {"topic": "enrolled"}, {"status": "discarded"}):
        assert (await desk.get(LETTERS, params=query)).json()["items"] == []
    for query in ({"status": "lost"}, {"cursor": "made-up"}, {"limit": "0"}, {"letter": "x"}):
        assert (await desk.get(LETTERS, params=query)).status_code in {400, 422}
    assert (await desk.get(f"{LETTERS}/platform.events/0/4242")).status_code == 404
    assert (await desk.get(LETTERS, headers={"Authorization": "Bearer no"})).status_code == 401


async def test_an_institutions_token_sees_nothing(rig: Rig, desk: httpx.AsyncClient, tmp_path: Path) -> None:
    settings = load_settings(ServiceSettings, token_secret_file=tmp_path / "secret")
    token = create_api("test", settings).state.tokens.issue("ou", ["read", "events:write"], "lms")
    answer = await desk.get(LETTERS, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 403
    assert rig.sent == 0
