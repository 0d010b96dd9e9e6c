"""kill -9 a worker in the middle of 20,000 events, start it again: nothing lost, nothing doubled. For each service."""

import pytest

from services.analytics.stream import worker as analytics
from services.assessment.stream import worker as assessment
from services.enrolment.stream import worker as enrolment
from services.issuance.credential import Names
from services.issuance.signer import signer_from
from services.issuance.stream import worker_for
from shared.contracts.enrolment import LearnerEnrolled
from shared.contracts.envelope import Event
from shared.contracts.platform import ResultReported
from shared.contracts.topics import CATALOGUE, ENROLLED, PASSED, PLATFORM_EVENTS, TOPICS
from shared.contracts.wire import decode
from shared.kit.worker import Worker
from tests.chaos.ground import PUBLIC_URL, Ground
from tests.chaos.oracle import Oracle, documents_of, outputs_of
from tests.chaos.stories import enrolled_by, passes, reported

ISSUED = 19_000  # and every nineteenth taken back: 20,000 events
EVENTS = 20_000


def compare(ground: Ground, worker: Worker, oracle: Oracle) -> None:
    """Hold all of the database and all output topics against the oracle."""
    must, does = oracle.documents(), documents_of(ground.servers.mongo_url, ground.database(worker.service))
    assert {name: len(held) for name, held in does.items()} == {name: len(held) for name, held in must.items()}
    for name, held in must.items():
        wrong = [key for key, document in held.items() if does[name].get(key) != document]
        assert wrong == [], f"{len(wrong)} of {len(held)} documents in {name}, for example {wrong[0]}"
    must_say, does_say = outputs_of(ground.servers.bootstrap, ground.prefix, worker, oracle.said)
    assert len(does_say - must_say) == 0, "something was said that does not follow from the events"
    assert len(must_say - does_say) == 0, "something was never said"


def events_of(oracle: Oracle) -> list[Event]:
    topics = {topic.name: topic for topic in TOPICS}
    return [decode(topics[said.topic], said.value, said.headers) for said in oracle.said if said.topic in topics]


@pytest.mark.timeout(240)
def test_enrolment(ground: Ground):
    _, told = reported(3_000)
    assert len(told) >= EVENTS
    ground.publish(told)
    ground.fold_with_kills("enrolment", 0, len(told))
    oracle = ground.oracle(enrolment, {PLATFORM_EVENTS.name: len(told)})
    compare(ground, enrolment, oracle)
    places = {(e.learner_ref, e.data.offering) for e in told if e.type == "microcred.learner.registered.v1"}
    said = {(e.learner_ref, e.data.offering) for e in events_of(oracle) if isinstance(e, LearnerEnrolled)}
    assert said == places


@pytest.mark.timeout(240)
def test_assessment(ground: Ground):
    offered, told = reported(3_300)
    places = {(e.learner_ref, e.data.offering): e for e in told if e.type == "microcred.learner.registered.v1"}
    enrolled = [enrolled_by(event) for event in places.values()]
    results = [event for event in told if event.type.startswith("microcred.result.")]
    known = len(offered) + len(enrolled)
    # First offerings, then enrolments, then results, so that each learner's order is that of one topic, for worker
    # and oracle alike: in another order the standing is the same, but not the way to it.
    with ground.running("assessment") as worker:
        ground.publish(offered)
        ground.wait_until("assessment", len(offered), worker)
        ground.publish(enrolled)
        ground.wait_until("assessment", known, worker)
    ground.publish(results)
    total = known + len(results)
    assert total >= EVENTS
    ground.fold_with_kills("assessment", known, total)
    oracle = ground.oracle(
        assessment,
        {CATALOGUE.name: len(offered), ENROLLED.name: len(enrolled), PLATFORM_EVENTS.name: len(results)},
    )
    compare(ground, assessment, oracle)
    marked = {e.id for e in results if isinstance(e, ResultReported) and e.data.score is not None}
    voided = {e.data.result_id for e in results if e.type == "microcred.result.voided.v1"}
    graded = {e.data.result_id for e in events_of(oracle) if e.type == "microcred.learner.assessed.v1"}
    assert marked - voided <= graded <= marked


@pytest.mark.timeout(240)
def test_issuance(ground: Ground):
    offered, _ = reported(1)
    told = passes(ISSUED)
    assert len(told) >= EVENTS
    ground.publish(offered)
    with ground.running("issuance") as worker:
        ground.wait_until("issuance", len(offered), worker)
    ground.publish(told)
    ground.fold_with_kills("issuance", len(offered), len(offered) + len(told))
    worker_of_the_oracle = worker_for(signer_from(ground.folder / "issuer-key"), Names(PUBLIC_URL))
    oracle = ground.oracle(worker_of_the_oracle, {CATALOGUE.name: len(offered), PASSED.name: len(told)})
    compare(ground, worker_of_the_oracle, oracle)
    issued = [e for e in events_of(oracle) if e.type == "microcred.credential.issued.v1"]
    assert len({e.data.credential_id for e in issued}) == len(issued) == ISSUED
    assert len({(e.data.status_list, e.data.status_index) for e in issued}) == ISSUED
    assert sum(e.type == "microcred.credential.revoked.v1" for e in events_of(oracle)) == ISSUED // 19


@pytest.mark.timeout(240)
def test_analytics(ground: Ground):
    offered, told = reported(2_000)
    places = {(e.learner_ref, e.data.offering): e for e in told if e.type == "microcred.learner.registered.v1"}
    journeys: list[Event] = [*map(enrolled_by, places.values()), *passes(ISSUED)]
    ground.publish([*offered, *journeys])
    total = len(offered) + len(journeys)
    assert total >= EVENTS
    ground.fold_with_kills("analytics", 0, total)
    enrolled = sum(isinstance(event, LearnerEnrolled) for event in journeys)
    expected = {CATALOGUE.name: len(offered), ENROLLED.name: enrolled, PASSED.name: len(journeys) - enrolled}
    oracle = ground.oracle(analytics, expected)
    compare(ground, analytics, oracle)
    funnel = documents_of(ground.servers.mongo_url, ground.database("analytics"))["funnel"].values()
    assert sum(each.get("enrolled", 0) for each in funnel) == len(places)
