"""Whatever is redelivered, cut, interleaved or crashed: every event counts exactly once, in order, and is said once."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from shared.contracts.topics import PLATFORM_EVENTS
from shared.kit.chunk import commit
from shared.kit.errors import LogHole, TakenOver
from shared.kit.ledger import Batch, Record, Saying
from shared.kit.resume import Takeover, resume
from shared.testing.counting import SAYS_EVERY, counting_worker, numbered_result
from shared.testing.memory import MemoryStore

PARTITIONS = 3
LEARNERS = {partition: [f"p{partition}-{name}" for name in "ab"] for partition in range(PARTITIONS)}


LOST_ANSWER = "the answer to a commit is lost"
ENDS = ("no", LOST_ANSWER, "before produce", "halfway through produce")


class Engine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.store = MemoryStore(b"a worker")
        self.zombie = self.store.of_another(b"a zombie")
        self.at_work = False
        self.worker = counting_worker()
        self.log: dict[int, list[Record]] = {partition: [] for partition in range(PARTITIONS)}
        self.sent = dict.fromkeys((name for names in LEARNERS.values() for name in names), 0)
        self.topic: list[Saying] = []

    @rule(partition=st.integers(0, PARTITIONS - 1), which=st.integers(0, 1), times=st.integers(1, 7))
    def a_platform_reports(self, partition: int, which: int, times: int) -> None:
        learner = LEARNERS[partition][which]
        for _ in range(times):
            value = numbered_result(learner, self.sent[learner]).encode()
            self.log[partition].append(Record(len(self.log[partition]), 1_900_000_000_000, None, value))
            self.sent[learner] += 1

    @rule(data=st.data(), crash=st.sampled_from(ENDS))
    def a_worker_takes_any_slice_of_the_log(self, data: st.DataObject, crash: str) -> None:
        self.fold(self.slice(data), crash)

    @rule()
    def one_that_it_took_over_from_goes_on_and_dies_before_it_has_said_anything(self) -> None:
        unread = self.unread()
        if self.at_work and unread:
            with suppress(TakenOver):
                asyncio.run(commit(self.worker, unread, self.zombie))

    def slice(self, data: st.DataObject) -> list[Batch]:
        batches = []
        for partition, records in self.log.items():
            start = data.draw(st.integers(0, len(records)))
            end = data.draw(st.integers(start, len(records)))
            if end > start:
                batches.append(Batch(PLATFORM_EVENTS.name, "id", partition, start, records[start:end]))
        return batches

    @rule(crash=st.sampled_from(ENDS))
    def a_worker_catches_up(self, crash: str) -> None:
        self.fold(self.unread(), crash)

    def unread(self) -> list[Batch]:
        positions = {each["partition"]: each["next"] for each in asyncio.run(self.store.find("ledger", {}))}
        begins = {partition: positions.get(partition, 0) for partition in self.log}
        return [
            Batch(PLATFORM_EVENTS.name, "id", partition, begins[partition], records[begins[partition] :])
            for partition, records in self.log.items()
            if len(records) > begins[partition]
        ]

    def fold(self, batches: Sequence[Batch], crash: str) -> None:
        # What the last worker may not have finished saying is said again by whoever takes over.
        if not self.at_work:
            asyncio.run(self.take_over())
        self.at_work = crash in {"no", LOST_ANSWER}
        try:
            if crash == LOST_ANSWER:
                asyncio.run(commit(self.worker, batches, self.store))  # and it is run again
            committed = asyncio.run(commit(self.worker, batches, self.store))
        except LogHole:
            return
        said = {"before produce": 0, "halfway through produce": len(committed.says) // 2}
        self.topic.extend(committed.says[: said.get(crash)])

    async def take_over(self) -> None:
        standings = await resume(
            self.store, [Takeover(PLATFORM_EVENTS.name, "id", partition, 0) for partition in range(PARTITIONS)]
        )
        for standing in standings.values():
            self.topic.extend(standing.says)

    @invariant()
    def every_event_below_the_position_counts_once_and_in_order(self) -> None:
        positions = {each["partition"]: each["next"] for each in asyncio.run(self.store.find("ledger", {}))}
        counts = {each["_id"]: each for each in asyncio.run(self.store.find("counts", {}))}
        for partition, names in LEARNERS.items():
            for name in names:
                folded = [
                    r for r in self.log[partition][: positions.get(partition, 0)] if name.encode() in (r.value or b"")
                ]
                assert counts.get(name, {"events": 0})["events"] == len(folded)
                assert counts.get(name, {"disorder": 0})["disorder"] == 0

    def teardown(self) -> None:
        self.fold(self.unread(), "no")
        asyncio.run(self.take_over())
        contents: dict[bytes, Saying] = {}
        for said in self.topic:
            assert contents.setdefault(said.value, said) == said
        assert len(contents) == sum(number // SAYS_EVERY for number in self.sent.values())


TestEngine = Engine.TestCase
TestEngine.settings = settings(max_examples=60, stateful_step_count=20)
