"""One person, two accounts: linked, their results are one learner's; erased, nobody knows who they were."""

from typing import Any

from tests.e2e.test_a_learner_earns_a_credential import OFFER, OFFERING, told
from tests.town import Town, eventually

ONE, OTHER = "account-1", "account-2"


def of(learner: str, kind: str, number: int, **data: Any) -> dict[str, Any]:
    return {**told(kind, number, **data), "id": f"two-{number}", "learnerref": learner}


def heard(town: Town, topic: str, tenant: str, learner: str) -> list[str]:
    return [type(event).__name__ for event in town.heard(topic, tenant, learner)]


def test_two_accounts_of_one_person_earn_one_credential(town: Town, tenant: str) -> None:
    enrolment = town.client("enrolment", tenant)
    answer = enrolment.put(f"/v1/offerings/{OFFERING}", json=OFFER, headers={"Prefer": "wait=10"})
    assert answer.is_success, answer.text

    # Given essay and exam under two accounts, of which the one alone is no pass and the other is,
    send = [
        of(ONE, "learner.registered", 1),
        of(ONE, "result.reported", 2, component="exam", score=90),
        of(OTHER, "learner.registered", 3),
        of(OTHER, "result.reported", 4, component="essay", score=80),
    ]
    assert enrolment.post("/v1/events", json=send).json()["accepted"] == 4
    eventually(lambda: heard(town, "issued", tenant, OTHER), "a credential under the second account")

    # when the institution says that they are one,
    linked = enrolment.put(f"/v1/learners/{ONE}/links/{OTHER}", headers={"Prefer": "wait=10"})
    assert linked.status_code == 200, linked.text

    # then the first has all results and a credential, and that of the second is revoked;
    eventually(lambda: "CredentialIssued" in heard(town, "issued", tenant, ONE), "a credential under the first account")
    eventually(
        lambda: "CredentialRevoked" in heard(town, "issued", tenant, OTHER), "the second one's credential revoked"
    )
    (passed,) = town.heard("passed", tenant, ONE)
    assert passed.data.grade_percent == 0.6 * 80 + 0.4 * 90

    # and what is reported of the second later counts for the first, also where the platform repeats itself.
    again = [send[3], of(OTHER, "result.reported", 5, component="exam", score=100)]
    assert enrolment.post("/v1/events", json=again).json()["accepted"] == 2
    counted = eventually(
        lambda: [event for event in town.heard("assessed", tenant, ONE) if event.data.result_id == "two-5"],
        "the later result under the first account",
    )
    assert counted[0].data.grade_percent == 0.6 * 80 + 0.4 * 100


def test_what_was_ruled_on_one_account_counts_for_the_other(town: Town, tenant: str) -> None:
    # Given a result under a second account, of an offering whose results count once they are released,
    enrolment = town.client("enrolment", tenant)
    assessment = town.client("assessment", tenant, ("read", "grades:write"))
    parts = [{"id": "essay", "weight": 60}, {"id": "exam", "weight": 40}]
    awaiting = {**OFFER, "policy": {"components": parts, "pass_mark": 40, "awaits_release": True}}
    answer = enrolment.put(f"/v1/offerings/{OFFERING}", json=awaiting, headers={"Prefer": "wait=10"})
    assert answer.is_success, answer.text
    send = [of(OTHER, "learner.registered", 1), of(OTHER, "result.reported", 2, component="essay", score=80)]
    assert enrolment.post("/v1/events", json=send).json()["accepted"] == 2
    eventually(
        lambda: assessment.get(f"/v1/progress/{OTHER}/{OFFERING}").json().get("policy_version"), "the result waits"
    )

    # when the accounts are one, and the institution releases the results under the second one's name,
    linked = enrolment.put(f"/v1/learners/{ONE}/links/{OTHER}", headers={"Prefer": "wait=10"})
    assert linked.status_code == 200, linked.text
    release = assessment.post("/v1/releases", json={"offering": OFFERING, "learner": OTHER})
    assert release.is_success, release.text

    # then the first has passed.
    eventually(lambda: heard(town, "passed", tenant, ONE) == ["LearnerPassed"], "the first account passed")


def test_an_erased_learner_is_gone_and_their_events_go_on(town: Town, tenant: str) -> None:
    enrolment = town.client("enrolment", tenant)
    assert enrolment.post("/v1/events", json=of(ONE, "learner.registered", 1)).status_code == 202
    assert enrolment.delete(f"/v1/learners/{ONE}").json() == {"erased": [ONE]}
    assert enrolment.get(f"/v1/learners/{ONE}").status_code == 410
    assert enrolment.post("/v1/events", json=of(ONE, "learner.unregistered", 2)).status_code == 202
    came_and_left = ["LearnerEnrolled", "LearnerUnenrolled"]
    eventually(lambda: heard(town, "enrolled", tenant, ONE) == came_and_left, "the learner came and left")
