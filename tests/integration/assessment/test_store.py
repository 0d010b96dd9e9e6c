"""The read models on a real MongoDB: what is folded in one chunk is graded on in the next."""

from collections.abc import AsyncIterator

import pytest

from services.assessment.store import ProgressBook
from services.assessment.stream import worker
from shared.contracts.topics import ASSESSMENT_FANOUT, CATALOGUE, ENROLLED, PLATFORM_EVENTS, RULINGS
from shared.kit.chunk import commit
from shared.kit.mongo import MongoStore
from shared.kit.teller import Teller
from shared.testing.memory import MemoryPublisher
from tests.unit.assessment import facts as an
from tests.unit.assessment import more
from tests.unit.assessment.test_stream import batch, kinds, of


@pytest.fixture
async def store(mongo_url: str, fresh_name: str) -> AsyncIterator[MongoStore]:
    store = MongoStore(mongo_url, fresh_name)
    await store.prepare({model.collection: model.indexes for model in worker.models})
    yield store
    await store.close()


async def test_facts_of_several_chunks_add_up(store: MongoStore) -> None:
    await commit(worker, [of(PLATFORM_EVENTS, an.result("r1", 39.999, component="exam"))], store)
    await commit(worker, [of(CATALOGUE, an.offering((("exam", "1"),), attempts="last"))], store)
    done = await commit(worker, [of(ENROLLED, an.enrolled())], store)
    assert kinds(done.says) == ["learner.assessed.v1"]
    second = an.result("r2", 40, minute=1).model_copy(update={"time": an.at(0).replace(microsecond=1)})
    done = await commit(worker, [batch(PLATFORM_EVENTS, second.encode(), begins=1)], store)
    assert kinds(done.says) == ["learner.assessed.v1", "learner.passed.v1"]
    done = await commit(worker, [batch(PLATFORM_EVENTS, an.voided("r2").encode(), begins=2)], store)
    assert kinds(done.says) == ["pass.withdrawn.v1"]
    found = await ProgressBook(store).of(an.TENANT, an.LEARNER, an.OFFERING)
    assert found is not None
    progress, offering = found
    assert offering is not None
    policy = offering.policies[progress.policy_version or ""]
    assert (progress.passed, progress.ordinal, progress.voided) == (False, 1, frozenset({"r2"}))
    assert progress.attempts["r2"].time == progress.attempts["r1"].time + 1
    assert progress.grade(policy) == (39_999, 1000)
    assert await ProgressBook(store).of("other", an.LEARNER, an.OFFERING) is None


async def test_a_ruling_on_all_finds_those_who_have_not_heard_of_it(store: MongoStore) -> None:
    publisher, offering = MemoryPublisher(), more.offering(awaits_release=True)
    teller = Teller(worker.telling[0], store, publisher, clock=lambda: 0.0)
    quiet = an.enrolled().model_copy(update={"learner_ref": "quiet"})
    await commit(worker, [of(CATALOGUE, offering), of(ENROLLED, an.enrolled(), quiet)], store)
    await commit(worker, [of(RULINGS, more.all_released("x", minute=5))], store)
    done = await commit(worker, [of(PLATFORM_EVENTS, an.result("r1", 60))], store)
    assert kinds(done.says) == ["learner.assessed.v1", "learner.passed.v1"]
    assert await teller.sweep() == 1
    assert [told.key for told in publisher.log] == [b"quiet"]
    await commit(worker, [batch(ASSESSMENT_FANOUT, publisher.log[0].value)], store)
    again = Teller(worker.telling[0], store, publisher, clock=lambda: 0.0)
    assert await again.sweep() == 0


async def test_a_version_that_comes_late_finds_whom_it_counts_for(store: MongoStore) -> None:
    publisher, early = MemoryPublisher(), an.enrolled(1).model_copy(update={"learner_ref": "early"})
    teller = Teller(worker.telling[0], store, publisher, clock=lambda: 0.0)
    chunk = [of(CATALOGUE, an.offering()), of(ENROLLED, an.enrolled(5), early), of(PLATFORM_EVENTS, an.result("r", 60))]
    await commit(worker, chunk, store)
    await commit(worker, [batch(CATALOGUE, an.offering(mark="90", minute=3).encode(), begins=1)], store)
    assert await teller.sweep() == 1
    assert [told.key for told in publisher.log] == [an.LEARNER.encode()]
    done = await commit(worker, [batch(ASSESSMENT_FANOUT, publisher.log[0].value)], store)
    assert kinds(done.says) == ["pass.withdrawn.v1"]
