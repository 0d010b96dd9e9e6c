"""xAPI statements as canonical events: what each verb means, which numbers count, whose they are, what is malformed."""

import hashlib
from typing import Any

import orjson
import pytest
import tincan

from services.enrolment.door.translation import sort_out
from services.enrolment.platforms.door import Place
from services.enrolment.platforms.xapi import events as xapi
from services.enrolment.xapi.statements import XAPI
from shared.contracts.platform import LearnerRegistered, LearnerUnregistered, ResultReported, VerdictReported
from shared.contracts.wire import ContractError
from tests.unit.enrolment import facts
from tests.unit.enrolment.spoken import (
    ADL,
    COURSE,
    EXAM,
    LEARNER,
    LMS,
    OFFERING,
    TINCAN,
    Book,
    fault_of,
    ref,
    said,
    scored,
    sender,
    statement,
    translated,
)

IN_COURSE = {"definition": {"type": "http://adlnet.gov/expapi/activities/course"}}


def of_course(verb: str, **changed: Any) -> dict[str, Any]:
    return statement(verb, object={"id": COURSE, **IN_COURSE}, **changed)


def test_a_mark_is_told_with_what_makes_it_one():
    (event,) = said(statement("scored", **scored(0.82, raw=12.3, min=0, max=15)))
    assert isinstance(event, ResultReported)
    assert (event.tenant, event.platform, event.learner_ref) == ("ou", "lms-1", ref())
    assert (event.data.offering, event.data.component) == (OFFERING, "exam")
    assert (event.data.score, event.data.max_score, event.data.final) == (0.82, 1.0, True)
    assert event.time.isoformat() == "2026-03-02T09:31:00.123456+00:00"
    assert event.id == xapi.event_id("6f2c3e1a-5b1d-4f0a-9a51-2f6a4e6b8c11", EXAM)


@pytest.mark.parametrize(
    ("score", "mark"),
    [
        ({"scaled": 0.82}, (0.82, 1.0)),
        ({"scaled": 1}, (1.0, 1.0)),
        ({"scaled": -0.2}, (0.0, 1.0)),
        ({"scaled": 0.5, "raw": 90, "min": 0, "max": 100}, (0.5, 1.0)),
        ({"raw": 12.3, "min": 0, "max": 15}, (12.3, 15.0)),
        ({"raw": 12.3, "max": 15}, (12.3, 15.0)),
        ({"raw": 0.3, "min": 0.1, "max": 1.1}, (0.2, 1.0)),
        ({"raw": -5, "min": -10, "max": 10}, (5.0, 20.0)),
        ({"raw": 3e6, "max": 4e6}, (0.75, 1.0)),
        ({"raw": 7}, (None, 1.0)),
        ({"raw": 0, "min": 0, "max": 0, "scaled": 0}, (None, 1.0)),
        ({}, (None, 1.0)),
    ],
)
def test_scaled_counts_and_raw_counts_from_its_minimum(score: dict[str, float], mark: tuple[float | None, float]):
    (event,) = said(statement("scored", result={"score": score}))
    assert (event.data.score, event.data.max_score) == mark


@pytest.mark.parametrize(
    ("score", "field"),
    [
        ({"scaled": 1.1}, "0.result.score.scaled"),
        ({"scaled": -1.1}, "0.result.score.scaled"),
        ({"raw": 16, "max": 15}, "0.result.score.raw"),
        ({"raw": -1, "min": 0, "max": 15}, "0.result.score.raw"),
        ({"raw": 5, "min": 15, "max": 10}, "0.result.score.max"),
        ({"raw": 5, "min": 5, "max": 5}, "0.result.score.max"),
        ({"raw": "many"}, "0.result.score.raw"),
    ],
)
def test_numbers_that_contradict_each_other_are_malformed(score: dict[str, Any], field: str):
    assert fault_of([statement("scored", result={"score": score})]) == field


@pytest.mark.parametrize(
    ("given", "kinds"),
    [
        (of_course("registered"), [LearnerRegistered]),
        (of_course(TINCAN + "unregistered"), [LearnerUnregistered]),
        (of_course("passed"), [VerdictReported]),
        (of_course("passed", **scored(0.9)), [ResultReported, VerdictReported]),
        (statement("passed", **scored(0.9)), [ResultReported]),
        (statement("failed", **scored(0.1)), [ResultReported]),
        (statement("completed", **scored(0.9)), [ResultReported]),
        (statement("completed", result={"completion": True, "success": True}), []),
        (of_course("completed", result={"completion": True}), []),
        *((statement(verb), []) for verb in ("attempted", "initialized", "terminated", "progressed", "answered")),
        (statement("https://example.org/verbs/danced"), []),
        (statement("scored", object={"objectType": "Agent", "mbox": "mailto:a@example.org"}, **scored(1)), []),
    ],
)
def test_each_verb_means_what_it_means_and_completed_is_not_passed(given: dict[str, Any], kinds: list[type]):
    events = said(given)
    assert [type(event) for event in events] == kinds
    assert len({event.id for event in events}) == len(events)


def test_a_verdict_says_which():
    assert [event.data.passed for event in said(of_course("passed"), of_course("failed", id=other(1)))] == [True, False]


@pytest.mark.parametrize("verb", ["passed", "failed", "scored"])
def test_what_is_about_a_part_counts_by_its_mark_and_says_nothing_without(verb: str):
    with pytest.raises(ContractError, match="score"):
        said(statement(verb, result={"success": verb == "passed"}))


def test_the_type_may_be_left_out_of_a_course():
    (event,) = said(statement("passed", target=COURSE))
    assert (event.data.offering, event.data.passed) == (OFFERING, True)


def test_an_activity_that_several_courses_share_is_told_apart_by_the_course_around_it():
    book = Book(shared={(EXAM, "https://a.example"): Place("one", "x"), (EXAM, "https://b.example"): Place("two", "y")})
    for around in ("parent", "grouping"):
        for given in ([{"id": "https://z.example"}, {"id": "https://b.example"}], {"id": "https://b.example"}):
            context = {"contextActivities": {around: given}}
            (event,) = said(statement("scored", **scored(1), context=context), book=book)
            assert (event.data.offering, event.data.component) == ("two", "y")


def other(number: int) -> str:
    return f"6f2c3e1a-5b1d-4f0a-9a51-{number:012d}"


def test_who_is_named_is_named_to_the_vault_only():
    actor = {"name": "Aroha T", "mbox": "mailto:aroha@example.org"}
    (done,) = translated(statement("scored", **scored(1), actor=actor))
    (event,) = done.events
    assert done.people == {event.learner_ref: {"name": "Aroha T", "email": "aroha@example.org"}}
    assert not any(word in event.encode().lower() for word in (b"aroha", b"example.org"))


def test_an_address_and_its_digest_are_one_learner():
    digest = hashlib.sha1(b"mailto:aroha@example.org", usedforsecurity=False).hexdigest()
    actors: list[dict[str, Any]] = [
        {"mbox": "mailto:aroha@example.org"},
        {"mbox_sha1sum": digest},
        {"mbox_sha1sum": digest.upper()},
        {"openid": "https://id.example.org/aroha"},
        {"account": {"homePage": LMS, "name": LEARNER}},
    ]
    given = [statement("scored", **scored(1), id=other(n), actor=actor) for n, actor in enumerate(actors)]
    refs = [event.learner_ref for event in said(*given)]
    assert refs[0] == refs[1] == refs[2]
    assert len(set(refs)) == 3


def test_a_group_is_no_learner():
    with pytest.raises(ContractError, match="no single learner"):
        said(statement("scored", **scored(1), actor={"objectType": "Group", "member": []}))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": "one"}, "id"),
        ({"version": "2.0"}, "version"),
        ({"actor": {}}, "actor"),
        ({"actor": {"mbox": "mailto:a@b.c", "openid": "https://id.example"}}, "actor"),
        ({"actor": {"mbox": "aroha@example.org"}}, "actor.mbox"),
        ({"actor": {"mbox_sha1sum": "beef"}}, "actor.mbox_sha1sum"),
        ({"actor": {"objectType": "Person", "openid": "https://id.example"}}, "actor.objectType"),
        ({"actor": {"account": {"homePage": LMS}}}, "actor.account.name"),
        ({"verb": {}}, "verb.id"),
        ({"verb": {"id": "scored"}}, "verb.id"),
        ({"object": {"id": "final"}}, "object.id"),
        ({"object": None}, "object"),
        ({"timestamp": "yesterday"}, "timestamp"),
        ({"context": {"registration": "1e2d"}}, "context.registration"),
        ({"result": {"success": "yes"}}, "result.success"),
        ({"verb": {"id": xapi.VOIDED}}, "object"),
        ({"verb": {"id": xapi.VOIDED}, "object": {"objectType": "StatementRef", "id": "x"}}, "object"),
    ],
)
def test_what_is_malformed_names_its_field_and_in_a_batch_its_place(change: dict[str, Any], field: str):
    bad = statement("scored", **scored(1)) | change
    assert fault_of(bad) == field
    assert fault_of([statement("scored", **scored(1)), bad | {"id": bad["id"] if field == "id" else other(1)}]) == (
        f"1.{field}"
    )


@pytest.mark.parametrize("body", [b"", b"7", b'"text"', b"null", b"[[]]", b"[1]", b"{", b"\xff"])
def test_what_is_no_statement_is_malformed(body: bytes):
    with pytest.raises(ContractError):
        xapi.statements(body)


def test_two_things_under_one_id_are_malformed_and_one_thing_twice_is_not():
    given = statement("scored", **scored(1))
    assert len({event.id for event in said(given, given)}) == 1
    assert fault_of([given, given | scored(0.5)]) == "1.id"
    assert fault_of([given, given | {"object": {"id": COURSE}}]) == "1.id"


def test_what_no_offering_is_delivered_by_is_refused_and_stops_nothing():
    given = [
        statement("scored", "https://lms.example.org/other", id=other(1), **scored(1)),
        statement("scored", **scored(1)),
    ]
    items, _ = xapi.statements(orjson.dumps(given))
    done = sort_out(items, XAPI, sender(), facts.at(60 * 24 * 30))
    assert [(each.index, each.id, each.field) for each in done.refused] == [(0, other(1), "activity")]
    assert len(done.events) == 1


def test_a_void_names_what_must_not_count():
    void = statement("voided", id=other(2), object={"objectType": "StatementRef", "id": other(1).upper()})
    (found,), _ = xapi.statements(orjson.dumps([void]))
    assert xapi.voided(found) is not None
    assert xapi.voided(found)[:2] == (other(1), other(2))  # type: ignore[index]
    assert said(void) == []


def test_statements_of_another_program_mean_the_same():
    agent = tincan.Agent(account=tincan.AgentAccount(name=LEARNER, home_page=LMS))
    made = tincan.Statement(
        id=other(7),
        actor=agent,
        verb=tincan.Verb(id=ADL + "passed", display=tincan.LanguageMap({"en": "passed"})),
        object=tincan.Activity(id=EXAM, definition=tincan.ActivityDefinition(name=tincan.LanguageMap({"en": "Exam"}))),
        result=tincan.Result(score=tincan.Score(scaled=0.82, raw=12.3, min=0, max=15), success=True),
        context=tincan.Context(registration=other(8)),
        timestamp="2026-03-02T09:31:00.123456+00:00",
    )
    voiding = tincan.Statement(
        actor=agent, verb=tincan.Verb(id=xapi.VOIDED), object=tincan.StatementRef(id=other(7)), id=other(9)
    )
    bodies = [orjson.loads(each.to_json(tincan.Version.latest)) for each in (made, voiding)]
    (event,) = said(*bodies[:1])
    assert (event.learner_ref, event.data.score, event.id) == (ref(), 0.82, xapi.event_id(other(7), EXAM))
    bodies[1]["timestamp"] = "2026-03-02T09:32:00Z"
    (found,), _ = xapi.statements(orjson.dumps(bodies[1:]))
    assert xapi.voided(found).statement == other(7)  # type: ignore[union-attr]
