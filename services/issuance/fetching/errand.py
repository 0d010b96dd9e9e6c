"""What one check may ask of strangers' servers: so many addresses, each once, in so much time."""

import asyncio
import time
from collections.abc import Callable

from services.issuance.errors import FetchFailed
from services.issuance.fetching.fetcher import DOCUMENT_BYTES, Fetcher

MOST = 24
"""A credential with keys, lists, a newer one and eight endorsements needs no more."""
SECONDS = 10.0


class Errand:
    """A fetcher for one check, which asks another one; who does not answer is not asked again."""

    def __init__(
        self,
        fetcher: Fetcher,
        *,
        most: int = MOST,
        seconds: float = SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Ask nothing yet; the time begins with the first question."""
        self._fetcher = fetcher
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._until: float | None = None
        self._asked: set[tuple[str, str, int]] = set()
        self._failed: dict[str, FetchFailed] = {}

    async def fetch(self, url: str, *, accept: str, max_bytes: int = DOCUMENT_BYTES) -> bytes:
        """Return what stands at a URL (see `Fetcher.fetch`)."""
        if url in self._failed:
            raise self._failed[url]
        if self._until is None:
            self._until = self._clock() + self._seconds
        remaining = self._until - self._clock()
        question = url, accept, max_bytes
        is_new = question not in self._asked
        if (is_new and len(self._asked) == self._most) or remaining <= 0:
            raise FetchFailed("too many addresses were asked for this one check, or for too long")
        self._asked.add(question)
        try:
            async with asyncio.timeout(remaining):
                return await self._fetcher.fetch(url, accept=accept, max_bytes=max_bytes)
        except TimeoutError as error:
            raise FetchFailed("the addresses that this one check asks took too long in all") from error
        except FetchFailed as error:
            self._failed[url] = error
            raise
