"""The command line against running services: a file in, a credential out, and what is refused is told."""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from deploy.cli.issuance import standing_credential
from shared.contracts.achievement import Achievement
from shared.contracts.enrolment import Offering, OfferingPublished
from shared.contracts.policy import Component, Policy
from shared.contracts.profile import Issuer
from tests.town import ANSWER_S, Town, eventually

COMMAND = Path(sys.executable).with_name("microcred")
OFFERING = OfferingPublished(
    id="offering-1",
    source="test",
    time=datetime(2025, 1, 1, tzinfo=UTC),
    tenant="any",
    data=Offering(
        offering="sums/2025",
        achievement=Achievement(name="Sums", description="Adds.", criteria="Half of it."),
        issuer=Issuer(name="School"),
        policy=Policy(components=(Component(id="exam", weight=Decimal(1)),), pass_mark=Decimal(50)),
    ),
)
ROWS = """type,time,learner_ref,offering,component,score,id
registered,2025-02-01T09:00:00Z,ada,sums/2025,,,
result,2025-03-01T09:00:00Z,ada,sums/2025,exam,80,
result,2025-03-01T09:00:00Z,bob,sums/2025,exam,280,
"""


def command(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMAND, *map(str, words)], capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def credential_url(town: Town, tenant: str, tmp_path: Path) -> str:
    """Publish an offering as JSON lines and a learner as CSV, and return where the credential is."""
    where = ("--url", town.urls["enrolment"], "--secret-file", town.secret_file, "--tenant", tenant)
    offering, learners = tmp_path / "offering.jsonl", tmp_path / "learners.csv"
    offering.write_bytes(OFFERING.model_copy(update={"tenant": tenant}).encode())
    learners.write_text(ROWS)

    first, second = command("publish", offering, *where), command("publish", learners, *where)
    again = command("publish", learners, *where)

    assert (first.returncode, second.returncode) == (0, 1), first.stderr + second.stderr
    assert "published 2 events" in second.stdout
    assert "1 rows were refused" in second.stderr
    assert "going on after 3 rows" in again.stdout
    refused = json.loads((tmp_path / "learners.csv.refused.jsonl").read_text())
    assert refused["line"] == 4
    assert "score 280 is above max_score 100" in refused["reason"]
    found = eventually(
        lambda: standing_credential(town.bootstrap, tenant, town.topic_prefix), "a credential is on the log"
    )
    return f"{town.urls['issuance']}/credentials/{found}"


def test_a_published_file_becomes_a_credential_that_verifies_and_a_forged_one_does_not(
    credential_url: str, town: Town, tmp_path: Path
) -> None:
    service = ("--url", town.urls["issuance"])
    genuine = command("verify", credential_url, *service)
    stolen = tmp_path / "badge.json"
    fetched = httpx.get(credential_url, timeout=ANSWER_S).text
    stolen.write_text(fetched.replace('"name":"Sums"', '"name":"Surgery"'))
    assert stolen.read_text() != fetched
    forged = command("verify", stolen, *service)

    assert (genuine.returncode, "not verified" in genuine.stdout) == (0, False), genuine.stdout + genuine.stderr
    assert "Sums" in genuine.stdout
    assert (forged.returncode, "not verified" in forged.stdout) == (1, True)
    assert re.search(r"proof +failed", forged.stdout)


def test_what_is_no_token_is_refused_before_anything_is_sent(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(OFFERING.encode())

    ran = command("publish", file, "--url", town.urls["enrolment"], "--token", "no.such.token")

    assert ran.returncode == 1
    assert "microcred token" in ran.stderr


def test_rows_of_another_institution_are_refused_by_the_service(town: Town, tenant: str, tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    event = {
        "specversion": "1.0",
        "id": "r",
        "source": "lms",
        "type": "microcred.learner.registered.v1",
        "tenant": "other",
        "time": "2025-03-01T09:00:00Z",
        "learnerref": "ada",
        "data": {"offering": "x"},
    }
    file.write_text(json.dumps(event))

    ran = command(
        "publish", file, "--url", town.urls["enrolment"], "--tenant", tenant, "--secret-file", town.secret_file
    )

    assert ran.returncode == 1
    assert json.loads((tmp_path / "events.jsonl.refused.jsonl").read_text())["field"] == "tenant"
