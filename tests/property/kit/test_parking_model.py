"""Refusals, redrives and discards in any log, cut into any chunks: the same as one by one, by rules written anew."""

import asyncio
from dataclasses import dataclass, field
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.topics import PLATFORM_EVENTS
from shared.kit.chunk import commit
from shared.kit.commands import Command, command_record
from shared.kit.ledger import Batch, Record
from shared.kit.letters import Letter
from shared.testing.counting import Refusing, numbered_result, refusing_worker
from shared.testing.memory import MemoryStore

NOW = 1_900_000_000_000
REFUSED = {1, 4}
LEARNERS = "ab"

Result = tuple[str, int]
"""Learner and number."""

Decision = tuple[str, int, int]
"""`redrive` or `discard`, the offset of a record, and the attempts that are known of."""

results = st.tuples(st.sampled_from(LEARNERS), st.integers(0, 5))
decisions = st.tuples(st.sampled_from(["redrive", "discard"]), st.integers(0, 20), st.integers(1, 3))
logs = st.lists(st.one_of(results, results, decisions), max_size=25)


@dataclass
class Naive:
    """One record at a time, with nothing but lists."""

    log: list[Result | Decision]
    folded: dict[str, list[int]] = field(default_factory=lambda: {name: [] for name in LEARNERS})
    open: dict[int, int] = field(default_factory=dict)
    settled: dict[int, str] = field(default_factory=dict)
    queues: dict[str, tuple[int, list[int]]] = field(default_factory=dict)

    def take(self, offset: int) -> None:
        entry = self.log[offset]
        if len(entry) == 3:
            self.decide(*entry)
            return
        learner, number = entry
        if learner in self.queues:
            self.queues[learner][1].append(offset)
        elif number in REFUSED:
            self.open[offset] = 1
            self.queues[learner] = (offset, [])
        else:
            self.folded[learner].append(number)

    def decide(self, do: str, letter: int, attempts: int) -> None:
        if self.open.get(letter) != attempts:
            return
        if do == "redrive":  # what was refused is refused again: nothing has changed about it
            self.open[letter] += 1
            return
        del self.open[letter]
        self.settled[letter] = "discarded"
        learner = self.log[letter][0]
        _, waiting = self.queues.pop(str(learner))
        for offset in waiting:
            self.take(offset)


def record(offset: int, entry: Result | Decision, log: list[Result | Decision]) -> Record:
    if len(entry) == 2:
        return Record(offset, NOW, entry[0].encode(), numbered_result(*entry).encode())
    do, about, attempts = entry
    learner = log[about][0] if about < len(log) and len(log[about]) == 2 else "a"
    letter = Letter("platform.events", 0, Record(about, NOW, str(learner).encode(), b""), "", "", True, NOW)
    command = Command("redrive" if do == "redrive" else "discard", "assessment", letter.id, attempts, "me", "why")
    said = command_record(command, letter, compacted=False)
    return Record(offset, NOW, said.key, said.value, said.headers)


@settings(max_examples=300)
@given(log=logs, cuts=st.sets(st.integers(1, 25)))
def test_any_log_in_any_chunks_ends_as_one_by_one(log: list[Result | Decision], cuts: set[int]) -> None:
    naive = Naive(log)
    for offset in range(len(log)):
        naive.take(offset)
    store, worker = MemoryStore(), refusing_worker(Refusing(set(REFUSED)))
    records = [record(offset, entry, log) for offset, entry in enumerate(log)]
    edges = [0, *sorted(cut for cut in cuts if cut < len(log)), len(log)]
    for start, end in pairwise(edges):
        batch = Batch(PLATFORM_EVENTS.name, "id", 0, start, records[start:end])
        asyncio.run(commit(worker, [batch], store))
    held = store.collections
    counts = {key: document["events"] for key, document in held.get("counts", {}).items()}
    assert counts == {name: len(numbers) for name, numbers in naive.folded.items() if numbers}
    letters = {int(each["offset"]): (each["status"], each["attempts"]) for each in held.get("letters", {}).values()}
    assert {offset: attempts for offset, (status, attempts) in letters.items() if status == "open"} == naive.open
    assert {offset: status for offset, (status, _) in letters.items() if status != "open"} == naive.settled
    waiting = {str(each["letter"]): each["waiting"] for each in held.get("parked", {}).values()}
    assert waiting == {f"platform.events/0/{letter}": queue for letter, queue in naive.queues.values()}
    assert len(held.get("parked_records", {})) == sum(len(queue) for _, queue in naive.queues.values())
