"""`microcred rebuild` on the four services as they ship: killed, run again, compared, and what HTTP answers stays."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.contracts.topics import SERVICES
from shared.testing.servers import Servers
from tests.town import Town, environment, eventually, running_town

COMMAND = Path(sys.executable).with_name("microcred")
TENANT = "uni"
LEARNERS = 12

pytestmark = pytest.mark.timeout(300)  # each test starts several processes, beside many others


class Place:
    """A town, and the environment in which its operator works."""

    def __init__(self, town: Town, environ: dict[str, str]) -> None:
        self.town = town
        self.environ = environ

    def settings_of(self, service: str) -> dict[str, str]:
        """The environment of a service's own process; its address is part of every credential."""
        return self.environ | {"MICROCRED_PUBLIC_URL": self.town.urls[service]}

    def rebuild(self, service: str, *words: str) -> subprocess.CompletedProcess[str]:
        command = [str(COMMAND), "rebuild", service, *words]
        return subprocess.run(
            command, env=self.settings_of(service), capture_output=True, text=True, check=False, timeout=200
        )

    def answers(self) -> dict[str, object]:
        """What the services say about learners, their credentials and the funnel."""
        assessment, analytics = (self.town.client(name, TENANT) for name in ("assessment", "analytics"))
        progress = [assessment.get(f"/v1/progress/l{n}/sums").json() for n in range(LEARNERS)]
        assert [each["passed"] for each in progress] == [n < LEARNERS // 2 for n in range(LEARNERS)]
        return {"progress": progress, "funnel": analytics.get("/v1/funnel").json()}


@pytest.fixture(scope="module")
def place(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder, prefix = tmp_path_factory.mktemp("town"), f"r{uuid.uuid4().hex[:8]}."
    with running_town(servers, folder, prefix) as town:
        _publish(town)
        clean = {name: value for name, value in os.environ.items() if not name.startswith("MICROCRED_")}
        yield Place(town, {**clean, **environment(servers, folder, prefix), "COLUMNS": "200"})


def _publish(town: Town) -> None:
    door = town.client("enrolment", TENANT)
    offering = {
        "achievement": {"name": "Sums", "description": "Adds.", "criteria": "Half."},
        "issuer": {"name": "Uni"},
        "policy": {"components": [{"id": "exam", "weight": 1}], "pass_mark": 50},
    }
    for mark in (50, 60):  # half of the learners start under each policy
        offering["policy"] = {"components": [{"id": "exam", "weight": 1}], "pass_mark": mark}
        published = door.put("/v1/offerings/sums", json=offering)
        assert published.is_success, published.text
        eventually(lambda mark=mark: _mark(door) == mark, f"the pass mark is {mark}")  # type: ignore[misc]
        half = range(LEARNERS // 2) if mark == 50 else range(LEARNERS // 2, LEARNERS)
        today = datetime.now(UTC).isoformat()
        events = [event for n in half for event in _events(n, today)]
        assert door.post("/v1/events", json=events).is_success
        for learner in half:
            eventually(lambda learner=learner: _graded(town, learner), f"learner {learner} is graded")  # type: ignore[misc]
    eventually(lambda: len(town.heard("issued", TENANT, "l5")) == 1, "learner 5 has a credential")


def _mark(door: object) -> object:
    answer = door.get("/v1/offerings/sums")  # type: ignore[attr-defined]
    return answer.json().get("policy", {}).get("pass_mark") if answer.is_success else None


def _graded(town: Town, learner: int) -> bool:
    # A grade alone may be that of the policy in force, before the enrolment has fixed one.
    answer = town.client("assessment", TENANT).get(f"/v1/progress/l{learner}/sums")
    return answer.is_success and answer.json()["policy_version"] is not None


def _events(learner: int, time: str) -> list[dict[str, object]]:
    same = {"specversion": "1.0", "source": "lms", "tenant": TENANT, "learnerref": f"l{learner}"}
    return [
        same
        | {"id": f"r{learner}", "type": "microcred.learner.registered.v1", "time": time}
        | {"data": {"offering": "sums"}},
        same
        | {"id": f"s{learner}", "type": "microcred.result.reported.v1", "time": time}
        | {"data": {"offering": "sums", "component": "exam", "score": 55, "max_score": 100}},
    ]


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_is_rebuilt_alike_and_answers_as_before(place: Place, service: str) -> None:
    before = place.answers()
    ran = place.rebuild(service)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "only old" not in ran.stdout
    assert "switched. Live now:" in ran.stdout
    assert f"microcred rebuild {service} --rollback" in ran.stdout
    eventually(lambda: place.answers() == before, "the answers are those of before", 2)


def test_a_process_that_is_killed_is_gone_on_with_and_rolled_back(place: Place) -> None:
    command = [sys.executable, "-m", "services.assessment.main", "--role", "rebuild", "--model", "progress"]
    with subprocess.Popen(
        command, env=place.settings_of("assessment"), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["rebuild"] == "begun"
        process.kill()
    other = place.rebuild("assessment")
    ran = place.rebuild("assessment", "--model", "progress")
    back = place.rebuild("assessment", "--rollback")

    assert other.returncode == 1
    assert "a rebuild of progress is under way" in other.stderr
    assert (ran.returncode, back.returncode) == (0, 0), ran.stdout + ran.stderr + back.stderr
    assert "going on with offerings (generation " in ran.stdout
    assert "letters" not in ran.stdout.partition("compared")[2].partition("Live now")[0]
    assert "switched" in back.stdout


def test_what_cannot_be_done_is_one_line_with_its_cure(place: Place) -> None:
    unknown = place.rebuild("issuance", "--model", "badges")
    nothing = place.rebuild("analytics", "--discard")

    assert (unknown.returncode, nothing.returncode) == (1, 1)
    assert "there is no read model 'badges': give one of offerings, publications, awards, uses" in unknown.stderr
    assert "no rebuilt generation waits" in nothing.stderr
    assert len(nothing.stderr.splitlines()) == 1
