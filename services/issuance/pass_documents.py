"""Passes as documents in MongoDB, and back: parts of an award's (`award_documents.py`)."""

from dataclasses import fields
from operator import attrgetter
from typing import Any

from services.issuance.passes import Component, Entry, Evidence, Pass
from services.issuance.wording import timestamp
from shared.contracts.envelope import utc
from shared.kit.store import Document

_MOMENTS = ("time", "started", "ended")
_COMPONENT, _EVIDENCE = (attrgetter(*(each.name for each in fields(kind))) for kind in (Component, Evidence))


def load_pass(document: Document) -> Pass:
    """Return the pass that a document holds."""
    said: Document = {name: utc(document[name]) for name in _MOMENTS if name in document}
    if "components" in document:
        said["components"] = tuple(Component(*row) for row in document["components"])
    if "evidence" in document:
        said["evidence"] = tuple(Evidence(*row) for row in document["evidence"])
    if "entry" in document:
        said["entry"] = Entry(*document["entry"])
    return Pass(**{**document, **said})


def dump_held(passed: Pass) -> Document:
    """Return the document of a pass whose credential waits, with the entry that it will have."""
    document = dump_pass(passed)
    return document if passed.entry is None else {**document, "entry": dump_entry(passed.entry)}


def dump_pass(passed: Pass) -> Document:
    """Return the document of a pass, without what is not said."""
    document: Document = {
        "id": passed.id,
        "time": timestamp(passed.time),
        "grade_percent": passed.grade_percent,
        "policy_version": passed.policy_version,
        "ordinal": passed.ordinal,
        "place": passed.place,
    }
    for name in ("pass_mark", "role", "term", "causes", "causes_left_out", "decided_by"):
        if (said := getattr(passed, name)) is not None:
            document[name] = said
    for name in ("started", "ended"):
        if (moment := getattr(passed, name)) is not None:
            document[name] = timestamp(moment)
    if passed.components:
        document["components"] = list(map(_COMPONENT, passed.components))
    if passed.evidence:
        document["evidence"] = list(map(_EVIDENCE, passed.evidence))
    return document


def dump_entry(entry: Entry) -> list[Any]:
    """Return an entry as a row."""
    return [entry.status_list, entry.index]
