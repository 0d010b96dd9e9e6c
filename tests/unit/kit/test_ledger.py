"""The ledger decides what was folded, and what was said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kit.errors import LogHole
from shared.kit.ledger import Batch, Record, Saying, entry, pack, unpack, unread


def batch(begins: int, offsets: list[int]) -> Batch:
    return Batch("t", "id", 0, begins, [Record(offset, 1, None, b"") for offset in offsets])


def test_what_lies_below_the_position_is_left_out():
    assert [record.offset for record in unread(batch(3, [3, 4, 5, 6]), 5)] == [5, 6]


def test_an_old_batch_brings_nothing():
    assert unread(batch(3, [3, 4]), 9) == []


def test_a_batch_above_the_position_is_a_hole():
    with pytest.raises(LogHole) as hole:
        unread(batch(7, [7, 8]), 5)
    assert hole.value.position == 5


def test_without_a_ledger_only_the_beginning_of_the_log_is_taken():
    assert len(unread(batch(0, [0, 1]), None)) == 2
    with pytest.raises(LogHole):
        unread(batch(1, [1]), None)


def test_offsets_that_compaction_removed_are_no_hole():
    assert [record.offset for record in unread(batch(5, [9, 12]), 5)] == [9, 12]


def test_an_old_batch_never_moves_the_position_back():
    assert entry(batch(3, [3, 4]), 9, [])["next"] == 9


sayings = st.builds(
    Saying,
    topic=st.sampled_from(["passed", "x.dead-letters"]),
    key=st.none() | st.binary(max_size=20),
    value=st.binary(max_size=200),
    headers=st.lists(
        st.tuples(st.text(max_size=8).filter(lambda s: "\0" not in s), st.binary(max_size=20)), max_size=3
    ).map(tuple),
)


@given(st.lists(sayings, max_size=30))
def test_what_was_said_can_be_said_again_byte_for_byte(said):
    assert unpack(pack(said)) == said
