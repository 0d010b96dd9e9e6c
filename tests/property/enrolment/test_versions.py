"""The versions that are kept are the newest within bounds, whatever comes first and however often."""

from random import Random
from typing import Any

import bson
from hypothesis import given, settings
from hypothesis import strategies as st

from services.enrolment.catalogue.versions import BOUNDS, Bounds, Content, Publication, Versions
from services.enrolment.handlers import version_published
from services.enrolment.store import VERSIONS
from tests.unit.enrolment import facts as a

SIZES = (1, 3, 5, 8)
PUBLICATIONS = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from("abcdefghijkl"), st.sampled_from(range(len(SIZES)))),
    unique_by=lambda each: each[1],
    max_size=12,
)


def content(number: int) -> Content:
    return Content("000000000000", "x" * SIZES[number])


def folded(rows: list[tuple[int, str, int]], bounds: Bounds) -> Versions:
    versions = Versions.new("ou/AAA/2013J")
    for time, event_id, number in rows:
        publication = Publication(time, event_id, str(number))
        after = versions.published(publication, content(number), bounds)
        assert after.published(publication, content(number), bounds) is after
        versions = VERSIONS.load(bson.decode(bson.encode(VERSIONS.dump(after))))
        assert versions == after
    return versions


def naive(rows: list[tuple[int, str, int]], bounds: Bounds) -> list[str]:
    """Return the longest run of newest publications within both bounds, found by trying every length."""
    newest = sorted(rows, reverse=True)
    best: list[str] = []
    for length in range(1, len(newest) + 1):
        run = newest[:length]
        size = sum(SIZES[number] for number in {each[2] for each in run})
        if length == 1 or (length <= bounds.publications and size <= bounds.size):
            best = [each[1] for each in run]
        else:
            break
    return best


@given(PUBLICATIONS, st.builds(Bounds, st.integers(1, 6), st.integers(1, 18)), st.randoms(use_true_random=False))
@settings(max_examples=400)
def test_any_order_keeps_the_same(rows: list[tuple[int, str, int]], bounds: Bounds, chance: Random) -> None:
    sent = [*rows, *rows[:3]]
    chance.shuffle(sent)
    versions = folded(sent, bounds)
    assert versions == folded(rows, bounds)
    wanted = naive(rows, bounds)
    assert [each.event_id for each in versions.publications] == wanted
    gone = [(time, event_id) for time, event_id, _ in rows if event_id not in wanted]
    assert versions.floor == max(gone, default=None)
    assert set(versions.contents) == {each.content for each in versions.publications}


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from("abcdef")), unique_by=lambda each: each[1], min_size=1))
@settings(max_examples=100)
def test_every_publication_is_a_version_and_equal_ones_share_what_they_say(rows: list[tuple[int, str]]) -> None:
    events = [a.published(id_, minute, mark=40 + minute % 2) for minute, id_ in rows]
    versions = Versions.new(events[0].key)
    for event in events:
        versions = version_published(versions, event).state
        assert version_published(versions, event).state is versions
    assert [each.event_id for each in versions.publications] == [
        event.id for event in sorted(events, key=lambda one: (one.time, one.id), reverse=True)
    ]
    assert len(versions.contents) == len({event.data.policy.pass_mark for event in events})
    for event in events:
        found = versions.version(event.id)
        assert found is not None
        assert found[1].policy_version == event.data.policy.version


def test_the_newest_is_kept_whatever_its_size() -> None:
    big: Any = Content("000000000000", "x" * (BOUNDS.size + 1))
    versions = Versions.new("ou/A").published(Publication(1, "a", "big"), big)
    assert [each.event_id for each in versions.publications] == ["a"]
    newer = versions.published(Publication(2, "b", "small"), content(0))
    assert [each.event_id for each in newer.publications] == ["b"]
    assert newer.floor == (1, "a")
