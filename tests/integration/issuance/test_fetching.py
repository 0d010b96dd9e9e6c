"""Fetching what strangers name: on real servers, which are not always kind."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from services.issuance.errors import FetchFailed
from services.issuance.fetching.fetcher import WebFetcher
from services.issuance.fetching.shelf import Shelf
from tests.integration.issuance.webserver import Stranger, stranger

WEB = WebFetcher(private=True, deadline_s=1.0)


@pytest.fixture
async def server() -> AsyncIterator[Stranger]:
    async with stranger() as made:
        yield made


async def test_a_document_comes_as_it_stands_and_nothing_is_told_but_the_question(server: Stranger) -> None:
    server.serves("/a?b=c", b"hello", Set_Cookie="id=1")

    assert await WEB.fetch(f"{server.url}/a?b=c#fragment", accept="application/json") == b"hello"
    assert await WEB.fetch(f"{server.url}/a?b=c", accept="application/json") == b"hello"

    head = server.heard[1].lower()
    assert f"host: 127.0.0.1:{server.port}" in head
    assert "user-agent: microcred-verifier/1" in head
    assert "accept: application/json" in head
    assert "cookie" not in head
    assert "authorization" not in head


async def test_three_redirects_are_followed_and_not_a_fourth(server: Stranger) -> None:
    for step in range(4):
        server.serves(f"/{step}", b"", status="302 Found", Location=f"/{step + 1}")
    server.serves("/4", b"there")

    assert await WEB.fetch(f"{server.url}/1", accept="*/*") == b"there"
    with pytest.raises(FetchFailed, match="more than 3 times"):
        await WEB.fetch(f"{server.url}/0", accept="*/*")


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/", "http://u:p@127.0.0.1/", "gopher://x/"])
async def test_a_redirect_is_checked_like_the_first_address(server: Stranger, target: str) -> None:
    server.serves("/", b"", status="302 Found", Location=target)

    with pytest.raises(FetchFailed, match="not an address of the web"):
        await WEB.fetch(server.url, accept="*/*")


async def test_what_is_too_large_is_left_there(server: Stranger) -> None:
    server.serves("/", b"x" * 1001)

    assert len(await WEB.fetch(server.url, accept="*/*", max_bytes=1001)) == 1001
    with pytest.raises(FetchFailed, match="larger than 1000 bytes"):
        await WEB.fetch(server.url, accept="*/*", max_bytes=1000)


async def test_an_answer_without_an_end_is_cut_off(server: Stranger) -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    server.answers["/"] = endless

    with pytest.raises(FetchFailed, match="larger than"):
        await WEB.fetch(server.url, accept="*/*")


@pytest.mark.parametrize("first", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"])
async def test_a_server_that_dawdles_is_left(server: Stranger, first: bytes) -> None:
    async def slowly(writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        await writer.drain()
        await asyncio.sleep(5)

    server.answers["/"] = slowly
    began = time.monotonic()

    with pytest.raises(FetchFailed, match="within 1 seconds"):
        await WEB.fetch(server.url, accept="*/*")
    assert time.monotonic() - began < 2


async def test_nothing_is_unpacked(server: Stranger) -> None:
    server.serves("/", b"\x1f\x8b", Content_Encoding="gzip")

    with pytest.raises(FetchFailed, match="encoding"):
        await WEB.fetch(server.url, accept="*/*")
    assert "accept-encoding: identity" in server.heard[0].lower()


@pytest.mark.parametrize("status", ["404 Not Found", "500 Oops", "304 Not Modified"])
async def test_only_a_good_answer_is_one(server: Stranger, status: str) -> None:
    server.serves("/", b"", status=status)

    with pytest.raises(FetchFailed, match=f"status {status[:3]}"):
        await WEB.fetch(server.url, accept="*/*")


async def test_garbage_and_silence_are_told_as_unreachable(server: Stranger) -> None:
    async def garbage(writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello\r\n\r\n")

    server.answers["/"] = garbage

    for url in (server.url, f"{server.url}/nothing", "http://127.0.0.1:1024", "http://no-such-host.invalid"):
        with pytest.raises(FetchFailed, match="could not be reached"):
            await WEB.fetch(url, accept="*/*")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "10.0.0.1",
        "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "[fe80::1]", "[fc00::1]", "[64:ff9b::7f00:1]", "224.0.0.1",
    ],
)  # fmt: skip
async def test_nothing_but_the_public_internet_is_asked_unless_it_is_set(server: Stranger, host: str) -> None:
    server.serves("/", b"secret")

    with pytest.raises(FetchFailed, match=r"not in the public internet|could not be reached|not an address"):
        await WebFetcher(deadline_s=1.0).fetch(f"http://{host}:{server.port}/", accept="*/*")
    assert server.heard == []


@pytest.mark.parametrize("port", [22, 25, 110, 1023])
async def test_no_port_of_other_services_is_knocked_at(port: int) -> None:
    with pytest.raises(FetchFailed, match="not one of the web"):
        await WEB.fetch(f"http://127.0.0.1:{port}/", accept="*/*")


async def test_the_address_that_was_checked_is_the_one_that_is_asked(server: Stranger) -> None:
    """A name may mean another address a moment later: it is asked for once, and the connection needs no name."""
    server.serves("/", b"hello")
    asked: list[str] = []
    loop = asyncio.get_running_loop()
    resolve = loop.getaddrinfo

    async def once(host: str, *rest: object, **more: object) -> object:
        asked.append(str(host))
        return await resolve("127.0.0.1" if host == "rebinding.example" else host, *rest, **more)  # type: ignore[arg-type]

    loop.getaddrinfo = once  # type: ignore[method-assign,assignment]

    assert await WEB.fetch(f"http://rebinding.example:{server.port}/", accept="*/*") == b"hello"
    assert asked.count("rebinding.example") == 1
    assert f"host: rebinding.example:{server.port}" in server.heard[0].lower()


async def test_what_was_fetched_is_kept_for_a_moment_and_not_for_longer(server: Stranger) -> None:
    now = 0.0
    shelf = Shelf(WEB, seconds=30, kept_bytes=10, clock=lambda: now)
    server.serves("/a", b"12345678")
    server.serves("/b", b"12345678")

    for _ in range(3):
        await shelf.fetch(f"{server.url}/a", accept="*/*")
    assert len(server.heard) == 1
    now = 31
    await shelf.fetch(f"{server.url}/a", accept="*/*")
    assert len(server.heard) == 2
    await shelf.fetch(f"{server.url}/b", accept="*/*")
    await shelf.fetch(f"{server.url}/a", accept="*/*")
    assert len(server.heard) == 4
