"""An institution describes a micro-credential, checks that, and publishes it twice: who judged whom by what."""

import json
from pathlib import Path
from typing import Any

import pytest

from shared.contracts.examples.offering import DEFINITION
from tests.e2e.test_a_learner_earns_a_credential import LEARNER, send, told
from tests.e2e.test_command_line import command
from tests.town import Town, eventually

OFFERING = "DATA-101/2026"
WHOLE: dict[str, Any] = DEFINITION.model_dump(mode="json", exclude_none=True, exclude={"offering"})


def with_hours(hours: float) -> dict[str, Any]:
    return {**WHOLE, "achievement": {**WHOLE["achievement"], "notional_hours": hours}}


def test_what_an_offering_said_stays_to_be_seen_and_stands_on_the_credentials_of_its_time(
    town: Town, tenant: str
) -> None:
    enrolment, issuance = town.client("enrolment", tenant), town.client("issuance", tenant)

    # Given an offering by which a learner has earned a credential,
    first = enrolment.put(f"/v1/offerings/{OFFERING}", json=with_hours(125), headers={"Prefer": "wait=10"}).json()
    eventually(lambda: enrolment.get(f"/v1/offerings/{OFFERING}").is_success, "the offering can be read")
    results = [
        told("result.reported", 2, component="quiz", score=90),
        told("result.reported", 3, component="report", score=90),
    ]
    send(enrolment, told("learner.registered", 1), *results)
    issued = eventually(lambda: town.heard("issued", tenant, LEARNER), "a credential is issued")
    url = f"/v1/credentials/{issued[0].data.credential_id}/elm"
    eventually(lambda: issuance.get(url).is_success, "its data can be read")

    # when it is published again and says something else,
    second = enrolment.put(f"/v1/offerings/{OFFERING}", json=with_hours(150), headers={"Prefer": "wait=10"}).json()
    versions = f"/v1/offerings/{OFFERING}/versions"
    eventually(lambda: len(enrolment.get(versions).json()["items"]) == 2, "both versions are listed")
    listed = enrolment.get(versions).json()["items"]

    # then both versions are there, newest first, whole,
    assert [each["version"] for each in listed] == [second["event_id"], first["event_id"]]
    whole = enrolment.get(f"/v1/offerings/{OFFERING}/versions/{first['event_id']}").json()
    assert whole["achievement"]["notional_hours"] == 125
    assert whole["terms"]["prices"][0]["amount"] == 39_900

    # the offering says the new hours, in the European Learning Model too,
    eventually(
        lambda: enrolment.get(f"/v1/offerings/{OFFERING}").json()["achievement"]["notional_hours"] == 150,
        "the second publication stands",
    )
    offered = enrolment.get(f"/v1/offerings/{OFFERING}/elm").json()["@graph"][0]
    assert offered["volumeOfLearning"] == "PT150H"

    # and the credential says those of its own time.
    claim = issuance.get(url).json()["credentialSubject"]["hasClaim"][0]
    assert claim["specifiedBy"]["volumeOfLearning"] == "PT125H"
    named = issuance.post(url, json={"given_name": "Ada"}).json()["credentialSubject"]
    assert named["givenName"] == {"en": "Ada"}


@pytest.mark.parametrize(
    ("change", "status", "found"),
    [({}, 0, "0 required"), ({"notional_hours": 156}, 3, "cmf@current/CMF-1")],
    ids=["nothing missing", "too many hours"],
)
def test_a_definition_is_checked_from_the_command_line(
    town: Town, tmp_path: Path, change: dict[str, Any], status: int, found: str
) -> None:
    file = tmp_path / "offering.json"
    file.write_text(json.dumps({**WHOLE, "achievement": {**WHOLE["achievement"], **change}}))
    where = ("--url", town.urls["enrolment"], "--secret-file", town.secret_file)

    shown = command("check", file, "--rules", "cmf@current", *where)
    answered = command("check", file, file.with_name("none.json"), *where)
    machine = command("check", file, "--rules", "cmf@current", "--json", *where)

    assert (shown.returncode, found in shown.stdout) == (status, True), shown.stdout + shown.stderr
    assert (answered.returncode, "No such file" in answered.stderr) == (1, True)
    assert json.loads(machine.stdout)[str(file)]["rule_sets"] == ["cmf@current"]
