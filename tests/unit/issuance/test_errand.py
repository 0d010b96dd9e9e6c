"""One check asks strangers' servers so often, for so long, and nobody twice who does not answer."""

import asyncio

import pytest

from services.issuance.errors import FetchFailed
from services.issuance.fetching.errand import Errand


class Web:
    """Servers that answer, but for those whose address says that they are down or slow."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def fetch(self, url: str, *, accept: str, max_bytes: int = 0) -> bytes:
        self.asked.append(url)
        if "slow" in url:
            await asyncio.Event().wait()
        if "down" in url:
            raise FetchFailed(f"{url} is down for {accept} and {max_bytes}")
        return url.encode()


async def test_so_many_addresses_are_asked_and_no_more() -> None:
    web = Web()
    errand = Errand(web, most=3)

    for number in range(3):
        assert await errand.fetch(f"https://a.example/{number}", accept="*/*") == f"https://a.example/{number}".encode()
    with pytest.raises(FetchFailed, match="too many"):
        await errand.fetch("https://a.example/4", accept="*/*")

    assert len(web.asked) == 3


async def test_who_does_not_answer_is_not_asked_again() -> None:
    web = Web()
    errand = Errand(web)

    for _ in range(3):
        with pytest.raises(FetchFailed, match="is down"):
            await errand.fetch("https://down.example/", accept="*/*")

    assert len(web.asked) == 1


async def test_the_time_for_all_of_them_ends() -> None:
    now = 100.0
    web = Web()
    errand = Errand(web, seconds=0.01, clock=lambda: now)
    with pytest.raises(FetchFailed, match="too long"):
        await errand.fetch("https://slow.example/", accept="*/*")

    now = 100.02
    with pytest.raises(FetchFailed, match="too long"):
        await errand.fetch("https://a.example/", accept="*/*")

    assert web.asked == ["https://slow.example/"]
