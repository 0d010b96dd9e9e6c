"""A fetch is cut into pieces that a transaction can hold, with nothing lost, doubled or out of order."""

from hypothesis import given
from hypothesis import strategies as st

from shared.kit.flights import cut
from shared.kit.ledger import Record

MOST = 100
fetches = st.dictionaries(st.integers(0, 3), st.lists(st.integers(0, 150), min_size=1, max_size=8), max_size=4)


def records(sizes: list[int], first: int) -> list[Record]:
    return [Record(first + 2 * number, 0, None, b"x" * size) for number, size in enumerate(sizes)]


@given(fetches, st.integers(0, 50))
def test_the_pieces_are_the_fetch_each_begins_where_the_last_one_ended(fetch: dict[int, list[int]], at: int) -> None:
    whole = {partition: records(sizes, at) for partition, sizes in fetch.items()}
    position = dict.fromkeys(whole, at - 1)
    seen: dict[int, list[Record]] = {partition: [] for partition in whole}
    for piece in cut(whole, position.copy(), MOST):
        sizes = [len(record.value) for some in piece.records.values() for record in some]
        assert sum(sizes) <= MOST or len(sizes) == 1
        assert piece.records.keys() == piece.begins.keys()
        for partition, some in piece.records.items():
            assert piece.begins[partition] == position[partition]
            position[partition] = some[-1].offset + 1
            seen[partition] += some
    assert seen == whole


def test_a_fetch_that_fits_is_one_piece() -> None:
    assert len(list(cut({0: records([10, 20], 0), 1: records([30], 0)}, {0: 0, 1: 0}, MOST))) == 1
