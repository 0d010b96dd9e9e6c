"""An Open edX that publishes to Kafka itself: what its event bus says in Avro ends in a credential."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from confluent_kafka import Producer

from deploy.cli.running.bridged import TOPICS
from deploy.cli.running.service import ServiceProcess
from deploy.local.ports import free_port
from services.enrolment.door.identity import Identities
from services.enrolment.platforms.door import Account
from shared.kit.secret import read_secret
from shared.testing.openedx import record
from shared.testing.openedx_data import COURSE
from shared.testing.servers import Servers
from tests.e2e.test_a_learner_earns_a_credential import OFFER
from tests.town import Town, environment, eventually

pytestmark = pytest.mark.skipif(
    "MICROCRED_ENROLMENT_URL" in os.environ, reason="an installation elsewhere reads topics of its own, or none"
)
COMMAND = Path(sys.executable).with_name("microcred")
HOME, OFFERING, LEARNER = "https://lms.example.org", "BUS-101/2026", 4711
POLICY = {"components": [{"id": "exam", "weight": 1}], "pass_mark": 75}
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


@pytest.fixture
def topic(town: Town, servers: Servers, tenant: str, tmp_path: Path) -> Iterator[str]:
    """A platform's topic, and a bridge of this town that reads it for an institution."""
    name = f"{town.topic_prefix}learning-lifecycle"
    told = f'{{"{name}": {{"tenant": "{tenant}", "platform": "openedx", "home": "{HOME}"}}}}'
    settings = environment(servers, town.secret_file.parent, town.topic_prefix) | {TOPICS: told}
    made = subprocess.run(
        [COMMAND, "topics", "--create", "--bridged", "--bootstrap", town.bootstrap],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert made.returncode == 0, made.stderr
    assert "made 1 topics" in made.stdout
    log = tmp_path / "bridge.log"
    bridge = ServiceProcess("bridge", free_port(), log, settings, service="enrolment", role="bridge")
    bridge.launch()
    try:
        eventually(bridge.ready, f"the bridge is ready, its log is {log}")
        yield name
    finally:
        bridge.stop()


def test_records_in_avro_earn_a_credential(town: Town, tenant: str, topic: str) -> None:
    # Given an offering that a run of Open edX delivers,
    enrolment = town.client("enrolment", tenant)
    offer = OFFER | {"policy": POLICY, "runs": [{"course": COURSE, "whole": "exam"}]}
    enrolment.put(f"/v1/offerings/{OFFERING}", json=offer, headers={"Prefer": "wait=10"}).raise_for_status()

    # when its event bus says that somebody is enrolled, and then their grade,
    producer = Producer({"bootstrap.servers": town.bootstrap})
    for hours, signal in enumerate(("course.enrollment.created.v1", "course.persistent_grade_summary.changed.v1")):
        said = record(signal, user=LEARNER, time=YESTERDAY + timedelta(hours=hours))
        producer.produce(topic, said.value, said.key, headers=list(said.headers))
    assert producer.flush(30) == 0

    # then whoever has that account has a credential, under the reference that the door gives them too.
    identities = Identities(read_secret(town.secret_file.with_name(f"{town.secret_file.name}.identity")))
    learner = identities.learner_ref(tenant, Account(HOME, str(LEARNER)))
    issued = eventually(lambda: town.heard("issued", tenant, learner), "the learner has a credential")
    assert [each.data.offering for each in issued] == [OFFERING]
    assert "aroha" not in repr(town.heard("platform.events", tenant, learner)).lower()
