"""What is the same, what differs, and where."""

from collections.abc import AsyncIterator, Sequence

import pytest

from shared.kit.rebuild.parity import Parity, compare, essence_of
from shared.kit.store import Document


async def stream(*documents: Document) -> AsyncIterator[Document]:
    for document in documents:
        yield document


async def compared(
    old: Sequence[Document], new: Sequence[Document], collection: str = "c", *, tally: bool = False
) -> Parity:
    parity = Parity(collection)
    await compare(parity, stream(*old), stream(*new), essence_of(collection, tally=tally))
    return parity


def counts(parity: Parity) -> tuple[int, int, int, int]:
    return parity.same, parity.only_old, parity.only_new, parity.different


async def test_both_ways_to_both_ends():
    old = [{"_id": "a", "n": 1}, {"_id": "b", "n": 1}, {"_id": "d", "n": 1}]
    new: list[Document] = [{"_id": "b", "n": 1}, {"_id": "c", "n": 1}, {"_id": "d", "n": 2}, {"_id": "e"}]
    parity = await compared(old, new)
    assert counts(parity) == (1, 1, 2, 1)
    assert [each.id for each in parity.examples] == ["a", "c", "d", "e"]
    assert not parity.whole
    assert parity.after == "e"


async def test_nothing_and_nothing_are_the_same():
    assert (await compared([], [])).whole


@pytest.mark.parametrize(
    ("old", "new", "field", "shown"),
    [
        ({"n": 1}, {"n": 2}, "n", ("1", "2")),
        ({"n": 1, "m": 1}, {"n": 1}, "m", ("1", "absent")),
        ({"deep": {"a": [1, {"x": 1}]}}, {"deep": {"a": [1, {"x": 2}]}}, "deep.a[1].x", ("1", "2")),
        ({"list": [1]}, {"list": [1, 2]}, "list.length", ("1", "2")),
        ({"x": "a" * 300 + "1"}, {"x": "a" * 300 + "2"}, "x", ("…'" + "a" * 40 + "1'", "…'" + "a" * 40 + "2'")),
    ],
)
async def test_the_first_field_that_differs_is_named(old, new, field, shown):
    (difference,) = (await compared([{"_id": "a", **old}], [{"_id": "a", **new}])).examples
    assert (difference.id, difference.field, (difference.old, difference.new)) == ("a", field, shown)


async def test_a_few_examples_are_enough():
    parity = await compared([{"_id": f"{n:03}"} for n in range(100)], [])
    assert (parity.only_old, len(parity.examples)) == (100, 5)


async def test_a_counter_at_nothing_is_no_counter():
    names: Document = {"tenant": "ou", "partition": 0}
    old = [{"_id": "a", **names, "seen": 2, "left": 0}, {"_id": "b", **names, "seen": 0}]
    assert (await compared(old, [{"_id": "a", **names, "seen": 2}], tally=True)).whole
    assert not (await compared(old, [{"_id": "a", **names, "seen": 3}], tally=True)).whole
    assert not (await compared(old, [{"_id": "a", **names, "seen": 2}])).whole


async def test_when_a_letter_came_is_of_the_clock():
    old: Document = {"_id": "a", "reason": "r", "first_failed": 1}
    new: Document = {"_id": "a", "reason": "r", "first_failed": 2}
    assert (await compared([old], [new], "letters")).whole
    assert not (await compared([old], [new], "others")).whole
