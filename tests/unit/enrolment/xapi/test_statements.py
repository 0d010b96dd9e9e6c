"""A void takes back whatever a statement became, whichever of both comes first."""

from itertools import permutations
from typing import Any

import bson
import pytest

from services.enrolment.platforms.xapi.events import event_id
from services.enrolment.stream import worker
from services.enrolment.xapi.voids import (
    MAX_SAID,
    STATEMENTS,
    Statement,
    statement_key,
    statement_said,
    statement_voided,
)
from shared.contracts.fanout import StatementVoided
from shared.contracts.platform import ResultReported, ResultVoided, VerdictReported
from shared.contracts.topics import ENROLMENT_VOIDS, PLATFORM_EVENTS
from shared.contracts.wire import decode
from shared.kit.chunk import commit
from shared.kit.errors import RecordRefused
from shared.kit.ledger import Batch, Record
from shared.testing.memory import MemoryStore
from tests.unit.enrolment import facts as a

UUID = "6f2c3e1a-5b1d-4f0a-9a51-000000000001"
KEY = f"{a.TENANT}/{UUID}"
LMS = "https://lms.example.org"


def result(target: str = "https://lms.example.org/exam", **changed: Any) -> ResultReported:
    data = {"offering": a.OFFERING, "component": "exam", "score": 1}
    return ResultReported.model_validate(a.envelope(event_id(UUID, target), **{"data": data, **changed}))


def void(id_: str = "v1", minute: int = 5, platform: str | None = None) -> StatementVoided:
    told = a.envelope(id_, minute, data={"statement": UUID}, platform=platform)
    del told["learner_ref"]
    return StatementVoided.model_validate(told)


def fold(*events: Any) -> tuple[Statement, list[ResultVoided]]:
    state = Statement.new(KEY)
    said: list[Any] = []
    for event in events:
        handler = statement_voided if isinstance(event, StatementVoided) else statement_said
        folded = handler(state, event)
        again = handler(folded.state, event)
        assert (again.state, again.says) == (folded.state, ()), "folding an event id twice did something"
        state = STATEMENTS.load(bson.decode(bson.encode(STATEMENTS.dump(folded.state))))
        assert state == folded.state
        said.extend(folded.says)
    return state, said


def test_a_void_after_its_target_takes_the_result_back():
    _, (said,) = fold(result(), void())
    assert (said.learner_ref, said.tenant, said.data.offering) == (a.LEARNER, a.TENANT, a.OFFERING)
    assert said.data.result_id == result().id


def test_a_void_before_its_target_waits_for_it():
    _, nothing = fold(void())
    assert nothing == []
    assert fold(void(), result()) == fold(result(), void())


def test_a_second_void_says_nothing_new():
    _, said = fold(result(), void(), void("v2", 3), void("v3", 9))
    assert len(said) == 1
    assert fold(void("v2", 3), void())[0] == fold(void(), void("v2", 3))[0]


@pytest.mark.parametrize(
    ("said_by", "voided_by", "counts"),
    [("a", "a", True), ("a", "b", False), ("a", None, True), (None, "b", False), (None, None, True)],
)
def test_a_platform_voids_what_it_said_itself(said_by: str | None, voided_by: str | None, *, counts: bool):
    events = [result(platform=said_by), void(platform=voided_by)]
    for order in (events, events[::-1]):
        assert len(fold(*order)[1]) == counts


def test_a_strangers_void_does_not_stand_in_the_way_of_the_platforms_own():
    events = [result(platform="a"), void("v1", 1, "b"), void("v2", 9, "a"), result(f"{LMS}/other", platform="b")]
    for order in permutations(events):
        assert {each.data.result_id for each in fold(*order)[1]} == {result().id, result(f"{LMS}/other").id}
        assert fold(*order)[0] == fold(*events)[0]


def test_statements_and_voids_that_were_stored_without_a_platform_are_read():
    stored = {"_id": KEY, "tenant": a.TENANT, "statement": UUID}
    said = [result().id, a.LEARNER, a.OFFERING]
    voidable = STATEMENTS.load({**stored, "said": [said]})
    assert len(statement_voided(voidable, void(platform="b")).says) == 1
    voided = STATEMENTS.load({**stored, "said": [said], "void": [1, "v"]})
    assert len(statement_said(voided, result(f"{LMS}/other", platform="b")).says) == 1
    assert statement_voided(voided, void(platform="b")).says == ()


def test_a_statement_that_became_several_events_loses_them_all():
    verdict = VerdictReported.model_validate(
        a.envelope(f"{result().id}/verdict", data={"offering": a.OFFERING, "passed": True})
    )
    _, said = fold(result(), verdict, void(), result("https://lms.example.org/other"))
    assert {each.data.result_id for each in said} == {
        result().id,
        f"{result().id}/verdict",
        result("https://lms.example.org/other").id,
    }
    assert len({each.id for each in said}) == 3


def test_only_what_statements_became_is_kept_for_a_void():
    assert statement_key(result()) == KEY == void().key
    assert statement_key(ResultReported.model_validate(a.envelope("r1", data=result().data.model_dump()))) is None
    assert STATEMENTS in worker.models


def test_a_statement_that_becomes_more_and_more_is_refused():
    state = Statement.new(KEY)
    for number in range(MAX_SAID):
        state = statement_said(state, result(f"https://lms.example.org/{number}")).state
    with pytest.raises(RecordRefused):
        statement_said(state, result())


async def test_the_worker_holds_voids_and_statements_against_each_other():
    store = MemoryStore()
    other = ResultReported.model_validate(a.envelope("r1", data=result().data.model_dump()))
    voids = Batch(ENROLMENT_VOIDS.name, "voids", 3, 0, [Record(0, 0, b"k", void().encode())])
    facts = [Record(place, 0, b"k", event.encode()) for place, event in enumerate((other, result()))]
    await commit(worker, [voids], store)
    committed = await commit(worker, [Batch(PLATFORM_EVENTS.name, "events", 0, 0, facts)], store)
    assert set(store.collections[STATEMENTS.collection]) == {KEY}
    (said,) = [decode(PLATFORM_EVENTS, each.value) for each in committed.says]
    assert isinstance(said, ResultVoided)
    assert (said.learner_ref, said.data.result_id) == (a.LEARNER, result().id)
