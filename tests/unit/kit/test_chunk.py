"""The chunk function: once each, in order, with nothing lost to bad records."""

import pytest

from shared.contracts.topics import PLATFORM_EVENTS
from shared.kit.chunk import commit
from shared.kit.errors import LogHole, LogReplaced, LogTruncated
from shared.kit.ledger import Batch, Record, unpack
from shared.kit.resume import Takeover, resume
from shared.kit.store import Document
from shared.testing.counting import counting_worker, numbered_result, unheard
from shared.testing.memory import MemoryStore

NOW = 1_900_000_000_000


def batch(begins: int, values: list[bytes], *, partition: int = 0, timestamp: int = NOW) -> Batch:
    records = [Record(begins + number, timestamp, b"k", value) for number, value in enumerate(values)]
    return Batch(PLATFORM_EVENTS.name, "topic-id", partition, begins, records)


async def held(store: MemoryStore, collection: str, key: str) -> Document:
    document = await store.get(collection, key)
    assert document is not None, f"{collection}/{key} was not written"
    return document


def results(learner: str, *numbers: int) -> list[bytes]:
    return [numbered_result(learner, number).encode() for number in numbers]


async def test_many_events_of_one_document_are_one_write():
    store = MemoryStore()
    committed = await commit(counting_worker(), [batch(0, results("a", 1, 2, 3))], store)
    assert (await held(store, "counts", "a"))["events"] == 3
    assert store.versions["counts", "a"] == 1
    assert committed.events == 3


async def test_the_same_chunk_again_changes_nothing_and_says_nothing_new():
    """It may be the first time that its answer is heard: the commit was done, and the connection gone."""
    store, worker = MemoryStore(), counting_worker()
    chunk = [batch(0, results("a", *range(10)))]
    first = await commit(worker, chunk, store)
    again = await commit(worker, chunk, store)
    assert len(first.says) == 2
    assert again.says == first.says
    assert (again.events, again.skipped) == (0, 10)
    assert (await held(store, "counts", "a"))["events"] == 10


async def test_a_chunk_that_was_folded_in_part_says_that_part_again_until_it_is_said():
    store, worker = MemoryStore(), counting_worker()
    values = results("a", *range(10))
    first = await commit(worker, [batch(0, values[:5])], store)
    whole = await commit(worker, [batch(0, values)], store)
    assert (whole.events, whole.skipped, len(whole.says)) == (5, 5, 2)
    assert whole.says[:1] == first.says
    assert tuple(unpack((await held(store, "ledger", "topic-id/0"))["says"])) == whole.says
    following = await commit(worker, [batch(10, results("a", 10))], store)
    assert following.says == ()


async def test_a_redelivered_chunk_does_not_erase_what_was_said_last():
    store, worker = MemoryStore(), counting_worker()
    chunk = [batch(0, results("a", *range(5)))]
    first = await commit(worker, chunk, store)
    await commit(worker, chunk, store)
    assert tuple(unpack((await held(store, "ledger", "topic-id/0"))["says"])) == first.says


async def test_a_hole_in_one_partition_writes_nothing_at_all():
    store, worker = MemoryStore(), counting_worker()
    with pytest.raises(LogHole):
        await commit(worker, [batch(0, results("a", 1)), batch(7, results("b", 1), partition=1)], store)
    assert await store.count("counts", {}) == 0


async def test_events_that_nobody_hears_only_move_the_position():
    store = MemoryStore()
    await commit(counting_worker(), [batch(0, [unheard("a").encode()])], store)
    assert (await held(store, "ledger", "topic-id/0"))["next"] == 1
    assert await store.count("counts", {}) == 0


@pytest.mark.parametrize(
    ("value", "error", "reason"),
    [
        (b"{", "MalformedEvent", "Invalid JSON"),
        (b"\xff\xfe", "MalformedEvent", "Invalid JSON"),
        (b"[" * 5000, "MalformedEvent", "recursion limit"),
        (b'{"type":"microcred.result.invented.v1"}', "UnknownEventType", "newer release"),
        (results("a", 1)[0].replace(b'"score":1.0', b'"score":NaN'), "MalformedEvent", "data.score"),
        (results("a", 1)[0].replace(b'"score":1.0', b'"score":1e7'), "MalformedEvent", "data.score"),
        (results("a", 1)[0].replace(b'"tenant":"ou"', b'"tenant":"O U"'), "MalformedEvent", "tenant"),
        (results("a", 1)[0].replace(b"2026-01-01", b"2099-01-01"), "EventFromFuture", "time"),
    ],
)
async def test_a_bad_record_becomes_a_dead_letter_with_its_bytes_and_the_rest_goes_on(value, error, reason):
    store = MemoryStore()
    committed = await commit(counting_worker(), [batch(0, [*results("a", 1), value, *results("a", 2)])], store)
    (letter,) = committed.says
    headers = dict(letter.headers)
    assert (letter.topic, letter.value, letter.key) == ("assessment.dead-letters", value, b"k")
    assert headers["dlq-error"] == error.encode()
    assert reason.encode() in headers["dlq-reason"]
    assert (headers["dlq-topic"], headers["dlq-offset"]) == (b"platform.events", b"1")
    assert (await held(store, "counts", "a"))["events"] == 2


async def test_counters_are_deltas_of_documents():
    store, worker = MemoryStore(), counting_worker()
    await commit(worker, [batch(0, results("a", 1) + results("b", 1)), batch(0, results("c", 1), partition=3)], store)
    await commit(worker, [batch(2, results("a", 2) + results("d", 1))], store)
    totals = await store.find("totals", {})
    assert {(each["partition"], each["learners"]) for each in totals} == {(0, 3), (3, 1)}


async def test_taking_over_says_again_and_goes_on_from_the_ledger():
    store, worker = MemoryStore(), counting_worker()
    committed = await commit(worker, [batch(0, results("a", *range(5)))], store)
    taken = Takeover(PLATFORM_EVENTS.name, "topic-id", 0, 0)
    fresh = Takeover(PLATFORM_EVENTS.name, "topic-id", 1, 4)
    standings = await resume(store, [taken, fresh])
    assert (standings[taken].position, tuple(standings[taken].says)) == (5, committed.says)
    assert (standings[fresh].position, list(standings[fresh].says)) == (4, [])


async def test_a_replaced_log_is_refused_with_its_cure():
    store, worker = MemoryStore(), counting_worker()
    await commit(worker, [batch(0, results("a", 1))], store)
    with pytest.raises(LogReplaced, match="drop this service's database"):
        await resume(store, [Takeover(PLATFORM_EVENTS.name, "another-id", 0, 0)])


async def test_a_truncated_log_is_refused_with_its_cure():
    store, worker = MemoryStore(), counting_worker()
    await commit(worker, [batch(0, results("a", 1))], store)
    with pytest.raises(LogTruncated, match=r"retention\.ms"):
        await resume(store, [Takeover(PLATFORM_EVENTS.name, "topic-id", 0, 2)])


async def test_a_refused_record_with_a_header_that_has_no_value_becomes_a_dead_letter_too():
    store = MemoryStore()
    record = Record(0, NOW, None, b"{", (("odd", None),))  # type: ignore[arg-type]  # what a client may send
    committed = await commit(counting_worker(), [Batch(PLATFORM_EVENTS.name, "topic-id", 0, 0, [record])], store)
    assert dict(committed.says[0].headers)["odd"] == b""
