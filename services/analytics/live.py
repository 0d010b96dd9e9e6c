"""Funnels as they change: one poll of the read model for all who look at the same funnel (server-sent events).

Wire format: HTML standard, section 9.2, "Server-sent events".
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog
from pydantic import TypeAdapter

from services.analytics.domain import View
from services.analytics.errors import TooManyListeners
from services.analytics.projections.funnel import Funnel
from shared.kit.errors import StoreUnavailable

POLL_S = 0.5
HEARTBEAT_S = 15.0
RETRY_MS = 3_000
#: A poll takes at most this share of the time, however slow the database is.
_BUSY = 0.1
_UNAVAILABLE = "event: unavailable\ndata: {}\n\n"
_FUNNEL = TypeAdapter(Funnel)
_log = structlog.get_logger(__name__)


class Feed:
    """One polled funnel, and whoever listens to it."""

    def __init__(self, read: Callable[[], Awaitable[str]], poll_s: float) -> None:
        """Start to poll."""
        self.listeners = 0
        self._read = read
        self._poll_s = poll_s
        self._over = False
        self._text: str | None = None
        self._news = asyncio.Event()
        self._task = asyncio.create_task(self._poll())
        self._task.add_done_callback(self._ended)

    async def lines(self, good: Callable[[], bool], heartbeat_s: float = HEARTBEAT_S) -> AsyncIterator[str]:
        """Yield the funnel now and whenever it changed, and a comment while it does not.

        A slow listener misses what was between, never the latest. Ends with the feed, or when `good` says no.
        """
        seen = None
        yield f"retry: {RETRY_MS}\n\n"
        while not self._over and good():
            if self._text is not None and self._text != seen:
                seen = self._text
                yield seen
            elif not await self._changed(heartbeat_s):
                yield ": nothing new\n\n"

    def end(self) -> None:
        """Stop polling, and send the listeners home."""
        self._over = True
        self._task.cancel()
        self._wake()

    async def _changed(self, timeout_s: float) -> bool:
        try:
            await asyncio.wait_for(self._news.wait(), timeout_s)
        except TimeoutError:
            return False
        return True

    def _wake(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def _poll(self) -> None:
        while True:
            rest_s = await self._look()
            await asyncio.sleep(rest_s)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Send the listeners home also when a poll failed: browsers come back by themselves."""
        if not task.cancelled() and (error := task.exception()):
            _log.error("live funnel ended", exc_info=error)
        self._over = True
        self._wake()

    async def _look(self) -> float:
        """Read once, and return for how many seconds to rest."""
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            text = await self._read()
        except StoreUnavailable:
            text = _UNAVAILABLE
        if text != self._text:
            self._text = text
            self._wake()
        return max(self._poll_s, (clock() - began) / _BUSY)


class LiveFunnels:
    """All feeds of this process, one for each institution and view that somebody listens to."""

    def __init__(self, read: Callable[[str, View], Awaitable[Funnel]], *, most: int, poll_s: float = POLL_S) -> None:
        """Take at most `most` listeners at a time."""
        self._read = read
        self._most = most
        self._poll_s = poll_s
        self._feeds: dict[tuple[str, View], Feed] = {}

    @asynccontextmanager
    async def listening(self, tenant: str, view: View) -> AsyncIterator[Feed]:
        """Give the feed of a view for as long as somebody listens.

        Raises:
            TooManyListeners: when there is no room for another listener.

        """
        if sum(feed.listeners for feed in self._feeds.values()) >= self._most:
            raise TooManyListeners(self._most)
        feed = self._feeds.get((tenant, view)) or self._open(tenant, view)
        feed.listeners += 1
        try:
            yield feed
        finally:
            feed.listeners -= 1
            if not feed.listeners:
                self._end(tenant, view, feed)

    def close(self) -> None:
        """End every stream, so that the server can stop."""
        for (tenant, view), feed in list(self._feeds.items()):
            self._end(tenant, view, feed)

    def _open(self, tenant: str, view: View) -> Feed:
        async def text() -> str:
            return f"event: funnel\ndata: {_FUNNEL.dump_json(await self._read(tenant, view)).decode()}\n\n"

        feed = self._feeds[tenant, view] = Feed(text, self._poll_s)
        return feed

    def _end(self, tenant: str, view: View, feed: Feed) -> None:
        feed.end()
        if self._feeds.get((tenant, view)) is feed:
            del self._feeds[tenant, view]
