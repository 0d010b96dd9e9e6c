"""The generation document through a rebuild: each step is one function from the document before to the one after. Pure.

    {_id: "generation", current: {collection: n}, hold,
     building: {of: {collection: n}, ledger: n, model, back, release, by},   the generation that is made
     kept: {of: {collection: n}, ledger: n, model},                          the one before, for a rollback
     drop: [name],                                                           collections that nobody needs any more
     last: n, switches: n}

A generation that is not live has ledger documents of its own, in the collection `ledger.n`. At a switch they say what
the live ledger says; so from then on they are the positions of the generation that was live until then.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.kit.generations import GENERATION, named
from shared.kit.ledger import LEDGER
from shared.kit.rebuild.errors import AnotherUnderWay, NothingBuilt, NothingKept, Superseded
from shared.kit.rebuild.scope import OF_THE_KIT
from shared.kit.store import Document


def blank() -> Document:
    """Return the document of a database in which nothing was ever rebuilt."""
    return {"_id": GENERATION, "current": {}}


def begun(document: Document, model: str | None, collections: Sequence[str], release: str, by: str) -> Document:
    """Begin a rebuild, or go on with the one that was begun; the generation kept from the last one is given up.

    One that another release began is given up too: half of it would be folded by other rules.

    Raises:
        AnotherUnderWay: something else was begun.

    """
    building = document.get("building")
    if building is not None:
        if building["back"] or building["model"] != model:
            raise AnotherUnderWay(_described(building))
        if building["release"] == release:
            return taken_over(document, by)
        document = discarded(document)
    last = document.get("last", 1) + 1
    kept = document.get("kept")
    return {
        **{name: value for name, value in document.items() if name != "kept"},
        "last": last,
        "building": {
            "of": dict.fromkeys(collections, last),
            "ledger": last,
            "model": model,
            "back": False,
            "release": release,
            "by": by,
        },
        "drop": [*document.get("drop", ()), *(_names(kept) if kept else ())],
    }


def rolling_back(document: Document, release: str, by: str) -> Document:
    """Begin to go back to the kept generation, or go on with it.

    Raises:
        AnotherUnderWay: something else was begun.
        NothingKept: there is none.

    """
    building = document.get("building")
    if building is not None:
        if not building["back"]:
            raise AnotherUnderWay(_described(building))
        return taken_over(document, by)
    if "kept" not in document:
        raise NothingKept
    return {**document, "building": {**document["kept"], "back": True, "release": release, "by": by}}


def taken_over(document: Document, by: str) -> Document:
    """Go on with what was begun, in another process.

    Raises:
        NothingBuilt: nothing was.

    """
    if document.get("building") is None:
        raise NothingBuilt
    return released({**document, "building": {**document["building"], "by": by}})


def discarded(document: Document) -> Document:
    """Give up what was begun; a kept generation stays kept.

    Raises:
        NothingBuilt: nothing was.

    """
    building = document.get("building")
    if building is None:
        raise NothingBuilt
    unneeded = [] if building["back"] else _names(building)
    return {**_ended(document), "drop": [*document.get("drop", ()), *unneeded]}


def held(document: Document, hold: str) -> Document:
    """Ask the workers to wait for a switch."""
    return {**document, "hold": hold}


def released(document: Document) -> Document:
    """Ask them no more."""
    return {name: value for name, value in document.items() if name != "hold"}


def switched(document: Document) -> Document:
    """Make the built generation the live one, and keep the one that was."""
    building = document["building"]
    current = document["current"]
    was = {name: current.get(name, 1) for name in building["of"]}
    return {
        **_ended(document),
        "current": {**current, **building["of"]},
        "kept": {"of": was, "ledger": building["ledger"], "model": building["model"]},
        "switches": document.get("switches", 0) + 1,
    }


def mine(document: Document | None, by: str) -> Document:
    """Return the document, if what is built is still this process's.

    Raises:
        Superseded: it is not.

    """
    if document is None or (document.get("building") or {}).get("by") != by:
        raise Superseded
    return document


def swept(document: Document, name: str) -> Document:
    """Note that a collection was dropped."""
    return {**document, "drop": [each for each in document.get("drop", ()) if each != name]}


def _described(building: Mapping[str, Any]) -> str:
    if building["back"]:
        return "a rollback"
    return f"a rebuild of {building['model'] or 'all read models'}"


def _ended(document: Document) -> Document:
    return {name: value for name, value in document.items() if name not in {"building", "hold"}}


def _names(generation: Mapping[str, Any]) -> list[str]:
    """Return the names of all collections of a generation, its ledger and what the kit wrote with it."""
    ledger: int = generation["ledger"]
    beside = {name: ledger for name in (*OF_THE_KIT, LEDGER) if name not in generation["of"]}
    return [named(name, number) for name, number in {**generation["of"], **beside}.items()]
