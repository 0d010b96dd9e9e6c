"""What was fetched lately: a few answers, kept for a moment, so that one credential shown to many is one question."""

import time
from collections import OrderedDict
from collections.abc import Callable

from services.issuance.fetching.fetcher import DOCUMENT_BYTES, Fetcher


class Shelf:
    """A fetcher that asks another one, and gives its latest good answers again for `seconds`."""

    def __init__(
        self,
        fetcher: Fetcher,
        *,
        seconds: float = 30.0,
        kept_bytes: int = 16 * 1024 * 1024,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Keep nothing yet."""
        self._fetcher = fetcher
        self._seconds = seconds
        self._kept_bytes = kept_bytes
        self._clock = clock
        self._size = 0
        self._kept: OrderedDict[tuple[str, str, int], tuple[float, bytes]] = OrderedDict()

    async def fetch(self, url: str, *, accept: str, max_bytes: int = DOCUMENT_BYTES) -> bytes:
        """Return what stands at a URL, or stood there a moment ago (see `Fetcher.fetch`)."""
        key = (url, accept, max_bytes)
        until, content = self._kept.get(key, (0.0, b""))
        if self._clock() < until:
            return content
        content = await self._fetcher.fetch(url, accept=accept, max_bytes=max_bytes)
        self._size += len(content) - len(self._kept.pop(key, (0.0, b""))[1])
        self._kept[key] = (self._clock() + self._seconds, content)
        while self._size > self._kept_bytes:
            self._size -= len(self._kept.popitem(last=False)[1][1])
        return content
