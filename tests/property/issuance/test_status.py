"""Status lists: every offset has an index of its own, and what is encoded is decoded."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.issuance.errors import StatusUnknown
from services.issuance.status import ENTRIES, bits_with, decoded, encoded, entry_for, is_set, permuted


@settings(max_examples=3)
@given(st.uuids())
def test_every_position_has_an_index_of_its_own(list_id: object) -> None:
    indexes = [permuted(str(list_id), position) for position in range(ENTRIES)]

    assert set(indexes) == set(range(ENTRIES))
    neighbours = sum(abs(one - other) < 64 for one, other in pairwise(indexes))
    assert neighbours < ENTRIES // 100


@settings(max_examples=50)
@given(st.sets(st.integers(0, ENTRIES - 1), max_size=200))
def test_encoded_indexes_are_set_and_no_others(indexes: set[int]) -> None:
    bits = decoded(encoded(bits_with(indexes)))

    assert len(bits) * 8 == ENTRIES
    assert {index for index in range(ENTRIES) if is_set(bits, index)} == indexes


@given(
    st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["t", "u"]), st.integers(0, 2), st.integers(0, 1 << 40)),
    st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["t", "u"]), st.integers(0, 2), st.integers(0, 1 << 40)),
)
def test_no_two_records_share_an_entry(one: tuple[str, str, int, int], other: tuple[str, str, int, int]) -> None:
    assert (entry_for(*one) == entry_for(*other)) is (one == other)
    assert entry_for(*one, nth=0) != entry_for(*one, nth=1)


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
