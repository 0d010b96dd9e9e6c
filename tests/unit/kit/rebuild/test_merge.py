"""One order for all partitions, and chunks that keep it."""

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.kit.ledger import Record
from shared.kit.rebuild.merge import Lane, Merge, passed

ORDER = ("catalogue", "enrolled", "results")


def lane(topic: str, *records: tuple[int, str | None], partition: int = 0, first: int = 0) -> Lane:
    """A lane that was read to its end; records as (time, key)."""
    made = Lane(topic, f"id-{topic}", partition, first)
    for number, (time, key) in enumerate(records):
        made.read(Record(first + number, time, key.encode() if key else None, b"v"))
    made.target = made.frontier = first + len(records)
    return made


def chunks(*lanes: Lane, most: int = 100, apart: tuple[str, ...] = ("catalogue",)) -> list[list[Any]]:
    """All chunks, each a list of (topic, times)."""
    merge, made = Merge(lanes, apart), []
    while batches := merge.chunk(most):
        passed(lanes, batches)
        made.append([(batch.topic, [record.timestamp for record in batch.records]) for batch in batches])
    assert all(each.ended for each in lanes)
    return made


def test_records_of_all_topics_come_by_their_time():
    assert chunks(lane("results", (1, "a"), (5, "b")), lane("enrolled", (2, "c"), (9, "d"))) == [
        [("results", [1, 5]), ("enrolled", [2, 9])]
    ]


def test_a_chunk_ends_where_folding_batch_by_batch_would_turn_a_learners_order_around():
    assert chunks(lane("results", (1, "a"), (3, "a")), lane("enrolled", (2, "a"))) == [
        [("results", [1]), ("enrolled", [2])],
        [("results", [3])],
    ]


def test_a_record_without_a_key_may_be_about_anybody():
    assert chunks(lane("results", (1, "a"), (3, None)), lane("enrolled", (2, "b"))) == [
        [("results", [1]), ("enrolled", [2])],
        [("results", [3])],
    ]
    assert chunks(lane("results", (1, "a"), (3, "c")), lane("enrolled", (2, None))) == [
        [("results", [1]), ("enrolled", [2])],
        [("results", [3])],
    ]


def test_what_others_look_at_beside_shares_no_chunk_with_them():
    assert chunks(lane("catalogue", (1, "o"), (4, "o")), lane("enrolled", (2, "a"), (5, "a"))) == [
        [("catalogue", [1])],
        [("enrolled", [2])],
        [("catalogue", [4])],
        [("enrolled", [5])],
    ]


def test_of_one_moment_the_topic_that_is_mentioned_first_goes_first():
    made = chunks(lane("catalogue", (1, "o")), lane("enrolled", (1, "a")))
    assert made == [[("catalogue", [1])], [("enrolled", [1])]]


def test_nothing_goes_on_before_every_partition_has_shown_what_is_next():
    late = Lane("enrolled", "id", 0, 0, target=1)
    merge = Merge([lane("results", (5, "a")), late], ())
    assert (merge.chunk(10), merge.waiting) == ([], [late])
    late.read(Record(0, 1, b"b", b"v"))
    assert [batch.topic for batch in merge.chunk(10)] == ["enrolled", "results"]


def test_nothing_beyond_the_target_is_folded():
    one = lane("results", (1, "a"), (2, "a"), (3, "a"))
    merge = Merge([one], ())
    merge.aim({one.place: 2})
    (batch,) = merge.chunk(10)
    assert (batch.begins, batch.ends, one.ended) == (0, 2, True)
    passed([one], [batch])
    merge.aim({one.place: 3})
    assert [record.timestamp for record in merge.chunk(10)[0].records] == [3]


def test_a_gap_at_the_end_is_no_reason_to_wait():
    one = lane("results", (1, "a"))
    one.target = one.frontier = 7  # what stood on 1 to 6 was compacted away
    merge = Merge([one], ())
    assert merge.chunk(10)
    assert (one.ended, merge.waiting) == (True, [])


KEYS = st.sampled_from(["a", "b", "c", None])


@given(st.lists(st.lists(st.tuples(st.integers(0, 30), KEYS), max_size=12), min_size=3, max_size=3), st.integers(1, 9))
def test_what_shares_a_key_is_folded_in_the_order_of_its_time(drawn, most):
    """Each lane in order of time, as a log is: then no two records of one key are ever turned around."""
    in_time = [sorted(records, key=lambda each: each[0]) for records in drawn]
    lanes = [lane(topic, *records) for topic, records in zip(ORDER, in_time, strict=True)]
    merge, folded = Merge(lanes, ("catalogue",)), []
    while batches := merge.chunk(most):
        assert sum(len(batch.records) for batch in batches) <= most
        assert len({batch.topic == "catalogue" for batch in batches}) == 1
        passed(lanes, batches)
        folded += [record for batch in batches for record in batch.records]
    assert len(folded) == sum(map(len, drawn))
    for key in (b"a", b"b", b"c"):
        times = [record.timestamp for record in folded if record.key in {key, None}]
        assert all(before <= after for before, after in pairwise(times))
