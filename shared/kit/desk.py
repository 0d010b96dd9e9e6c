"""Looking up what a chunk needs to know of dead letters: nothing, as long as no record waits and nobody asks."""

from collections.abc import Iterable, Mapping, Sequence

from shared.contracts.wire import ContractError
from shared.kit.bindings import Place
from shared.kit.ledger import Batch, Record
from shared.kit.letters import Letter, letter_id, record_of
from shared.kit.parking import NOTHING, PARKED, PARKED_RECORDS, Found, key_id, record_id
from shared.kit.reading import Step, read_foreign, read_records
from shared.kit.store import Document, Unit
from shared.kit.worker import Worker


async def look_up(
    worker: Worker, batches: Sequence[Batch], steps: Sequence[Step], entries: Mapping[str, Document], unit: Unit
) -> Found:
    """Return the letters that the steps command about, the keys that are parked, and what is to be released."""
    busy = {
        number
        for number, batch in enumerate(batches)
        if (held := entries.get(batch.ledger_id)) is not None and held.get("parked")
    }
    asked = {step.command.letter: step for step in steps if step.command is not None}
    if not busy and not asked:
        return NOTHING
    letters = await _letters(worker, asked, batches, unit)
    keys = {(step.batch, step.record.key) for step in steps if step.batch in busy}
    keys |= {(asked[id_].batch, letter.record.key) for id_, letter in letters.items()}
    ids = {key_id(batches[number].ledger_id, key): number for number, key in keys if key is not None}
    keys_held = [(ids[id_], document) for id_, document in (await unit.load(PARKED, list(ids))).items()]
    read_again = _Reader(worker, batches)
    records = _of_this_chunk(asked, batches, steps) | {id_: letter.record for id_, letter in letters.items()}
    redriven = {
        id_: await read_again(
            asked[id_].batch, record._replace(timestamp=asked[id_].record.timestamp), letters.get(id_)
        )
        for id_, record in records.items()
    }
    released = [(number, document) for number, document in keys_held if document["letter"] in letters]
    return Found(letters, redriven, keys_held, await _waiting(released, batches, unit, read_again))


class _Reader:
    """Reads records again as records of their batch's topic."""

    def __init__(self, worker: Worker, batches: Sequence[Batch]) -> None:
        self._worker = worker
        self._batches = batches

    async def __call__(self, number: int, record: Record, letter: Letter | None = None) -> Step:
        batch = self._batches[number]
        codec = self._worker.codecs.get(letter.topic) if letter is not None else None
        if codec is None or letter is None:
            return (await read_records(self._worker, number, batch, [record]))[0]
        opened = codec.opened(record)
        if isinstance(opened, ContractError):
            return Step(number, record, None, Place(batch.topic_id, batch.partition, record.offset), error=opened)
        return (await read_foreign(codec, number, batch, [opened]))[0]


async def _letters(
    worker: Worker, asked: Mapping[str, Step], batches: Sequence[Batch], unit: Unit
) -> dict[str, Letter]:
    found = {id_: Letter.load(document) for id_, document in (await unit.load(worker.letters, list(asked))).items()}
    return {id_: letter for id_, letter in found.items() if _is_ours(worker, letter, batches[asked[id_].batch])}


def _is_ours(worker: Worker, letter: Letter, batch: Batch) -> bool:
    """Tell whether a command stands where decisions about its letter stand."""
    if letter.topic in worker.codecs:
        return worker.obeys is not None and batch.topic == worker.obeys.name
    return (letter.topic, letter.partition) == _place(batch)


def _of_this_chunk(asked: Mapping[str, Step], batches: Sequence[Batch], steps: Sequence[Step]) -> dict[str, Record]:
    """Return the records that commands name and that stand in the same chunk, as they do when a log is read again."""
    if not asked:
        return {}
    places = {letter_id(*_place(batches[step.batch]), step.record.offset): step.record for step in steps}
    return {id_: places[id_] for id_, step in asked.items() if id_ in places and id_.startswith(_prefix(step, batches))}


async def _waiting(
    released: Iterable[tuple[int, Document]], batches: Sequence[Batch], unit: Unit, read_again: _Reader
) -> dict[str, Step]:
    numbers = {
        record_id(batches[number].ledger_id, offset): number
        for number, document in released
        for offset in document["waiting"]
    }
    records = await unit.load(PARKED_RECORDS, list(numbers))
    return {id_: await read_again(numbers[id_], record_of(document)) for id_, document in records.items()}


def _prefix(step: Step, batches: Sequence[Batch]) -> str:
    topic, partition = _place(batches[step.batch])
    return f"{topic}/{partition}/"


def _place(batch: Batch) -> tuple[str, int]:
    return batch.topic, batch.partition
