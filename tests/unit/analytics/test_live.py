"""Live funnels: changes only, one poll for all, and an end."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from services.analytics.domain import View
from services.analytics.errors import TooManyListeners
from services.analytics.live import Feed, LiveFunnels
from services.analytics.projections.funnel import Funnel, funnel
from shared.kit.errors import StoreUnavailable
from tests.unit.analytics.app import a_client, a_store, a_token, an_app, counter


class Source:
    """A read model whose number a test sets, and which counts how often it is read."""

    def __init__(self) -> None:
        self.enrolled = 1
        self.reads = 0
        self.fault: Exception | None = None

    async def read(self, tenant: str, view: View) -> Funnel:
        self.reads += 1
        if self.fault:
            raise self.fault
        return funnel(view.by, [counter("a", "2026-01", tenant=tenant, enrolled=self.enrolled)], {})


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
async def live(source: Source) -> AsyncIterator[LiveFunnels]:
    opened = LiveFunnels(source.read, most=3, poll_s=0.01)
    yield opened
    opened.close()


def lines_of(feed: Feed, heartbeat_s: float = 5) -> AsyncIterator[str]:
    return feed.lines(lambda: True, heartbeat_s)


async def following(lines: AsyncIterator[str]) -> str:
    return await asyncio.wait_for(anext(lines), 5)


def enrolled_in(message: str) -> Any:
    event, data, *_ = message.splitlines()
    assert event == "event: funnel"
    return orjson.loads(data.removeprefix("data: "))["total"]["counts"]["enrolled"]


async def test_a_listener_gets_the_funnel_and_then_its_changes(live: LiveFunnels, source: Source) -> None:
    async with live.listening("ou", View()) as feed:
        lines = lines_of(feed)
        assert (await following(lines)).startswith("retry: ")
        assert enrolled_in(await following(lines)) == 1
        source.enrolled = 2
        assert enrolled_in(await following(lines)) == 2


async def test_while_nothing_changes_only_a_comment_is_sent(live: LiveFunnels, source: Source) -> None:
    async with live.listening("ou", View()) as feed:
        lines = lines_of(feed, heartbeat_s=0.1)
        await following(lines)
        await following(lines)
        assert (await following(lines)).startswith(":")
        while source.reads < 2:
            assert (await following(lines)).startswith(":")


async def test_those_who_look_at_the_same_share_one_poll(source: Source) -> None:
    live = LiveFunnels(source.read, most=3, poll_s=60)
    async with live.listening("ou", View()) as first, live.listening("ou", View()) as second:
        assert first is second
        for feed in (first, second):
            lines = lines_of(feed)
            await following(lines)
            assert enrolled_in(await following(lines)) == 1
    assert source.reads == 1


async def test_other_institutions_and_other_views_share_nothing(live: LiveFunnels) -> None:
    async with (
        live.listening("ou", View()) as one,
        live.listening("other", View()) as two,
        live.listening("ou", View(by="month")) as three,
    ):
        assert len({id(one), id(two), id(three)}) == 3


async def test_a_feed_is_not_polled_when_nobody_listens(live: LiveFunnels, source: Source) -> None:
    async with live.listening("ou", View()) as feed:
        lines = lines_of(feed)
        await following(lines)
        await following(lines)
    reads = source.reads

    await asyncio.sleep(0.1)

    assert source.reads == reads


async def test_there_is_room_for_so_many_and_again_when_one_left(live: LiveFunnels) -> None:
    async with live.listening("ou", View()), live.listening("ou", View()):
        async with live.listening("ou", View()):
            with pytest.raises(TooManyListeners, match="MICROCRED_LIVE_LISTENERS"):
                async with live.listening("other", View()):
                    pass
        async with live.listening("other", View()):
            pass


async def test_a_database_that_is_away_is_said_and_its_return_as_well(live: LiveFunnels, source: Source) -> None:
    async with live.listening("ou", View()) as feed:
        lines = lines_of(feed)
        await following(lines)
        await following(lines)
        source.fault = StoreUnavailable("no primary")
        assert (await following(lines)).startswith("event: unavailable")
        source.fault = None
        assert enrolled_in(await following(lines)) == 1


async def test_a_fault_of_ours_ends_the_stream_and_the_next_listener_gets_a_new_one(
    live: LiveFunnels, source: Source
) -> None:
    source.fault = KeyError("offering")
    async with live.listening("ou", View()) as feed:
        assert [line async for line in lines_of(feed)] == ["retry: 3000\n\n"]

    source.fault = None
    async with live.listening("ou", View()) as feed:
        lines = lines_of(feed)
        await following(lines)
        assert enrolled_in(await following(lines)) == 1


async def test_a_stream_ends_when_its_token_is_no_longer_good(live: LiveFunnels) -> None:
    good = True
    async with live.listening("ou", View()) as feed:
        lines = feed.lines(lambda: good, 0.05)
        await following(lines)
        await following(lines)
        good = False
        assert len([line async for line in lines]) <= 1


async def test_closing_ends_every_stream(live: LiveFunnels) -> None:
    async with live.listening("ou", View()) as feed:
        rest = asyncio.create_task(_all(lines_of(feed)))
        await asyncio.sleep(0.05)
        live.close()
        assert len(await asyncio.wait_for(rest, 5)) == 2


async def _all(lines: AsyncIterator[str]) -> list[str]:
    return [line async for line in lines]


async def test_over_http_a_stream_follows_the_counters_until_the_service_stops(tmp_path: Path) -> None:
    store = a_store()
    app = await an_app(store, tmp_path)
    async with a_client(app, Authorization=f"Bearer {a_token(app)}") as client:
        asked = asyncio.create_task(client.get("/v1/funnel/live?offering=art"))
        await asyncio.sleep(0.3)
        store.put("funnel", counter("art", "2026-02", 1, enrolled=9))
        await asyncio.sleep(1.0)
        app.state.stopping.set()
        answer = await asyncio.wait_for(asked, 5)

    told = [enrolled_in(each) for each in answer.text.split("\n\n") if each.startswith("event: funnel")]
    assert told == [8, 9]
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "918273" not in answer.text


async def test_over_http_one_listener_too_many_is_a_503_problem(tmp_path: Path) -> None:
    app = await an_app(a_store(), tmp_path, live_listeners=1)
    async with a_client(app, Authorization=f"Bearer {a_token(app)}") as client:
        first = asyncio.create_task(client.get("/v1/funnel/live"))
        await asyncio.sleep(0.1)
        refused = await client.get("/v1/funnel/live")
        app.state.stopping.set()
        assert (await asyncio.wait_for(first, 5)).status_code == 200

    assert refused.status_code == 503
    assert refused.headers["content-type"] == "application/problem+json"
