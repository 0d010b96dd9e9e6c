"""Bytes as base58 are what the library makes of them."""

import base58
from hypothesis import given
from hypothesis import strategies as st

from services.issuance.keys.multikey import base58btc, from_base58btc


@given(st.one_of(st.binary(max_size=100), st.binary(max_size=10).map(lambda some: b"\0\0" + some)))
def test_base58_as_the_library_writes_it(content: bytes) -> None:
    assert base58btc(content) == f"z{base58.b58encode(content).decode()}"
    assert from_base58btc(base58btc(content)) == content
