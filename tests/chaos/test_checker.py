"""The checker complains: about each kind of fault that it is there for, and about nothing else."""

import ast
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from shared.contracts.topics import PASSED, PLATFORM_EVENTS
from shared.testing.counting import SAYS_EVERY, counting_worker, numbered_result
from tests.chaos.checker.documents import compare_documents
from tests.chaos.checker.findings import Finding
from tests.chaos.checker.log import Stored
from tests.chaos.checker.outputs import compare_letters, compare_outputs
from tests.chaos.checker.truth import Truth

TOPIC = PLATFORM_EVENTS.name
ENDS = {(TOPIC, 0): 22}
NOW_MS = 1_900_000_000_000
FORBIDDEN = {
    f"shared.{name}"
    for name in (
        "kit.chunk",
        "kit.pipeline",
        "kit.fold",
        "kit.ledger",
        "kit.reading",
        "kit.engine",
        "kit.flights",
        "kit.resume",
        "kit.transport",
        "kit.letters",
        "kit.parking",
        "kit.desk",
        "testing.memory",
    )
}


def record(offset: int, value: bytes | None, key: bytes) -> Stored:
    return Stored(TOPIC, 0, offset, NOW_MS, key, value, ())


@pytest.fixture
def truth() -> Truth:
    """Two learners with ten events each, one record that is no event, and one of a version to come."""
    truth = Truth(counting_worker(), {TOPIC: "id"})
    records = [record(n, numbered_result("ab"[n % 2], n // 2).encode(), b"ab"[n % 2 : n % 2 + 1]) for n in range(20)]
    newer = numbered_result("c", 0).encode().replace(b".v1", b".v2")
    truth.take_all({TOPIC: [*records, record(20, b"{", b"a"), record(21, newer, b"c")]})
    return truth


def held(truth: Truth) -> dict[str, dict[str, Any]]:
    """Return the database as it must be."""
    letters = {
        one.record.place: {"_id": one.record.place, "error": one.error, "attempts": 1, "status": "open"}
        for one in truth.refusals
    }
    ledger = {"id/0": {"_id": "id/0", "next": 22}, "generation": {"_id": "generation"}}
    return deepcopy({**truth.documents, **truth.counters(), "ledger": ledger, "letters": letters})


def said(truth: Truth) -> list[Stored]:
    """Return the output topic as it must be."""
    return [Stored(one.topic, 0, n, NOW_MS, one.key, one.value, ()) for n, one in enumerate(truth.outputs)]


def lettered(truth: Truth) -> list[Stored]:
    """Return the dead letters as they must be."""
    return [
        Stored("assessment.dead-letters", 0, n, NOW_MS, one.record.key, one.record.value, _headers(one))
        for n, one in enumerate(truth.refusals)
    ]


def _headers(one: Any) -> tuple[tuple[str, bytes], ...]:
    told = {
        "letter": one.record.place,
        "topic": TOPIC,
        "partition": "0",
        "offset": str(one.record.offset),
        "timestamp": str(NOW_MS),
        "error": one.error,
        "reason": one.reason,
        "attempts": "1",
        "first-failed": "17",
    }
    return tuple((f"dlq-{name}", text.encode()) for name, text in told.items())


def kinds(findings: Any) -> list[str]:
    return [each.kind for each in findings]


def documents(truth: Truth, database: Any) -> list[Finding]:
    return list(compare_documents(truth, database, ENDS))


def test_what_is_right_is_not_complained_about(truth: Truth):
    assert documents(truth, held(truth)) == []
    assert list(compare_outputs(truth.outputs, said(truth))) == []
    assert list(compare_letters(truth.refusals, lettered(truth))) == []
    assert len(truth.outputs) == 20 // SAYS_EVERY
    assert len(truth.refusals) == 2


def test_a_lost_effect(truth: Truth):
    database = held(truth)
    database["counts"]["a"]["events"] -= 1
    assert kinds(documents(truth, database)) == ["lost"]


def test_a_doubled_effect(truth: Truth):
    database = held(truth)
    database["counts"]["a"]["events"] += 1
    assert kinds(documents(truth, database)) == ["doubled"]


def test_a_document_that_is_missing(truth: Truth):
    database = held(truth)
    del database["counts"]["b"]
    assert kinds(documents(truth, database)) == ["lost"]


def test_a_foreign_document(truth: Truth):
    database = held(truth)
    database["counts"]["z"] = {**database["counts"]["a"], "_id": "z"}
    assert kinds(documents(truth, database)) == ["doubled"]


def test_a_foreign_collection(truth: Truth):
    assert kinds(documents(truth, held(truth) | {"other": {"x": {"_id": "x"}}})) == ["doubled"]


@pytest.mark.parametrize(("by", "kind"), [(-1, "lost"), (1, "doubled")])
def test_a_counter_that_is_off(truth: Truth, by: int, kind: str):
    database = held(truth)
    next(iter(database["totals"].values()))["learners"] += by
    assert kinds(documents(truth, database)) == [kind]


@pytest.mark.parametrize(("by", "kind"), [(-1, "lost"), (1, "doubled")])
def test_a_position_that_is_not_the_end(truth: Truth, by: int, kind: str):
    database = held(truth)
    database["ledger"]["id/0"]["next"] += by
    assert kinds(documents(truth, database)) == [kind]


def test_a_letter_that_was_not_kept(truth: Truth):
    assert kinds(documents(truth, held(truth) | {"letters": {}})) == ["lost", "lost"]


def test_a_parked_record_that_does_not_wait(truth: Truth):
    truth.take(PLATFORM_EVENTS, record(22, numbered_result("c", 1).encode(), b"c"))
    assert "c" not in truth.documents["counts"]
    assert kinds(documents(truth, held(truth))) == ["lost"]
    parked: Any = {"parked_records": {"id/0/22": {}, "id/0/9": {}}}
    assert kinds(documents(truth, held(truth) | parked)) == ["doubled"]


def test_an_output_that_is_missing(truth: Truth):
    assert kinds(compare_outputs(truth.outputs, said(truth)[1:])) == ["lost"]


def test_an_output_that_is_said_twice_with_the_same_bytes_is_no_fault(truth: Truth):
    assert list(compare_outputs(truth.outputs, said(truth) + said(truth))) == []


def test_an_output_id_with_two_contents(truth: Truth):
    first, *others = said(truth)
    other = Stored(PASSED.name, 0, 99, NOW_MS, first.key, (first.value or b"").replace(b'"o"', b'"p"'), ())
    assert set(kinds(compare_outputs(truth.outputs, [first, *others, other]))) == {"doubled"}


def test_an_output_that_follows_from_nothing(truth: Truth):
    foreign = Stored(PASSED.name, 0, 99, NOW_MS, b"a", b'{"id":"x"}', ())
    assert kinds(compare_outputs(truth.outputs, [*said(truth), foreign])) == ["doubled"]


def test_a_swapped_order(truth: Truth):
    of_a = [each for each in said(truth) if each.key == b"a"]
    others = [each for each in said(truth) if each.key != b"a"]
    places = [each.offset for each in of_a]
    swapped = [
        Stored(one.topic, 0, place, NOW_MS, one.key, one.value, ())
        for one, place in zip(reversed(of_a), places, strict=True)
    ]
    assert kinds(compare_outputs(truth.outputs, [*others, *swapped])) == ["disordered"]


def test_a_dead_letter_that_is_missing_changed_or_foreign(truth: Truth):
    first, second = lettered(truth)
    assert kinds(compare_letters(truth.refusals, [first])) == ["lost"]
    changed = Stored(second.topic, 0, 9, NOW_MS, second.key, b"other", second.headers)
    assert kinds(compare_letters(truth.refusals, [first, changed])) == ["doubled"]
    foreign = Stored(second.topic, 0, 9, NOW_MS, b"a", b"x", (("dlq-topic", b"other"),))
    assert kinds(compare_letters(truth.refusals, [first, second, foreign])) == ["doubled"]


def test_the_checker_stands_apart_from_what_it_checks():
    for file in (Path(__file__).parent / "checker").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom):
                assert node.module not in FORBIDDEN, f"{file.name} imports {node.module}"
