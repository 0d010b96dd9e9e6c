"""All of a service's database against the truth, in both directions."""

from collections.abc import Iterator, Mapping
from typing import Any

from pymongo import MongoClient

from tests.chaos.checker import parking
from tests.chaos.checker.findings import Finding
from tests.chaos.checker.truth import Document, Truth

LEDGER = "ledger"
_NO_PARTITION = {"generation"}
Held = Mapping[str, Mapping[str, Document]]


def held_by(mongo_url: str, database: str) -> dict[str, dict[str, Document]]:
    """Return every document that is there, by collection and id."""
    with MongoClient[dict[str, Any]](mongo_url, tz_aware=True) as client:
        held = client[database]
        return {name: {each["_id"]: each for each in held[name].find()} for name in held.list_collection_names()}


def compare_documents(truth: Truth, held: Held, ends: Mapping[tuple[str, int], int]) -> Iterator[Finding]:
    """Compare read models, counters and positions; `ends` are those of the worker's topics."""
    models = {model.collection: truth.documents.get(model.collection, {}) for model in truth.worker.models}
    for name, must in models.items():
        yield from _compare(name, must, held.get(name, {}))
    for name, must in truth.counters().items():
        yield from _compare(name, must, _without_nothing(held.get(name, {})))
    yield from _positions(truth, held.get(LEDGER, {}), ends)
    if truth.parking.on:
        yield from _letters(truth, held)
    known = {*models, *(tally.collection for tally in truth.worker.tallies), LEDGER, *parking.COLLECTIONS}
    for name in sorted(held.keys() - known):
        if held[name]:
            yield Finding("doubled", name, f"{len(held[name])} documents in a collection that nobody writes")


def _compare(name: str, must: Mapping[str, Document], does: Mapping[str, Document]) -> Iterator[Finding]:
    for key, document in must.items():
        if key not in does:
            yield Finding("lost", f"{name}/{key}", "the document is missing")
        elif does[key] != document:
            kind, what = _difference(document, does[key])
            yield Finding(kind, f"{name}/{key}", what)
    for key in does.keys() - must.keys():
        yield Finding("doubled", f"{name}/{key}", "the document follows from no record")


def _difference(must: Document, does: Document) -> tuple[Any, str]:
    """Tell whether too little or too much was folded; where that cannot be told, it counts as lost."""
    fields = [name for name in {**must, **does} if must.get(name) != does.get(name)]
    more = all(_is_more(does.get(name), must.get(name)) for name in fields)
    shown = ", ".join(f"{name} is {str(does.get(name))[:200]}, not {str(must.get(name))[:200]}" for name in fields)
    return ("doubled" if more else "lost"), shown


def _is_more(does: Any, must: Any) -> bool:
    if isinstance(does, int | float) and isinstance(must, int | float):
        return does > must
    if isinstance(does, list) and isinstance(must, list):
        return len(does) > len(must)
    return must is None


def _without_nothing(counters: Mapping[str, Document]) -> dict[str, Document]:
    """Leave out what was counted up and down again: the truth never saw it."""
    cleared = {
        key: {name: value for name, value in each.items() if value != 0 or name == "partition"}
        for key, each in counters.items()
    }
    return {key: each for key, each in cleared.items() if _counts(each)}


def _counts(counter: Document) -> bool:
    return any(isinstance(value, int) for name, value in counter.items() if name != "partition")


def _positions(truth: Truth, held: Mapping[str, Document], ends: Mapping[tuple[str, int], int]) -> Iterator[Finding]:
    must = {f"{truth.ids[topic]}/{partition}": end for (topic, partition), end in ends.items() if topic in truth.ids}
    for key, end in must.items():
        position = int(held.get(key, {}).get("next", 0))
        if position != end:
            kind: Any = "lost" if position < end else "doubled"
            yield Finding(kind, f"{LEDGER}/{key}", f"the position is {position}, the log ends at {end}")
    for key in held.keys() - must.keys() - _NO_PARTITION:
        yield Finding("doubled", f"{LEDGER}/{key}", "the position belongs to no partition")


def _letters(truth: Truth, held: Held) -> Iterator[Finding]:
    must = {each.record.place: (each.error, 1, "open") for each in truth.refusals}
    does = {key: (each["error"], each["attempts"], each["status"]) for key, each in held.get("letters", {}).items()}
    for key in must.keys() | does.keys():
        if must.get(key) != does.get(key):
            kind: Any = "lost" if key in must else "doubled"
            yield Finding(kind, f"letters/{key}", f"is {does.get(key)}, not {must.get(key)}")
    waits = {
        f"{truth.ids[one.topic]}/{one.partition}/{one.offset}"
        for waiting in truth.parking.waiting.values()
        for one in waiting
    }
    waiting_there = held.get("parked_records", {}).keys()
    for key in waits - waiting_there:
        yield Finding("lost", f"parked_records/{key}", "the waiting record is missing")
    for key in waiting_there - waits:
        yield Finding("doubled", f"parked_records/{key}", "the record does not wait")
