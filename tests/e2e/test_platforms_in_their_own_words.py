"""A platform that speaks xAPI: registered, marked and credentialed by statements, and taken back by a void."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.town import Town, eventually

LMS = "https://lms.example.org"
COURSE, EXAM = f"{LMS}/course/course-v1:OpenU+XAPI+2026", f"{LMS}/exams/77"
OFFERING = "XAPI-101/2026"
OFFER: dict[str, Any] = {
    "achievement": {"name": "Data Skills", "description": "Reads a data set.", "criteria": "40 % or more."},
    "issuer": {"name": "The University", "url": "https://university.example/"},
    "policy": {"components": [{"id": "exam", "weight": 1}], "pass_mark": 40},
    "runs": [{"course": COURSE, "activities": [{"id": EXAM, "component": "exam"}]}],
}
VERSION = {"X-Experience-API-Version": "1.0.3"}
LAST_WEEK = datetime.now(UTC) - timedelta(days=7)


def said(number: int, verb: str, target: Any, **more: Any) -> dict[str, Any]:
    return {
        "id": f"6f2c3e1a-5b1d-4f0a-9a51-{number:012d}",
        "actor": {"account": {"homePage": LMS, "name": "u-4711"}, "name": "Aroha T"},
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb}"},
        "object": target if isinstance(target, dict) else {"id": target},
        "timestamp": (LAST_WEEK + timedelta(hours=number)).isoformat(),
        **more,
    }


def send(platform: httpx.Client, *statements: dict[str, Any]) -> None:
    answer = platform.post("/xapi/statements", json=list(statements), headers=VERSION)
    assert (answer.status_code, answer.json()) == (200, [each["id"] for each in statements]), answer.text
    assert "Microcred-Refused" not in answer.headers


def test_statements_earn_a_credential_and_a_void_takes_the_pass_back(town: Town, tenant: str) -> None:
    enrolment, assessment = town.client("enrolment", tenant), town.client("assessment", tenant)

    # Given an offering that says which course and which exam deliver it,
    answer = enrolment.put(f"/v1/offerings/{OFFERING}", json=OFFER, headers={"Prefer": "wait=10"})
    assert answer.is_success, answer.text

    # when a platform says that a learner registered and was marked,
    score = {"result": {"score": {"scaled": 0.82}}}
    send(enrolment, said(1, "registered", COURSE), said(2, "scored", EXAM, **score), said(3, "initialized", EXAM))
    enrolled = {"offering": OFFERING}
    (item,) = eventually(lambda: enrolment.get("/v1/enrolments", params=enrolled).json()["items"], "is enrolled")
    learner = item["learner_ref"]

    # they pass, under a reference that tells nobody who they are;
    progress = f"/v1/progress/{learner}/{OFFERING}"
    assert "4711" not in learner
    assert eventually(lambda: passed_of(assessment, progress), "has passed")

    # and when the platform voids the mark, the pass is withdrawn.
    void = {"objectType": "StatementRef", "id": said(2, "scored", EXAM)["id"]}
    send(enrolment, said(4, "voided", void))
    assert eventually(lambda: passed_of(assessment, progress) is False, "has not passed any more")
    (gone,) = [each for each in town.heard("platform.events", tenant, learner) if each.TYPE.endswith("voided.v1")]
    assert gone.data.result_id.startswith("xapi/6f2c3e1a-5b1d-4f0a-9a51-000000000002/")


def passed_of(assessment: httpx.Client, progress: str) -> bool | None:
    answer = assessment.get(progress)
    return bool(answer.json()["passed"]) if answer.is_success else None
