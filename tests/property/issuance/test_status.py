"""Status lists: what is encoded is decoded."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.issuance.errors import StatusUnknown
from services.issuance.status import ENTRIES, bits_with, decoded, encoded, is_set


@settings(max_examples=50)
@given(st.sets(st.integers(0, ENTRIES - 1), max_size=200))
def test_encoded_indexes_are_set_and_no_others(indexes: set[int]) -> None:
    bits = decoded(encoded(bits_with(indexes)))

    assert len(bits) * 8 == ENTRIES
    assert {index for index in range(ENTRIES) if is_set(bits, index)} == indexes


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("H4sI", "begins with u"),
        ("u!!!", "encodedList"),
        ("uAAAA", "incorrect header"),
        (encoded(bits_with([], 1024)), "at least 131072"),
        (encoded(bits_with([3]))[:40], "cut off"),
        (encoded(bits_with([], 1 << 28)), "larger than 16 MiB"),
    ],
)
def test_a_malformed_list_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(StatusUnknown, match=reason):
        decoded(text)


def test_an_index_outside_the_list_is_refused() -> None:
    with pytest.raises(StatusUnknown, match="outside"):
        is_set(decoded(encoded(bits_with([]))), ENTRIES)


def test_index_0_is_the_left_most_bit() -> None:
    assert decoded(encoded(bits_with([0])))[0] == 0b1000_0000
