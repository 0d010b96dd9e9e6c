"""Which addresses of strangers are asked."""

import httpx
import pytest

from services.issuance.errors import FetchFailed, KeyUnknown
from services.issuance.fetching.addresses import is_public
from services.issuance.fetching.fetcher import onward
from services.issuance.fetching.issuers import WebIssuers

REFUSED = """
0.0.0.0 10.0.0.1 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.1
192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::a00:1 100::1 2001::1
2001:db8::1 2002:7f00:1:: fc00::1 fd12:3456::1 fe80::1 fe80::1%eth0 ff02::1 ff0e::1 2606:4700::1%1 localhost
"""


@pytest.mark.parametrize("address", REFUSED.split())
def test_what_only_we_can_reach_is_not_asked(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450::1"])
def test_the_public_internet_is(address: str) -> None:
    assert is_public(address)


class Nobody:
    """A fetcher that must not be asked."""

    async def fetch(self, url: str, *, accept: str, max_bytes: int = 0) -> bytes:
        raise AssertionError(url, accept, max_bytes)


@pytest.mark.parametrize("issuer", ["http://issuer.example/1", "http://127.0.0.1:8000/1", "http://localhost/1"])
async def test_keys_are_taken_over_tls_only(issuer: str) -> None:
    with pytest.raises(KeyUnknown, match="not an https address"):
        await WebIssuers(Nobody()).key_of(issuer, f"{issuer}#key-1")


def test_no_redirect_leads_out_of_tls() -> None:
    here = httpx.URL("https://issuer.example/did.json")

    assert onward(here, httpx.URL("/other")) == "https://issuer.example/other"
    with pytest.raises(FetchFailed, match="anybody"):
        onward(here, httpx.URL("http://issuer.example/did.json"))
