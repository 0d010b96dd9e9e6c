"""A ruling on all learners reaches each of them, also one whose chunk was on its way while everybody was told."""

from typing import TYPE_CHECKING, Any

import orjson

from services.assessment.stream import worker
from shared.contracts.envelope import Event
from shared.contracts.topics import ASSESSMENT_FANOUT, CATALOGUE, ENROLLED, PLATFORM_EVENTS, RULINGS, TOPICS
from shared.kit.chunk import commit
from shared.kit.ledger import Batch, Record, Saying
from shared.kit.store import Unit
from shared.kit.teller import CLOSED_AFTER_S, Teller
from shared.testing.memory import MemoryPublisher, MemoryStore
from tests.unit.assessment import facts as an
from tests.unit.assessment import more

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


class LateStore(MemoryStore):
    """Lets something else happen between a transaction's loads and its commit."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: Callable[[], Awaitable[None]] | None = None

    async def transact(self, work: Any) -> Any:
        async def raced(unit: Unit) -> Any:
            result = await work(unit)
            if self.meanwhile is not None:
                meanwhile, self.meanwhile = self.meanwhile, None
                await meanwhile()
            return result

        return await super().transact(raced)


class Town:
    """A log with offsets, the worker's database, the teller and a clock that a test moves."""

    def __init__(self) -> None:
        self.store, self.publisher, self.now = LateStore(), MemoryPublisher(), 0.0
        self.teller = Teller(worker.telling[0], self.store, self.publisher, clock=lambda: self.now)
        self.next: dict[str, int] = {}

    def batch(self, topic: str, *values: bytes) -> Batch:
        begins = self.next.get(topic, 0)
        self.next[topic] = begins + len(values)
        records = [Record(begins + number, 1_900_000_000_000, None, value) for number, value in enumerate(values)]
        return Batch(topic, f"id-{topic}", 0, begins, records)

    async def fold(self, *events: Event) -> tuple[Saying, ...]:
        topics = {kind: topic.name for topic in TOPICS for kind in topic.events}
        batches = [self.batch(topics[type(event)], event.encode()) for event in events]
        said: list[Saying] = []
        for batch in batches:
            said.extend((await commit(worker, [batch], self.store)).says)
        return tuple(said)

    async def hear_what_was_told(self) -> tuple[Saying, ...]:
        told, self.publisher.log[:] = list(self.publisher.log), []
        said: list[Saying] = []
        for each in told:
            said.extend((await commit(worker, [self.batch(each.topic, each.value)], self.store)).says)
        return tuple(said)

    async def offering(self) -> dict[str, Any]:
        found = await self.store.get("offerings", f"{an.TENANT}/{an.OFFERING}")
        assert found is not None
        return found


def kinds(says: tuple[Saying, ...]) -> list[str]:
    return [orjson.loads(said.value)["type"] for said in says]


AWAITING = more.offering(awaits_release=True)


async def test_a_release_for_all_reaches_a_quiet_learner_once() -> None:
    town = Town()
    await town.fold(AWAITING, an.enrolled(), an.result("r", 60))
    assert await town.fold(more.all_released("x", minute=5)) == ()
    assert await town.teller.sweep() == 1
    (told,) = town.publisher.log
    assert (told.topic, told.key) == (ASSESSMENT_FANOUT.name, an.LEARNER.encode())
    assert kinds(await town.hear_what_was_told()) == ["microcred.learner.assessed.v1", "microcred.learner.passed.v1"]
    town.now = 2
    assert await town.teller.sweep() == 0


async def test_whoever_is_folded_after_the_ruling_needs_not_be_told() -> None:
    town = Town()
    await town.fold(AWAITING, an.enrolled(), more.all_released("x", minute=5))
    assert "microcred.learner.passed.v1" in kinds(await town.fold(an.result("r", 60)))
    assert await town.teller.sweep() == 0


async def test_a_chunk_that_did_not_see_the_ruling_and_commits_after_the_telling_is_found() -> None:
    town = Town()
    await town.fold(AWAITING, an.enrolled())
    late = town.batch(PLATFORM_EVENTS.name, an.result("r", 60).encode())

    async def everybody_is_told() -> None:
        await town.fold(more.all_released("x", minute=5))
        await town.teller.sweep()
        town.publisher.log.clear()  # what was told then is folded before the late chunk, and changes nothing of it

    town.store.meanwhile = everybody_is_told
    assert kinds((await commit(worker, [late], town.store)).says) == []
    town.now = 1
    assert await town.teller.sweep() == 1
    assert "microcred.learner.passed.v1" in kinds(await town.hear_what_was_told())


async def test_the_telling_ends_when_no_transaction_of_before_can_be_left() -> None:
    town = Town()
    await town.fold(AWAITING, an.enrolled(), more.all_released("x", minute=5))
    await town.teller.sweep()
    await town.hear_what_was_told()
    assert (await town.offering())["untold"] is True
    town.now = CLOSED_AFTER_S
    await town.teller.sweep()
    assert [said.topic for said in town.publisher.log] == [RULINGS.name]
    await town.hear_what_was_told()
    assert "untold" not in await town.offering()
    town.now *= 2
    assert (await town.teller.sweep(), town.publisher.log) == (0, [])
    await town.fold(more.all_released("y", minute=9))
    assert (await town.offering())["untold"] is True


EASY, HARD = an.offering(mark="40"), an.offering(mark="90", minute=3)


async def test_a_version_that_comes_late_reaches_only_those_whose_day_it_is() -> None:
    town = Town()
    early = an.enrolled(1, "early").model_copy(update={"learner_ref": "early"})
    await town.fold(EASY, early, an.enrolled(5), an.result("r", 60))
    assert kinds(await town.fold(HARD)) == []
    assert await town.teller.sweep() == 1
    (told,) = town.publisher.log
    assert (told.topic, told.key) == (ASSESSMENT_FANOUT.name, an.LEARNER.encode())
    assert kinds(await town.hear_what_was_told()) == ["microcred.pass.withdrawn.v1"]
    town.now = CLOSED_AFTER_S
    assert await town.teller.sweep() == 0
    assert [said.topic for said in town.publisher.log] == [RULINGS.name]
    await town.hear_what_was_told()
    assert "untold" not in await town.offering()


async def test_a_chunk_that_did_not_see_the_version_of_its_day_and_commits_late_is_found() -> None:
    town = Town()
    await town.fold(EASY, an.result("r", 60))
    late = town.batch(ENROLLED.name, an.enrolled(5).encode())

    async def the_version_comes() -> None:
        await town.fold(HARD)
        await town.teller.sweep()

    town.store.meanwhile = the_version_comes
    said = kinds((await commit(worker, [late], town.store)).says)
    assert said == ["microcred.learner.assessed.v1", "microcred.learner.passed.v1"]
    town.now = 1
    assert await town.teller.sweep() == 1
    assert kinds(await town.hear_what_was_told()) == ["microcred.pass.withdrawn.v1"]


async def test_other_institutions_and_offerings_are_not_told() -> None:
    town = Town()
    elsewhere = an.enrolled().model_copy(update={"tenant": "tu"})
    place = an.enrolled().data.model_copy(update={"offering": "BBB"})
    other = an.enrolled().model_copy(update={"id": "other", "data": place})
    await town.fold(AWAITING, elsewhere, other, more.all_released("x", minute=5))
    assert await town.teller.sweep() == 0


def test_the_topics_of_rulings_are_heard_here() -> None:
    assert {CATALOGUE, ENROLLED, RULINGS} <= set(worker.topics)
