"""A platform runs ahead of us: its record waits, the learner's later ones wait behind it, and an operator decides."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from shared.contracts.topics import PLATFORM_EVENTS
from shared.contracts.wire import HEADERS
from shared.kit.ledger import Saying
from shared.kit.producer import KafkaPublisher
from tests.town import Town, eventually

COMMAND = Path(sys.executable).with_name("microcred")
OFFERING = {
    "achievement": {"name": "Sums", "description": "Adds.", "criteria": "Half of it."},
    "issuer": {"name": "School"},
    "policy": {"components": [{"id": "exam", "weight": 1}], "pass_mark": 50},
}


def command(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMAND, *map(str, words)], capture_output=True, text=True, check=False, timeout=60)


def event(tenant: str, learner: str, number: int, kind: str, data: dict[str, Any]) -> bytes:
    envelope = {
        "specversion": "1.0",
        "id": f"{tenant}-{learner}-{number}",
        "source": "lms",
        "type": kind,
        "time": f"2025-03-0{number + 1}T09:00:00Z",
        "tenant": tenant,
        "learnerref": learner,
        "data": {"offering": "sums/2025", **data},
    }
    return json.dumps(envelope).encode()


def append(town: Town, learner: str, *values: bytes) -> None:
    async def go() -> None:
        publisher = KafkaPublisher(town.bootstrap, topic_prefix=town.topic_prefix)
        await publisher.say([Saying(PLATFORM_EVENTS.name, learner.encode(), value, HEADERS) for value in values])
        await publisher.close()

    asyncio.run(go())


def test_a_record_of_a_version_to_come_holds_its_learner_until_an_operator_decides(
    town: Town, tenant: str, tmp_path: Path
) -> None:
    def dlq(*words: object) -> subprocess.CompletedProcess[str]:
        return command("dlq", *words, "--url", town.urls["assessment"], "--secret-file", town.secret_file)

    institution = town.client("enrolment", tenant)
    assert institution.put("/v1/offerings/sums/2025", json=OFFERING).status_code == 202
    learner = f"ahead-{tenant}"
    to_come = event(tenant, learner, 1, "microcred.result.reported.v2", {"marks": [80]})
    exam = {"component": "exam", "score": 80, "max_score": 100}
    append(
        town,
        learner,
        event(tenant, learner, 0, "microcred.learner.registered.v1", {}),
        to_come,
        event(tenant, learner, 2, "microcred.result.reported.v1", exam),
    )

    def listed() -> Any:
        lines = dlq("list", "assessment", "--error", "UnknownVersion", "--json").stdout.splitlines()
        return next((letter for each in lines if (letter := json.loads(each))["key"] == learner), None)

    letter = eventually(lambda: (found := listed()) and found["waiting"] and found, "the letter, with one that waits")
    assert "upgrade this service" in letter["reason"]

    shown = dlq("show", "assessment", letter["id"], "--raw", tmp_path / "record.bin")
    assert '"marks": [80]' in shown.stdout
    assert (tmp_path / "record.bin").read_bytes() == to_come

    again = dlq("redrive", "assessment", letter["id"])
    assert (again.returncode, "redriven 0, refused again 1" in again.stdout) == (1, True), again.stdout + again.stderr
    assert "upgrade this service" in again.stderr

    given_up = dlq("discard", "assessment", letter["id"], "--why", "the platform reported it in v1 too")
    assert (given_up.returncode, "discarded 1" in given_up.stdout) == (0, True), given_up.stdout + given_up.stderr

    assessment = town.client("assessment", tenant)

    def passed() -> Any:
        return assessment.get(f"/v1/progress/{learner}/sums/2025").json().get("passed")

    eventually(passed, "what waited is counted, and she passed")
    elsewhere = command("dlq", "list", "analytics", "--url", town.urls["analytics"], "--secret-file", town.secret_file)
    assert (elsewhere.returncode, letter["id"] in elsewhere.stdout) == (0, False)


def test_what_is_no_decision_is_refused_with_the_cure(town: Town) -> None:
    ran = command("dlq", "redrive", "assessment", "--url", town.urls["assessment"])
    assert ran.returncode == 2
    assert "--all" in ran.stderr
