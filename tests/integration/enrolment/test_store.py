"""The read models on a real MongoDB: what is folded is what is read, and lists are read by an index."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from pymongo import MongoClient

from services.enrolment.store import ENROLMENTS, OFFERINGS, Enrolments, Offerings
from services.enrolment.stream import worker
from shared.contracts.topics import CATALOGUE, PLATFORM_EVENTS
from shared.kit.chunk import commit
from shared.kit.mongo import MongoStore
from tests.unit.enrolment import facts as a
from tests.unit.enrolment.test_stream import of


@pytest.fixture
async def store(mongo_url: str, fresh_name: str) -> AsyncIterator[MongoStore]:
    store = MongoStore(mongo_url, fresh_name)
    await store.prepare({model.collection: model.indexes for model in worker.models})
    learners = [f"lrn-{number}" for number in range(30)]
    events = [a.registered(f"r-{name}", 1, learner_ref=name) for name in learners]
    events += [a.registered(f"o-{name}", 1, learner_ref=name, tenant="other") for name in learners]
    left = [a.unregistered(f"u-{name}", 2, learner_ref=name) for name in learners[:5]]
    await commit(worker, [of(PLATFORM_EVENTS, *events, *left), of(CATALOGUE, a.published("p1", 1))], store)
    yield store
    await store.close()


async def test_what_was_folded_is_what_is_read(store: MongoStore) -> None:
    enrolments = Enrolments(store, a.TENANT)
    (one,) = await enrolments.of_learner("lrn-3", None, None, "", 10)
    assert [change.event_id for change in one.history] == ["r-lrn-3", "u-lrn-3"]
    everyone = await enrolments.of_offering(a.OFFERING, None, "", 100)
    assert [each.learner_ref for each in everyone] == sorted(each.learner_ref for each in everyone)
    assert len(everyone) == 30
    assert len(await enrolments.of_offering(a.OFFERING, "unenrolled", "", 100)) == 5
    assert [each.key for each in await enrolments.of_offering(a.OFFERING, None, everyone[9].key, 2)] == [
        each.key for each in everyone[10:12]
    ]
    offering = await Offerings(store, a.TENANT).get(a.OFFERING)
    assert offering is not None
    (component,) = offering.definition["policy"]["components"]
    assert (component["id"], component["weight"]) == ("exam", 1.0)
    assert await Offerings(store, "other").page("", 10) == []


async def test_an_offerings_list_is_read_in_order_from_its_index(
    store: MongoStore, mongo_url: str, fresh_name: str
) -> None:
    where = {"tenant": a.TENANT, "offering": a.OFFERING, "learner_ref": {"$gt": "lrn-3"}}
    with MongoClient[dict[str, Any]](mongo_url) as client:
        found = client[fresh_name][ENROLMENTS.collection].find(where).sort("learner_ref", 1).limit(10)
        plan = str(found.explain()["queryPlanner"]["winningPlan"])
    assert "tenant_1_offering_1_learner_ref_1" in plan
    assert "'stage': 'SORT'" not in plan


async def test_offerings_are_found_by_what_platforms_call_them_from_an_index(
    store: MongoStore, mongo_url: str, fresh_name: str
) -> None:
    where = {"tenant": a.TENANT, "names": {"$in": ["course-1", "block-1"]}}
    with MongoClient[dict[str, Any]](mongo_url) as client:
        plan = str(client[fresh_name][OFFERINGS.collection].find(where).explain()["queryPlanner"]["winningPlan"])
    assert "tenant_1_names_1" in plan
    assert await Offerings(store, a.TENANT).delivered_by(["course-1"], 10) == []
