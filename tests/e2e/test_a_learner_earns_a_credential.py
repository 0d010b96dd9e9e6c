"""The story of one learner, through the real HTTP and the real Kafka, from the platform to the employer."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.town import ANSWER_S, Town, eventually

LEARNER = "ada"
OFFERING = "DATA-101/2026"
OFFER = {
    "achievement": {
        "name": "Data Skills",
        "description": "Reads, cleans and explains a data set.",
        "criteria": "Weighted mean of essay and exam of at least 40 %.",
        "alignments": [
            {
                "target_name": "develop digital content",
                "target_url": "http://data.europa.eu/esco/skill/5fd5c985-eaaa-47aa-8314-62359c54505a",
                "target_framework": "ESCO",
            }
        ],
    },
    "issuer": {"name": "The University", "url": "https://university.example/"},
    "policy": {
        "components": [{"id": "essay", "weight": 60}, {"id": "exam", "weight": 40}],
        "pass_mark": 40,
        "attempts": "best",
    },
}
LAST_WEEK = datetime.now(UTC) - timedelta(days=7)


def told(kind: str, number: int, **data: Any) -> dict[str, Any]:
    """Return what the platform sends."""
    return {
        "specversion": "1.0",
        "id": f"platform-{number}",
        "source": "https://platform.example",
        "type": f"microcred.{kind}.v1",
        "time": (LAST_WEEK + timedelta(hours=number)).isoformat(),
        "learnerref": LEARNER,
        "data": {"offering": OFFERING, **data},
    }


def send(platform: httpx.Client, *events: dict[str, Any]) -> None:
    answer = platform.post("/v1/events", json=list(events))
    assert answer.status_code == 202, answer.text
    assert answer.json()["accepted"] == len(events)


def test_a_learner_earns_a_credential_and_an_employer_checks_it(town: Town, tenant: str) -> None:
    enrolment, assessment = town.client("enrolment", tenant), town.client("assessment", tenant)
    issuance, analytics = town.client("issuance", tenant), town.client("analytics", tenant)

    # Given an institution that offers a micro-credential,
    answer = enrolment.put(f"/v1/offerings/{OFFERING}", json=OFFER, headers={"Prefer": "wait=10"})
    assert answer.is_success, answer.text
    eventually(lambda: enrolment.get(f"/v1/offerings/{OFFERING}").is_success, "the offering can be read")
    policy_version = answer.json()["policy_version"]

    # when Ada registers on a platform and her essay is marked, short of the mark,
    send(
        enrolment,
        told("learner.registered", 1),
        told("result.reported", 2, component="essay", score=30),
    )

    # then she sees what counts, what is missing, and why she has not passed.
    def graded() -> dict[str, Any] | None:
        answer = assessment.get(f"/v1/progress/{LEARNER}/{OFFERING}")
        # Her result may come before her enrolment: the grade is shown then, but no policy is fixed yet.
        shown = answer.json() if answer.is_success else {}
        return shown if shown.get("policy_version") and shown["grade_percent"] else None

    progress = eventually(graded, "the essay is graded")
    assert (progress["passed"], progress["policy_version"]) == (False, policy_version)
    assert progress["grade_percent"] == 18
    assert [each["id"] for each in progress["components"] if each["missing"]] == ["exam"]
    assert town.heard("passed", tenant, LEARNER) == []

    # When she writes the essay again and the exam, and the platform says one of it twice,
    resit = told("result.reported", 3, component="essay", score=55)
    send(enrolment, resit, resit, told("result.reported", 4, component="exam", score=70))

    # then she passes once, and one credential is issued,
    issued = eventually(lambda: town.heard("issued", tenant, LEARNER), "a credential is issued")
    assert len({event.id for event in issued}) == 1
    assert len({event.id for event in town.heard("passed", tenant, LEARNER)}) == 1
    credential_id = issued[0].data.credential_id
    address = f"{town.urls['issuance']}/credentials/{credential_id}"
    credential = eventually(
        lambda: (answer := httpx.get(address, timeout=ANSWER_S)).is_success and answer.json(),
        "the credential can be read",
    )
    assert credential["credentialSubject"]["achievement"]["name"] == "Data Skills"

    # of which the institution sees each event that led to it,
    causes = issuance.get(f"/v1/credentials/{credential_id}/provenance").json()["causes"]
    assert [each["event_id"] for each in causes[1:-1]] == ["platform-1", "platform-2", "platform-3", "platform-4"]

    # that an employer, who has no token, can verify,
    def verify(document: dict[str, Any]) -> dict[str, Any]:
        answer = httpx.post(f"{town.urls['issuance']}/credentials/verify", json=document, timeout=ANSWER_S)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    assert verify(credential)["verified"] is True
    forged = {**credential, "credentialSubject": {**credential["credentialSubject"], "id": "urn:uuid:" + "0" * 8}}
    assert verify(forged)["verified"] is False

    # and the institution sees her in its funnel, and nobody else's; analytics hears four topics, in any order.
    def funnel() -> dict[str, int]:
        return dict(analytics.get("/v1/funnel").json()["total"]["counts"])

    whole = {"enrolled": 1, "assessed": 1, "passed": 1, "issued": 1, "left": 0}
    eventually(lambda: funnel() == whole, f"the funnel is {whole}")

    # When the resit turns out to be somebody else's work and is voided,
    send(enrolment, told("result.voided", 5, result_id="platform-3"), told("result.voided", 6, result_id="platform-4"))

    # then the pass is withdrawn, the credential revoked, and the employer is told so.
    def revoked() -> bool:
        step = next(each for each in verify(credential)["steps"] if each["step"] == "status")
        return bool(step["outcome"] == "failed")

    eventually(revoked, "the credential is revoked")
    assert verify(credential)["verified"] is False
    assert issuance.get(f"/credentials/{credential_id}").is_success
    assert eventually(
        lambda: analytics.get("/v1/funnel").json()["total"]["counts"]["issued"] == 0, "the funnel follows"
    )


def test_another_institution_sees_nothing_of_it(town: Town, tenant: str) -> None:
    mine, other = town.client("enrolment", tenant), town.client("enrolment", tenant + "-other")
    mine.put(f"/v1/offerings/{OFFERING}", json=OFFER, headers={"Prefer": "wait=10"})
    send(mine, told("learner.registered", 1))
    eventually(lambda: mine.get("/v1/enrolments", params={"learner": LEARNER}).json()["items"], "Ada is enrolled")
    assert other.get("/v1/enrolments", params={"learner": LEARNER}).json()["items"] == []
    assert other.get(f"/v1/offerings/{OFFERING}").status_code == 404


def test_what_is_wrong_is_told_by_field_and_the_rest_is_taken(town: Town, tenant: str) -> None:
    platform = town.client("enrolment", tenant)
    answer = platform.post(
        "/v1/events",
        json=[
            told("learner.registered", 1),
            told("result.reported", 2, component="essay", score=101),
            {**told("learner.registered", 3), "tenant": "somebody-else"},
            {**told("learner.registered", 4), "type": "microcred.learner.vanished.v1"},
        ],
    )
    assert answer.status_code == 202
    assert answer.json()["accepted"] == 1
    assert [(each["index"], each["field"]) for each in answer.json()["refused"]] == [
        (1, "data"), (2, "tenant"), (3, "type"),
    ]  # fmt: skip
