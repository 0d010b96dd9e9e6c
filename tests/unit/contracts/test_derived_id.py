"""Derived ids are UUIDv5, whoever computes them."""

from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.envelope import NAMESPACE, derived_id


@given(st.lists(st.text() | st.integers(), min_size=1, max_size=4))
def test_a_derived_id_is_the_standard_librarys_uuid5(causes):
    assert UUID(derived_id(*causes)) == uuid5(NAMESPACE, "\n".join(map(str, causes)))


def test_the_same_causes_give_the_same_id_and_others_another():
    assert derived_id("a", 1) == derived_id("a", "1") != derived_id("a", 2)
