"""cmi5: every rule that one statement can break, and how the rest ends in assessment."""

from typing import Any

import pytest

from services.enrolment.platforms.xapi import cmi5
from shared.contracts.platform import LearningRecognised, ResultReported
from tests.unit.enrolment.spoken import AU, COURSE, OFFERING, fault_of, said, statement

CMI5, MOVE_ON = {"id": cmi5.CATEGORY}, {"id": cmi5.MOVE_ON}
SESSION = "https://w3id.org/xapi/cmi5/context/extensions/sessionid"
MASTERY = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore"
REASON = "https://w3id.org/xapi/cmi5/result/extensions/reason"
REGISTRATION = "1e2d0f1c-0d8a-4a6e-8a44-0a4c32391aaa"
OUTCOMES: dict[str, dict[str, Any]] = {
    "passed": {"success": True, "duration": "PT41M", "score": {"scaled": 0.82}},
    "failed": {"success": False, "duration": "PT41M", "score": {"scaled": 0.42}},
    "completed": {"completion": True, "duration": "PT41M"},
    "terminated": {"duration": "PT41M"},
    cmi5.WAIVED: {"success": True, "completion": True, "extensions": {REASON: "Tested Out"}},
}


def spoken(
    verb: str, result: dict[str, Any] | None = None, mastery: float | None = 0.75, **changed: Any
) -> dict[str, Any]:
    outcome = OUTCOMES.get(verb, {}) if result is None else result
    moves_on = "success" in outcome or "completion" in outcome
    context = {
        "registration": REGISTRATION,
        "contextActivities": {"category": [CMI5, MOVE_ON] if moves_on else [CMI5]},
        "extensions": {SESSION: "s-1"} | ({} if mastery is None else {MASTERY: mastery}),
    }
    given = statement(verb, AU, context=context, timestamp="2026-03-02T09:40:00.000Z")
    return given | ({"result": outcome} if outcome else {}) | changed


@pytest.mark.parametrize("verb", [*OUTCOMES, "launched", "initialized", "https://w3id.org/xapi/adl/verbs/satisfied"])
def test_what_keeps_the_rules_is_taken(verb: str):
    assert fault_of(spoken(verb)) == ""


def without(name: str, verb: str = "passed") -> dict[str, Any]:
    return spoken(verb, {key: value for key, value in OUTCOMES[verb].items() if key != name})


def in_context(**changed: Any) -> dict[str, Any]:
    given = spoken("passed")
    return given | {"context": given["context"] | changed}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (spoken("passed", actor={"mbox": "mailto:aroha@example.org"}), "actor.account"),
        (in_context(registration=""), "context.registration"),
        (in_context(extensions={}), "context.extensions"),
        (in_context(contextActivities={"category": [CMI5]}), "context.contextActivities.category"),
        (spoken("initialized") | {"context": in_context()["context"]}, "context.contextActivities.category"),
        (spoken("passed", timestamp="2026-03-02T10:40:00+01:00"), "timestamp"),
        (spoken("passed", timestamp="2026-03-02T10:40:00"), "timestamp"),
        (without("duration"), "result.duration"),
        (without("duration", "failed"), "result.duration"),
        (without("duration", "completed"), "result.duration"),
        (spoken("terminated", {}), "result.duration"),
        (spoken("passed", OUTCOMES["passed"] | {"duration": "41 minutes"}), "result.duration"),
        (spoken("passed", OUTCOMES["passed"] | {"success": False}), "result.success"),
        (spoken("failed", OUTCOMES["failed"] | {"success": True}), "result.success"),
        (spoken("completed", OUTCOMES["completed"] | {"success": True}), "result.success"),
        (spoken("completed", {"completion": False, "duration": "PT1S"}), "result.completion"),
        (spoken("passed", OUTCOMES["passed"] | {"completion": True}), "result.completion"),
        (spoken(cmi5.WAIVED, {"success": True, "extensions": {REASON: "Tested Out"}}), "result.completion"),
        (spoken("completed", OUTCOMES["completed"] | {"score": {"scaled": 1}}), "result.score"),
        (spoken("terminated", OUTCOMES["terminated"] | {"score": {"scaled": 1}}), "result.score"),
        (spoken("failed", OUTCOMES["failed"] | {"score": {"scaled": -0.1}}), "result.score.scaled"),
        (spoken("passed", OUTCOMES["passed"] | {"score": {"raw": 5, "max": 10}}), "result.score.raw"),
        (spoken("passed", OUTCOMES["passed"] | {"score": {"scaled": 0.74}}), "result.score.scaled"),
        (spoken("failed", OUTCOMES["failed"] | {"score": {"scaled": 0.75}}), "result.score.scaled"),
        (spoken("passed", mastery=1.5), "context.extensions.masteryscore"),
        (spoken("passed", mastery=0.12345), "context.extensions.masteryscore"),
        (spoken(cmi5.WAIVED, {"success": True, "completion": True}), "result.extensions.reason"),
        (
            spoken(cmi5.WAIVED, OUTCOMES[cmi5.WAIVED] | {"extensions": {REASON: "I know it all"}}),
            "result.extensions.reason",
        ),
    ],
)
def test_what_breaks_a_rule_is_malformed(given: dict[str, Any], field: str):
    assert fault_of(given) == field


def test_the_rules_are_for_those_who_say_that_they_keep_them():
    assert fault_of(spoken("passed", {"success": False}) | {"context": {}}) == ""


def test_a_mark_names_its_attempt_by_registration():
    passed, failed = said(spoken("passed"), spoken("failed", id=other(2)))
    assert isinstance(passed, ResultReported)
    assert (passed.data.component, passed.data.score, passed.data.attempt) == ("unit", 0.82, f"{REGISTRATION}/passed")
    assert failed.data.attempt == f"{REGISTRATION}/failed"


def test_what_is_waived_is_recognised_and_no_pass():
    (event,) = said(spoken(cmi5.WAIVED))
    assert isinstance(event, LearningRecognised)
    assert (event.data.offering, event.data.component, event.data.reason) == (OFFERING, "unit", "Tested Out")
    (event,) = said(spoken(cmi5.WAIVED, object={"id": COURSE}))
    assert (event.data.offering, event.data.component) == (OFFERING, None)
    assert said(statement(cmi5.WAIVED, AU)) == []


@pytest.mark.parametrize("verb", ["completed", "launched", "terminated", "https://w3id.org/xapi/adl/verbs/satisfied"])
def test_neither_completed_nor_satisfied_is_evidence(verb: str):
    assert said(spoken(verb)) == []


def other(number: int) -> str:
    return f"6f2c3e1a-5b1d-4f0a-9a51-{number:012d}"
