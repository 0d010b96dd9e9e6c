"""An offering with an exam and parts, which tools see."""

import pytest

from services.enrolment.handlers import offering_published
from services.enrolment.store import OFFERINGS
from shared.contracts.enrolment import OfferingPublished
from shared.testing.memory import MemoryStore
from tests.unit.enrolment import facts as a


@pytest.fixture(autouse=True)
def offering(store: MemoryStore) -> None:
    components = [{"id": f"part/{number:03}", "weight": 1} for number in range(5)]
    policy = {"components": [{"id": "exam", "weight": 1, "title": "The exam"}, *components], "pass_mark": 40}
    data = {"offering": a.OFFERING, **a.DEFINITION, "policy": policy}
    told = OfferingPublished.model_validate(
        {"id": "o", "source": "test", "time": a.at(0), "tenant": a.TENANT, "data": data}
    )
    held = offering_published(OFFERINGS.new(told.key), told).state
    store.put(OFFERINGS.collection, {"_id": told.key, **OFFERINGS.dump(held)})
