"""An offering that becomes known while results are being folded: the waiting mark is swept, and nobody is forgotten."""

from collections.abc import Awaitable, Callable, Sequence

from services.assessment.stream import worker
from shared.contracts.achievement import Achievement
from shared.contracts.assessment import LearnerPassed
from shared.contracts.enrolment import Enrolment, LearnerEnrolled, Offering, OfferingPublished
from shared.contracts.envelope import Event, utc
from shared.contracts.platform import Result, ResultReported
from shared.contracts.policy import Component, Policy
from shared.contracts.profile import Issuer
from shared.contracts.topics import ASSESSMENT_FANOUT, CATALOGUE, ENROLLED, PLATFORM_EVENTS, TOPICS, Topic
from shared.contracts.wire import decode
from shared.kit.chunk import Committed, commit
from shared.kit.ledger import Batch, Record, Saying
from shared.kit.store import Unit
from shared.kit.sweeper import Sweeper
from shared.testing.memory import MemoryPublisher, MemoryStore

LATER = 1_900_000_000_000
COMMON = {"source": "test", "time": utc("2026-01-01T00:00:00Z"), "tenant": "ou"}
OFFERED = OfferingPublished(
    id="offered",
    **COMMON,
    data=Offering(
        offering="AAA",
        achievement=Achievement(name="A", description="A", criteria="A"),
        issuer=Issuer(name="OU"),
        policy=Policy(components=(Component(id="c", weight=1),), pass_mark=40),
    ),
)
ENROLMENT = LearnerEnrolled(
    id="enrolled", **COMMON, learner_ref="ada", data=Enrolment(offering="AAA", registration_id="r")
)
RESULT = ResultReported(
    id="result", **COMMON, learner_ref="ada", data=Result(offering="AAA", component="c", score=80.0)
)


class Log:
    """Offsets of a log that a test writes by hand."""

    def __init__(self) -> None:
        self.next: dict[str, int] = {}

    def batch(self, topic: Topic, values: Sequence[bytes]) -> Batch:
        start = self.next.get(topic.name, 0)
        self.next[topic.name] = start + len(values)
        records = [Record(start + number, LATER, None, value) for number, value in enumerate(values)]
        return Batch(topic.name, f"id-{topic.name}", 0, start, records)

    async def fold(self, store: MemoryStore, *events: tuple[Topic, Event]) -> Committed:
        return await commit(worker, [self.batch(topic, [event.encode()]) for topic, event in events], store)


class LateStore(MemoryStore):
    """Lets something else happen between a transaction's loads and its commit."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: Callable[[], Awaitable[None]] | None = None

    async def transact(self, work):
        async def raced(unit: Unit):
            result = await work(unit)
            if self.meanwhile is not None:
                meanwhile, self.meanwhile = self.meanwhile, None
                await meanwhile()
            return result

        return await super().transact(raced)


def passes(says: Sequence[Saying]) -> list[Event]:
    return [event for said in says if isinstance(event := _event(said), LearnerPassed)]


def _event(said: Saying) -> Event:
    return decode(next(topic for topic in TOPICS if topic.name == said.topic), said.value, said.headers)


async def test_a_chunk_that_read_no_offering_yet_and_commits_late_is_found_by_the_sweeper():
    store, log, publisher = LateStore(), Log(), MemoryPublisher()
    offered = log.batch(CATALOGUE, [OFFERED.encode()])

    async def the_offering_becomes_known() -> None:
        await commit(worker, [offered], store)

    store.meanwhile = the_offering_becomes_known
    committed = await log.fold(store, (ENROLLED, ENROLMENT), (PLATFORM_EVENTS, RESULT))
    assert passes(committed.says) == []
    waiting = await store.get("progress", "ou/ada/AAA")
    assert waiting is not None
    assert waiting["waiting_for"] == "ou/AAA"

    assert await Sweeper(worker.sweeping[0], store, publisher).sweep() == 1
    told = log.batch(ASSESSMENT_FANOUT, [said.value for said in publisher.log])
    committed = await commit(worker, [told], store)
    assert len(passes(committed.says)) == 1
    graded = await store.get("progress", "ou/ada/AAA")
    assert graded is not None
    assert "waiting_for" not in graded


async def test_what_waits_for_an_offering_that_nobody_knows_is_left_waiting():
    store, log, publisher = MemoryStore(), Log(), MemoryPublisher()
    await log.fold(store, (ENROLLED, ENROLMENT), (PLATFORM_EVENTS, RESULT))
    assert await Sweeper(worker.sweeping[0], store, publisher).sweep() == 0
    assert publisher.log == []


async def test_telling_twice_grades_once():
    store, log = MemoryStore(), Log()
    await log.fold(store, (ENROLLED, ENROLMENT), (PLATFORM_EVENTS, RESULT))
    await log.fold(store, (CATALOGUE, OFFERED))
    said: list[Saying] = []
    letters: list[Saying] = []
    for _ in range(2):
        publisher = MemoryPublisher()
        await Sweeper(worker.sweeping[0], store, publisher).sweep()
        letters = publisher.log or letters
        said += (await commit(worker, [log.batch(ASSESSMENT_FANOUT, [each.value for each in letters])], store)).says
    assert len(passes(said)) == 1


async def test_a_sweeper_does_not_repeat_itself_while_its_event_is_on_the_way():
    store, log, publisher = MemoryStore(), Log(), MemoryPublisher()
    await log.fold(store, (ENROLLED, ENROLMENT))
    await log.fold(store, (CATALOGUE, OFFERED))
    sweeper = Sweeper(worker.sweeping[0], store, publisher)
    assert [await sweeper.sweep(), await sweeper.sweep()] == [1, 0]
