"""What every store finds, and in which order: MongoDB and the in-memory twin answer the same."""

import pytest

from shared.kit.store import Document
from tests.integration.kit.test_store_conformance import PEOPLE, ids, lay


async def test_find_sorts_by_several_fields_with_what_is_absent_first_and_stops_at_the_limit(store):
    await lay(
        store,
        {"_id": "a", "level": 2, "name": "x"},
        {"_id": "b", "level": 1, "name": "z"},
        {"_id": "c", "level": 1, "name": "y"},
        {"_id": "d", "name": "w"},
        {"_id": "e", "level": None, "name": "v"},
    )
    assert await ids(store, {}, sort=(("level", 1), ("name", 1))) == ["e", "d", "c", "b", "a"]
    assert await ids(store, {}, sort=(("level", -1), ("name", -1))) == ["a", "b", "c", "d", "e"]
    assert await ids(store, {}, limit=2) == ["a", "b"]


async def test_lists_sort_by_their_least_member_upwards_and_by_their_greatest_downwards(store):
    await lay(store, {"_id": "a", "n": [1, 9]}, {"_id": "b", "n": [5]}, {"_id": "c", "n": [2, 3]})
    assert await ids(store, {}, sort=(("n", 1),)) == ["a", "c", "b"]
    assert await ids(store, {}, sort=(("n", -1),)) == ["a", "b", "c"]


DOCUMENTS: tuple[Document, ...] = (
    {"_id": "a", "n": 1, "tags": ["x", "y"], "of": [{"id": "1", "at": {"m": 3}}, {"id": "2", "at": {"m": 9}}]},
    {"_id": "b", "n": 5, "tags": [], "of": []},
    {"_id": "c", "n": None, "tags": "x", "of": {"id": "1"}},
    {"_id": "d", "n": "5"},
)


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({}, "abcd"),
        ({"n": 5}, "b"),
        ({"n": 5, "tags": "x"}, ""),
        ({"n": None}, "c"),
        ({"n": {"$in": [1, "5"]}}, "ad"),
        ({"n": {"$gt": 1}}, "b"),
        ({"n": {"$gte": 1}}, "ab"),
        ({"n": {"$lt": 5}}, "a"),
        ({"n": {"$lte": 5}}, "ab"),
        ({"n": {"$gt": 0, "$lt": 5}}, "a"),
        ({"n": {"$exists": True}}, "abcd"),
        ({"of": {"$exists": False}}, "d"),
        ({"_id": {"$gt": "b"}}, "cd"),
        ({"tags": "x"}, "ac"),
        ({"tags": ["x", "y"]}, "a"),
        ({"tags": []}, "b"),
        ({"tags": {"$in": ["y", "z"]}}, "a"),
        ({"tags": None}, "d"),
        ({"tags": {"$exists": True}}, "abc"),
        ({"of.id": "2"}, "a"),
        ({"of.id": "1"}, "ac"),
        ({"of.id": {"$in": ["2", "3"]}}, "a"),
        ({"of.id": {"$exists": False}}, "bd"),
        ({"of.id": None}, "d"),
        ({"n.deeper": None}, "abcd"),
        ({"of.at.m": {"$gt": 5}}, "a"),
        ({"of.at.m": {"$gt": 4, "$lt": 8}}, "a"),
        ({"of.at.m": {"$gt": 9}}, ""),
        ({"of.at": {"m": 3}}, "a"),
    ],
    ids=str,
)
async def test_both_stores_find_and_count_the_same(store, where, found):
    await lay(store, *DOCUMENTS)
    assert "".join(await ids(store, where)) == found
    assert await store.count(PEOPLE, where) == len(found)
