"""Status entries: every record has one of its own, which only the secret tells, and which never changes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from services.issuance.order import Order, permuted, shuffled
from services.issuance.passes import Entry
from services.issuance.status import ENTRIES
from shared.kit.bindings import Place

SINCE = datetime(2026, 11, 26, 12, tzinfo=UTC)
TICK = timedelta(seconds=1)
secrets = st.binary(min_size=32, max_size=64)
offsets = st.integers(0, 1 << 40)
places = st.tuples(
    st.sampled_from(["a", "b"]),
    st.builds(Place, st.sampled_from(["t", "u"]), st.integers(0, 2), offsets),
    st.sampled_from([SINCE - TICK, SINCE]),
)


@settings(max_examples=3, deadline=None)
@given(st.uuids(), secrets)
def test_every_position_has_an_index_of_its_own_and_neighbours_are_strangers(list_id: object, secret: bytes) -> None:
    for order in (
        [shuffled(str(list_id), position, secret) for position in range(ENTRIES)],
        [permuted(str(list_id), position) for position in range(ENTRIES)],
    ):
        assert set(order) == set(range(ENTRIES))
        neighbours = sum(abs(one - other) < 64 for one, other in pairwise(order))
        assert neighbours < ENTRIES // 100


@settings(max_examples=10, deadline=None)
@given(st.uuids(), secrets, secrets)
def test_two_secrets_give_orders_that_have_nothing_to_do_with_each_other(
    list_id: object, secret: bytes, other: bytes
) -> None:
    one = [shuffled(str(list_id), position, secret) for position in range(4096)]
    again = [shuffled(str(list_id), position, secret) for position in range(4096)]
    two = [shuffled(str(list_id), position, other) for position in range(4096)]

    assert one == again
    if secret != other:
        # By chance one in 32 lists of 4,096 has an index at its place; as many as this has one in some 10**20.
        assert sum(a == b for a, b in zip(one, two, strict=True)) < 12
        steps = [(a - b) % ENTRIES for a, b in zip(one, two, strict=True)]
        assert len(set(steps)) > 3900


def test_indexes_fall_everywhere_in_the_list() -> None:
    eighths = [0] * 8
    for position in range(4096):
        eighths[shuffled("a list", position, b"s" * 32) * 8 // ENTRIES] += 1

    assert all(400 < each < 624 for each in eighths), eighths


@given(places, places, secrets)
def test_no_two_records_share_an_entry(
    one: tuple[str, Place, datetime], other: tuple[str, Place, datetime], secret: bytes
) -> None:
    for order in (Order(secret), Order(secret, SINCE)):
        if one[:2] != other[:2]:
            assert order.entry(*one) != order.entry(*other)
        assert order.entry(*one, nth=0) != order.entry(*one, nth=1)
        assert order.entry(*one) == Order(order.secret, order.since).entry(*one)


@given(secrets, secrets, offsets)
def test_under_another_secret_there_are_other_lists(secret: bytes, other: bytes, offset: int) -> None:
    place = Place("topic", 1, offset)

    same = Order(secret).entry("ou", place, SINCE).status_list == Order(other).entry("ou", place, SINCE).status_list

    assert same is (secret == other)


def test_what_was_issued_before_there_was_a_secret_has_the_entry_that_it_was_given() -> None:
    order = Order(b"s" * 32, SINCE)
    before = order.entry("ou", Place("topic", 3, 131_073), SINCE - TICK, 2)

    assert before == Entry("355f4be0-4a1c-583d-ad0a-afb82dce6edb", 107614)
    assert order.entry("ou", Place("topic", 3, 131_073), SINCE, 2).status_list != before.status_list
    assert Order(b"t" * 32, SINCE).entry("ou", Place("topic", 3, 131_073), SINCE - TICK, 2) == before
