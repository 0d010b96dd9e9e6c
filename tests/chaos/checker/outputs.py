"""All output topics against the truth: everything said, nothing else, each id with one content, learners in order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from tests.chaos.checker.findings import Finding
from tests.chaos.checker.log import Stored
from tests.chaos.checker.truth import Output, Refusal

_OURS = "dlq-"
#: When the first attempt failed is the clock's to say; how often is compared where letters are kept.
_NOT_COMPARED = {"dlq-first-failed", "dlq-attempts", "dlq-letter"}
_LONGEST_REASON = 2_000


def compare_outputs(must: Sequence[Output], does: Iterable[Stored]) -> Iterator[Finding]:
    """Compare events: a repetition of the same bytes is allowed, other bytes under the same id are not."""
    wanted = {(each.topic, each.id): each for each in must}
    seen: dict[tuple[str, str], Stored] = {}
    for record in does:
        id_ = _id_of(record)
        first = seen.setdefault((record.topic, id_), record)
        if (first.key, first.value) != (record.key, record.value):
            yield Finding("doubled", record.place, f"the id {id_} has two contents, the other at {first.place}")
        expected = wanted.get((record.topic, id_))
        if expected is None:
            yield Finding("doubled", record.place, f"the event {id_} follows from no record")
        elif (expected.key, expected.value) != (record.key, record.value):
            yield Finding("doubled", record.place, f"the event {id_} has another content than follows")
    for topic, id_ in wanted.keys() - seen.keys():
        yield Finding("lost", topic, f"the event {id_} was never said")
    yield from _order(must, seen)


def _order(must: Sequence[Output], seen: Mapping[tuple[str, str], Stored]) -> Iterator[Finding]:
    """Compare the order in which a learner's events were said for the first time, topic by topic."""
    lines: dict[tuple[str, bytes], list[str]] = {}
    for each in dict.fromkeys((one.topic, one.key, one.id) for one in must):
        if (each[0], each[2]) in seen:
            lines.setdefault((each[0], each[1]), []).append(each[2])
    for (topic, key), ids in lines.items():
        places = [(seen[topic, id_].partition, seen[topic, id_].offset) for id_ in ids]
        if places != sorted(places):
            yield Finding("disordered", topic, f"the events of {key.decode(errors='replace')} stand in another order")


def _id_of(record: Stored) -> str:
    try:
        return str(orjson.loads(record.value or b"")["id"])
    except (ValueError, KeyError, TypeError):
        return f"unreadable at {record.place}"


def compare_letters(must: Sequence[Refusal], does: Iterable[Stored]) -> Iterator[Finding]:
    """Compare dead letters: key, bytes and headers of the record, where it stood, and why it was refused."""
    wanted = {(each.record.place, each.error): _content(each) for each in must}
    seen: set[tuple[str, str]] = set()
    for letter in does:
        told = _told(letter)
        id_ = (f"{told.get('topic')}/{told.get('partition')}/{told.get('offset')}", told.get("error", ""))
        seen.add(id_)
        if id_ not in wanted:
            yield Finding("doubled", letter.place, f"the dead letter of {id_[0]} ({id_[1]}) follows from no record")
        elif wanted[id_] != (content := _content_of(letter)):
            kind: Any = "doubled"
            parts = [number for number, one in enumerate(content) if one != wanted[id_][number]]
            yield Finding(kind, letter.place, f"the dead letter of {id_[0]} differs in {parts}")
    for place, error in wanted.keys() - seen:
        yield Finding("lost", place, f"the refused record ({error}) is not among the dead letters")


def _content(refusal: Refusal) -> tuple[Any, ...]:
    record = refusal.record
    told = {
        "dlq-topic": record.topic,
        "dlq-partition": str(record.partition),
        "dlq-offset": str(record.offset),
        "dlq-timestamp": str(record.timestamp),
        "dlq-error": refusal.error,
        "dlq-reason": refusal.reason[:_LONGEST_REASON],
    }
    ours = sorted((name, text.encode()) for name, text in told.items())
    return record.key, record.value or b"", ours, [(name, text or b"") for name, text in record.headers]


def _content_of(letter: Stored) -> tuple[Any, ...]:
    ours = sorted(
        (name, text or b"") for name, text in letter.headers if name.startswith(_OURS) and name not in _NOT_COMPARED
    )
    theirs = [(name, text or b"") for name, text in letter.headers if not name.startswith(_OURS)]
    return letter.key, letter.value or b"", ours, theirs


def _told(letter: Stored) -> dict[str, str]:
    return {
        name.removeprefix(_OURS): (text or b"").decode(errors="replace")
        for name, text in letter.headers
        if name.startswith(_OURS)
    }
