"""What an institution rules on grades, through the real services: nobody passes before the release."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.town import Town, eventually

OFFERING = "EXAM-201/2026"
LAST_WEEK = datetime.now(UTC) - timedelta(days=7)
EXAM: dict[str, Any] = {"id": "exam", "weight": 1, "due": LAST_WEEK.isoformat()}
OFFER: dict[str, Any] = {
    "achievement": {"name": "Exam Skills", "description": "Sits exams.", "criteria": "An exam of at least 40 %."},
    "issuer": {"name": "The University", "url": "https://university.example/"},
    "policy": {
        "components": [EXAM],
        "pass_mark": 40,
        "awaits_release": True,
        "late": {"percent": 10, "cut_off_hours": 24},
        "bands": [{"name": "Merit", "starts_at": 60}],
    },
}


def told(kind: str, learner: str, hours: int, **data: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"{learner}-{kind}",
        "source": "https://platform.example",
        "type": f"microcred.{kind}.v1",
        "time": (LAST_WEEK + timedelta(hours=hours)).isoformat(),
        "learnerref": learner,
        "data": {"offering": OFFERING, **data},
    }


def standing(assessment: httpx.Client, learner: str) -> dict[str, Any]:
    answer = assessment.get(f"/v1/progress/{learner}/{OFFERING}")
    return answer.json() if answer.is_success else {"passed": False, "components": []}


def rule(assessment: httpx.Client, kind: str, **terms: Any) -> None:
    answer = assessment.post(f"/v1/{kind}", json={"offering": OFFERING, **terms}, headers={"Prefer": "wait=10"})
    assert (answer.status_code, answer.json()["counted_in"]) == (200, True), answer.text


def worth_of(assessment: httpx.Client, learner: str) -> list[float | None]:
    return [each["worth"] for part in standing(assessment, learner)["components"] for each in part["tries"]]


def test_results_count_once_they_are_released_and_an_extension_takes_a_penalty_back(town: Town, tenant: str) -> None:
    enrolment = town.client("enrolment", tenant)
    assessment = town.client("assessment", tenant, ("read", "grades:write"))
    assert enrolment.put(f"/v1/offerings/{OFFERING}", json=OFFER).is_success
    for learner, late in (("ada", 0), ("bob", 30)):
        events = [
            told("learner.registered", learner, 0),
            told("result.reported", learner, late, component="exam", score=60, attempt="1"),
        ]
        assert enrolment.post("/v1/events", json=events).status_code == 202

    def waits(learner: str) -> bool:
        tries = [each for part in standing(assessment, learner)["components"] for each in part["tries"]]
        return [each["state"] for each in tries] == ["not released"]

    eventually(lambda: waits("ada") and waits("bob"), "both results wait for their release")
    rule(assessment, "releases")
    eventually(lambda: standing(assessment, "ada")["passed"], "what was handed in on time is a pass")
    eventually(lambda: worth_of(assessment, "bob") == [0], "what was handed in after the cut-off is worth nothing")
    assert not standing(assessment, "bob")["passed"]
    rule(assessment, "extensions", learner="bob", component="exam", due=(LAST_WEEK + timedelta(hours=30)).isoformat())
    bob = eventually(lambda: (shown := standing(assessment, "bob"))["passed"] and shown, "with an extension it is, too")
    assert (bob["grade_percent"], bob["band"]) == (60, "Merit")
    assert len({event.id for event in town.heard("passed", tenant, "ada")}) == 1
