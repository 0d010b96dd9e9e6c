"""What waits behind dead letters: as a chunk finds it, and as it leaves it. Pure.

A parked key has a document in `parked` that names its letter and the offsets of the records that wait, in order; the
records themselves lie in `parked_records`, so that no document grows with them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from shared.kit.ledger import Batch
from shared.kit.letters import LETTERS, Letter, record_document
from shared.kit.reading import Step
from shared.kit.store import Document

PARKED = "parked"
PARKED_RECORDS = "parked_records"


class Found(NamedTuple):
    """What a chunk finds about its letters and keys.

    `letters` that its commands name, by id; `redriven` their records, to be taken again; `keys` the documents of
    `parked` with the number of their batch; `waiting` the records behind those letters, by their id.
    """

    letters: Mapping[str, Letter]
    redriven: Mapping[str, Step]
    keys: Sequence[tuple[int, Document]]
    waiting: Mapping[str, Step]


class Writes(NamedTuple):
    """What is written of one collection."""

    collection: str
    new: Sequence[Document]
    changed: Sequence[Document]
    removed: Sequence[str]


@dataclass(slots=True)
class _Key:
    """A parked key: the letter that it waits for, and the offsets that wait."""

    letter: str
    waiting: list[int]


NOTHING = Found({}, {}, (), {})


def key_id(ledger_id: str, key: bytes) -> str:
    """Return the `_id` of a key's document in `parked`."""
    return f"{ledger_id}/{key.hex()}"


def record_id(ledger_id: str, offset: int) -> str:
    """Return the `_id` of a waiting record in `parked_records`."""
    return f"{ledger_id}/{offset}"


class Parking:
    """The letters and the parked keys during one chunk."""

    def __init__(self, batches: Sequence[Batch], found: Found = NOTHING, collection: str = LETTERS) -> None:
        """Begin with what is stored; letters are kept in `collection`."""
        self._batches = batches
        self._collection = collection
        self._found = found
        self._keys = {
            (batch, bytes(document["key"])): _Key(document["letter"], list(document["waiting"]))
            for batch, document in found.keys
        }
        self._steps = dict(found.waiting)
        self._letters: dict[str, Letter] = {}

    def letter(self, id_: str) -> Letter | None:
        """Return a letter as it is now; None for one that nobody asked for, or that does not exist."""
        return self._letters.get(id_) or self._found.letters.get(id_)

    def redriven(self, id_: str) -> Step:
        """Return the record of a letter, to be taken again."""
        return self._found.redriven[id_]

    def parks(self, step: Step) -> bool:
        """Tell whether a record must wait because its key is parked."""
        return bool(self._keys) and (step.batch, step.record.key) in self._keys

    def park(self, step: Step) -> None:
        """Let a record wait."""
        assert step.record.key is not None  # noqa: S101 - a parked key is one
        self._keys[step.batch, step.record.key].waiting.append(step.record.offset)
        self._steps[self._id(step.batch, step.record.offset)] = step

    def keep(self, batch: int, letter: Letter) -> None:
        """Keep a letter as it is now; an open one that parks holds its key."""
        self._letters[letter.id] = letter
        key = letter.record.key
        if letter.status == "open" and letter.parks and key is not None:
            self._keys.setdefault((batch, key), _Key(letter.id, []))

    def release(self, batch: int, letter: Letter) -> list[Step]:
        """Free the key that waits for a letter, and return what waited, in order."""
        key = letter.record.key
        held = self._keys.get((batch, key)) if key is not None else None
        if key is None or held is None or held.letter != letter.id:
            return []
        del self._keys[batch, key]
        return [self._steps[self._id(batch, offset)] for offset in held.waiting]

    def change(self) -> Counter[int]:
        """Return by how many the parked keys of each batch became more."""
        now = Counter(batch for batch, _ in self._keys)
        now.subtract(Counter(batch for batch, _ in self._found.keys))
        return now

    def writes(self) -> Iterator[Writes]:
        """Yield what changed of letters, keys and waiting records."""
        known = self._found.letters
        letters = {id_: letter.document() for id_, letter in self._letters.items()}
        kept = {id_: letter.document() for id_, letter in known.items() if id_ in letters}
        yield _writes(self._collection, kept, letters)
        stored = {document["_id"]: document for _, document in self._found.keys}
        yield _writes(PARKED, stored, dict(self._key_documents()))
        before = {self._id(batch, offset) for batch, document in self._found.keys for offset in document["waiting"]}
        after = {self._id(batch, offset) for (batch, _), held in self._keys.items() for offset in held.waiting}
        new = [{"_id": id_, **record_document(self._steps[id_].record)} for id_ in sorted(after - before)]
        yield Writes(PARKED_RECORDS, new, (), sorted(before - after))

    def _key_documents(self) -> Iterator[tuple[str, Document]]:
        for (batch, key), held in self._keys.items():
            id_ = key_id(self._batches[batch].ledger_id, key)
            yield id_, {"_id": id_, "key": key, "letter": held.letter, "waiting": held.waiting}

    def _id(self, batch: int, offset: int) -> str:
        return record_id(self._batches[batch].ledger_id, offset)


def _writes(collection: str, before: Mapping[str, Document], after: Mapping[str, Document]) -> Writes:
    return Writes(
        collection,
        [document for id_, document in after.items() if id_ not in before],
        [document for id_, document in after.items() if id_ in before and document != before[id_]],
        [id_ for id_ in before if id_ not in after],
    )
