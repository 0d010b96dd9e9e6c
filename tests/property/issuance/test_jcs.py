"""The quick way to canonical JSON is the same as the library's, for whatever JSON there is."""

from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from services.issuance.errors import CredentialRefused
from services.issuance.jsonld.jcs import jcs

names = st.one_of(st.text(max_size=4), st.text(st.characters(max_codepoint=0x7F), max_size=4))
values: Any = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**53) + 1, 2**53 - 1),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
)


@given(values)
def test_both_ways_write_the_same(value: Any) -> None:
    assert jcs(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [2**53, [-(2**60)], {"a": float("nan")}, {"a": "\ud800"}, {"\ud800": 1}])
def test_what_readers_would_take_for_different_things_is_refused(value: Any) -> None:
    with pytest.raises(CredentialRefused, match="no canonical JSON"):
        jcs(value)
