"""Topics of somebody else: said once with the position, letters that keep nothing readable, decisions on our topic."""

from collections.abc import Sequence

import pytest

from shared.contracts.topics import ENROLMENT_BRIDGE, PLATFORM_EVENTS, Topic
from shared.contracts.wire import ContractError, MalformedEvent
from shared.kit.chores import forget
from shared.kit.chunk import Committed, commit
from shared.kit.commands import Decision
from shared.kit.foreign import FOREIGN_LETTERS, Names, Reading
from shared.kit.ledger import Batch, Record
from shared.kit.letter_desk import LetterDesk
from shared.kit.letters import LETTERS
from shared.kit.worker import Worker
from shared.testing.counting import numbered_result
from shared.testing.memory import MemoryPublisher, MemoryStore

THEIRS = Topic("learning-x", "theirs", (), "lms", ("enrolment",))
NOW = 1_900_000_000_000


class Plain:
    """Takes `learner number`; whatever else is refused, until it is `mended`. Seals by turning bytes around."""

    def __init__(self) -> None:
        self.mended = False

    async def read(self, records: Sequence[Record]) -> Sequence[Reading]:
        return [self._read(record.value or b"") for record in records]

    def _read(self, value: bytes) -> Reading:
        if not value:
            return ()
        learner, _, number = value.decode().partition(" ")
        if not number.isdigit() and not self.mended:
            return MalformedEvent("number", "is none")
        return (numbered_result(learner, int(number) if number.isdigit() else 99),)

    def seal(self, record: Record) -> Record:
        return Record(record.offset, record.timestamp, None, (record.value or b"")[::-1])

    def opened(self, record: Record) -> Record | ContractError:
        return record._replace(value=(record.value or b"")[::-1])


class Bridge:
    """A worker that reads one foreign topic, its database, and what it said."""

    def __init__(self) -> None:
        self.store, self.codec, self.publisher = MemoryStore(), Plain(), MemoryPublisher()
        self.worker = Worker("enrolment", named=ENROLMENT_BRIDGE.name, obeys=ENROLMENT_BRIDGE)
        self.worker.translates(THEIRS, self.codec)
        self.desk = LetterDesk("enrolment", self.store, self.publisher)

    async def fold(self, begins: int, *values: bytes) -> Committed:
        records = [Record(begins + number, NOW, b"course", value) for number, value in enumerate(values)]
        return await commit(self.worker, [Batch(THEIRS.name, "theirs", 0, begins, records)], self.store)

    async def decide(self, do: Decision, *ids: str) -> Committed:
        refused = await self.desk.decide(do, ids, by="operator", why="why")
        assert refused == {}
        return await self.obey()

    async def obey(self) -> Committed:
        at = [Record(number, NOW, said.key, said.value, said.headers) for number, said in enumerate(self.publisher.log)]
        assert {said.topic for said in self.publisher.log} == {ENROLMENT_BRIDGE.name}, "nothing of ours on theirs"
        return await commit(self.worker, [Batch(ENROLMENT_BRIDGE.name, "ours", 3, 0, at)], self.store)


@pytest.fixture
def bridge() -> Bridge:
    return Bridge()


async def test_what_a_foreign_record_says_is_said_with_its_position(bridge: Bridge):
    told = await bridge.fold(0, b"a 1", b"", b"b 2")
    assert [(said.topic, said.key) for said in told.says] == [
        (PLATFORM_EVENTS.name, b"a"),
        (PLATFORM_EVENTS.name, b"b"),
    ]
    again = await bridge.fold(0, b"a 1", b"", b"b 2", b"a 3")
    assert (again.says[:2], [said.key for said in again.says[2:]], again.skipped) == (told.says, [b"a"], 3)
    assert set(bridge.store.collections) == {"ledger"}, "no document of a learner"


async def test_a_letter_keeps_its_place_on_the_log_and_the_sealed_bytes_in_the_database(bridge: Bridge):
    told = await bridge.fold(0, b"Aroha", b"a 1")
    letter, event = told.says
    assert (letter.topic, letter.key, letter.value) == ("enrolment.dead-letters", b"learning-x/0/0", b"")
    assert b"Aroha" not in b"".join(value for _, value in letter.headers)
    assert event.key == b"a", "nothing waits behind it"
    assert LETTERS not in bridge.store.collections
    (kept,) = bridge.store.collections[FOREIGN_LETTERS].values()
    assert (kept["value"], kept["key"], kept["headers"], kept["sealed"]) == (b"ahorA", None, [], True)


async def test_a_redrive_goes_to_our_own_topic_and_takes_the_opened_record(bridge: Bridge):
    await bridge.fold(0, b"Aroha")
    bridge.codec.mended = True
    told = await bridge.decide("redrive", "learning-x/0/0")
    assert [said.key for said in told.says] == [b"Aroha"]
    (kept,) = bridge.store.collections[FOREIGN_LETTERS].values()
    assert (kept["status"], kept["value"]) == ("redriven", None), "the bytes have had their day"
    assert (await bridge.obey()).says == told.says, "the same, however often the decision comes"


async def test_a_redrive_that_is_refused_again_is_a_second_attempt(bridge: Bridge):
    await bridge.fold(0, b"Aroha")
    told = await bridge.decide("redrive", "learning-x/0/0")
    (kept,) = bridge.store.collections[FOREIGN_LETTERS].values()
    assert (kept["status"], kept["attempts"], kept["value"]) == ("open", 2, b"ahorA")
    assert [said.topic for said in told.says] == ["enrolment.dead-letters"]


async def test_a_discarded_letter_keeps_no_bytes(bridge: Bridge):
    await bridge.fold(0, b"Aroha")
    await bridge.decide("discard", "learning-x/0/0")
    (kept,) = bridge.store.collections[FOREIGN_LETTERS].values()
    assert (kept["status"], kept["value"]) == ("discarded", None)


async def test_a_letter_that_nobody_decided_about_loses_its_bytes_after_a_while(bridge: Bridge):
    await bridge.fold(0, b"Aroha", b"a 1")
    assert await forget(bridge.store, FOREIGN_LETTERS, 0) == 0
    assert await forget(bridge.store, FOREIGN_LETTERS, 9e9) == 1
    assert await forget(bridge.store, FOREIGN_LETTERS, 9e9) == 0
    (kept,) = bridge.store.collections[FOREIGN_LETTERS].values()
    assert (kept["status"], kept["value"]) == ("open", None)
    refused = await bridge.desk.decide("redrive", ["learning-x/0/0"], by="operator", why="why")
    assert "not kept any longer" in refused["learning-x/0/0"]
    await bridge.decide("discard", "learning-x/0/0")


async def test_whatever_else_stands_on_the_topic_of_decisions_is_a_letter(bridge: Bridge):
    stray = Batch(ENROLMENT_BRIDGE.name, "ours", 0, 0, [Record(0, NOW, b"k", b"{}")])
    assert (await commit(bridge.worker, [stray], bridge.store)).refused == 1


def test_foreign_topics_bear_no_prefix_of_ours():
    names = Names("prod.", ["platform.events", "prod.x"], {"prod.x": None})
    assert names.all == ("prod.platform.events", "prod.x")
    assert [names.short(name) for name in names.all] == ["platform.events", "prod.x"]
    assert names.full("prod.x") == "prod.x"
