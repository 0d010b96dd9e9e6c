"""Fetching one document from an address that a stranger named: checked, small, quick, and without telling who asks.

The name is resolved once, all its addresses are checked, and the connection goes to one that was checked: a name that
resolves to another address a moment later changes nothing. Every redirect is checked like the first address.
"""

import asyncio
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from ipaddress import ip_address
from typing import Protocol

import httpx

from services.issuance.errors import FetchFailed
from services.issuance.fetching.addresses import is_public

USER_AGENT = "Microcred-Verifier/1 (checks credentials)"
DOCUMENT_BYTES = 256 * 1024
LIST_BYTES = 1024 * 1024
_REDIRECTS = 3
_RESERVED_PORT = 1024
_AT_ONCE = 16
_SHOWN = 200


class Fetcher(Protocol):
    """The port to strangers' servers."""

    async def fetch(self, url: str, *, accept: str, max_bytes: int = DOCUMENT_BYTES) -> bytes:
        """Return what stands at a URL.

        Raises:
            FetchFailed: it may not be asked, does not answer in time, or answers with something else or too much.

        """
        ...


class WebFetcher:
    """Fetches over HTTP and HTTPS; `private` lets it ask addresses of this machine and its network, for tests."""

    def __init__(self, *, private: bool = False, deadline_s: float = 3.0) -> None:
        """Keep the bounds."""
        self._private = private
        self._deadline_s = deadline_s
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def fetch(self, url: str, *, accept: str, max_bytes: int = DOCUMENT_BYTES) -> bytes:
        """Return what stands at a URL (see `Fetcher.fetch`)."""
        try:
            async with asyncio.timeout(self._deadline_s), self._turns:
                return await self._fetched(url, accept, max_bytes)
        except TimeoutError as error:
            raise FetchFailed(f"{_shown(url)} did not answer within {self._deadline_s:g} seconds") from error
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError, UnicodeError) as error:
            raise FetchFailed(f"{_shown(url)} could not be reached ({type(error).__name__})") from error

    async def _fetched(self, url: str, accept: str, max_bytes: int) -> bytes:
        here = httpx.URL(url)
        for _ in range(_REDIRECTS + 1):
            answer = await self._asked(here, accept, max_bytes)
            if isinstance(answer, bytes):
                return answer
            here = onward(here, answer)
        raise FetchFailed(f"{_shown(url)} leads on more than {_REDIRECTS} times")

    async def _asked(self, url: httpx.URL, accept: str, max_bytes: int) -> bytes | httpx.URL:
        """Return what stands there, or where that leads on to."""
        address = await self._address_of(url)
        # A client for each: nothing is remembered, no cookie, no proxy and no password of the environment is used.
        async with httpx.AsyncClient(verify=_trust(), trust_env=False) as client:
            client.headers.clear()
            headers = {
                "Host": url.netloc.decode(),
                "User-Agent": USER_AGENT,
                "Accept": accept,
                "Accept-Encoding": "identity",
            }
            request = client.build_request(
                "GET",
                url.copy_with(host=address, fragment=None),
                headers=headers,
                extensions={"sni_hostname": url.host},
            )
            answer = await client.send(request, stream=True)
            try:
                if answer.has_redirect_location:
                    return httpx.URL(answer.headers["Location"])
                return await _content(answer, str(url), max_bytes)
            finally:
                await answer.aclose()

    async def _address_of(self, url: httpx.URL) -> str:
        if url.scheme not in {"http", "https"} or not url.host or url.userinfo:
            raise FetchFailed(f"{_shown(str(url))} is not an address of the web without a password in it")
        port = url.port or {"http": 80, "https": 443}[url.scheme]
        if port < _RESERVED_PORT and port not in {80, 443}:
            raise FetchFailed(f"{_shown(str(url))} is at port {port}, which is not one of the web")
        addresses = await _resolved(url.host, port)
        if not self._private and not all(map(is_public, addresses)):
            raise FetchFailed(f"{_shown(str(url))} is not in the public internet, and nothing else is asked")
        return addresses[0]


def onward(here: httpx.URL, location: httpx.URL) -> httpx.URL:
    """Return where a redirect leads: never out of TLS, where anybody on the way could answer."""
    there = here.join(location)
    if (here.scheme, there.scheme) == ("https", "http"):
        raise FetchFailed(f"{_shown(str(here))} leads on to {_shown(str(there))}, which anybody could have answered")
    return there


async def _resolved(host: str, port: int) -> Sequence[str]:
    with suppress(ValueError):
        return [str(ip_address(host))]
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if not found:
        raise FetchFailed(f"{_shown(host)} has no address")
    return [str(each[4][0]) for each in found]


async def _content(answer: httpx.Response, url: str, max_bytes: int) -> bytes:
    if answer.status_code != httpx.codes.OK:
        raise FetchFailed(f"{_shown(url)} answered with status {answer.status_code}")
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise FetchFailed(f"{_shown(url)} answered in an encoding that was not asked for")
    content = bytearray()
    async for piece in answer.aiter_raw():
        content += piece
        if len(content) > max_bytes:
            raise FetchFailed(f"{_shown(url)} is larger than {max_bytes} bytes")
    return bytes(content)


@cache
def _trust() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


def _shown(url: str) -> str:
    return url if len(url) <= _SHOWN else f"{url[:_SHOWN]}…"
