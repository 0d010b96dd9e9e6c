"""What platforms say, in any order and repeated, over one route or several, ends in the same grade and in one pass."""

from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from services.enrolment.door.speaker import Speaker
from services.enrolment.platforms.caliper import events as caliper
from services.enrolment.platforms.door import Place, Sender
from services.enrolment.platforms.xapi import cmi5
from services.enrolment.platforms.xapi import events as xapi
from services.enrolment.xapi.statements import voidings, whole_statements
from services.enrolment.xapi.voids import Statement, statement_key, statement_said, statement_voided
from shared.contracts.envelope import Event
from shared.contracts.fanout import StatementVoided
from shared.contracts.platform import ResultReported
from tests.unit.assessment import facts as a
from tests.unit.enrolment.spoken import EXAM, Book, envelope, graded, scored, statement
from tests.unit.enrolment.xapi.test_cmi5 import OUTCOMES, spoken

BOOK = Book({}, {EXAM: Place(a.OFFERING, "exam"), "https://lms.example.org/au/77": Place(a.OFFERING, "exam")})
SENDER = Sender(a.TENANT, "lms-1", BOOK, lambda _: a.LEARNER)
SPEAKER = Speaker(a.TENANT)


def id_of(number: int) -> str:
    return f"6f2c3e1a-5b1d-4f0a-9a51-{number:012d}"


def at(minute: int) -> str:
    return f"2026-03-02T09:{minute:02d}:00Z"


def events_of(*said: dict[str, Any]) -> list[Event]:
    """Return the events of statements and Caliper events; of statements that void, their voids."""
    events: list[Event] = []
    for each in said:
        if "eventTime" in each:
            (piece,) = caliper.pieces(orjson.dumps(envelope(each)))
            events.extend(caliper.translate(piece, SENDER).events)
        else:
            found, _ = xapi.statements(orjson.dumps(each))
            events.extend(xapi.translate(found[0], SENDER).events)
            events.extend(voidings(found, SPEAKER, a.at(60 * 24 * 30)))
    return events


def voided(events: list[Event]) -> list[Event]:
    """Return the events with what enrolment says of those that are voided, as its worker folds them."""
    states: dict[str, Statement] = {}
    told: list[Event] = []
    for event in events:
        if isinstance(event, StatementVoided):
            folded = statement_voided(states.get(event.key) or Statement.new(event.key), event)
        elif isinstance(event, ResultReported) and (key := statement_key(event)) is not None:
            folded = statement_said(states.get(key) or Statement.new(key), event)
            told.append(event)
        else:
            told.append(event)
            continue
        states[event.key if isinstance(event, StatementVoided) else str(key)] = folded.state
        told.extend(folded.says)
    return told


def learner(*events: Event) -> a.Learner:
    return a.Learner().fold(a.offering(mark="75"), *events)


@st.composite
def deliveries(draw: st.DrawFn, said: list[dict[str, Any]]) -> list[Event]:
    """Return the events of what was said, and that the learner enrolled, in any order and some of it again."""
    events = [a.enrolled(), *events_of(*said)]
    again = draw(st.lists(st.sampled_from(events), max_size=4))
    return draw(st.permutations([*events, *again]))


CMI5 = [
    spoken("failed", id=id_of(1), timestamp=at(1)),
    spoken("failed", OUTCOMES["failed"] | {"score": {"scaled": 0.6}}, id=id_of(2), timestamp=at(2)),
    spoken("passed", id=id_of(3), timestamp=at(3)),
    spoken("completed", id=id_of(4), timestamp=at(4)),
]
BROKEN = [
    *CMI5,
    spoken("passed", id=id_of(5), timestamp=at(5)),
    spoken("failed", OUTCOMES["failed"] | {"score": {"scaled": 0.1}}, id=id_of(6), timestamp=at(6)),
]


@given(deliveries(CMI5))
@settings(max_examples=100)
def test_a_unit_that_is_passed_at_last_is_passed_whatever_the_order(events: list[Event]) -> None:
    assert len(learner(*events).outstanding) == 1


@given(deliveries(BROKEN))
@settings(max_examples=100)
def test_what_fails_after_it_passed_does_not_undo_the_pass(events: list[Event]) -> None:
    assert len(learner(*events).outstanding) == 1


@given(deliveries([spoken(cmi5.WAIVED, id=id_of(1)), spoken("https://w3id.org/xapi/adl/verbs/satisfied", id=id_of(2))]))
@settings(max_examples=50)
def test_neither_waived_nor_satisfied_is_a_mark(events: list[Event]) -> None:
    assert not any(isinstance(event, ResultReported) for event in events)


@given(
    deliveries(
        [
            statement("scored", id=id_of(1), **scored(0.82)),
            statement("passed", id=id_of(2), **scored(0.82)),
            graded(generated={"id": "s", "type": "Score", "scoreGiven": 82, "maxScore": 100}),
        ]
    )
)
@settings(max_examples=100)
def test_the_same_mark_over_several_routes_is_one_pass(events: list[Event]) -> None:
    ended = learner(*events)
    assert len(ended.outstanding) == 1
    assert len({event.id for event in ended.passes}) == len(ended.passes)


VOID = statement("voided", id=id_of(9), object={"objectType": "StatementRef", "id": id_of(1)})


@given(deliveries([statement("scored", id=id_of(1), **scored(0.9)), VOID]))
@settings(max_examples=100)
def test_a_voided_mark_counts_for_nothing_whichever_came_first(events: list[Event]) -> None:
    assert learner(*voided(events)).outstanding == []


@given(
    deliveries(
        [
            statement("scored", id=id_of(1), **scored(0.9)),
            statement("scored", id=id_of(2), **scored(0.8)),
            VOID,
            statement("voided", id=id_of(8), object={"objectType": "StatementRef", "id": id_of(9)}),
        ]
    )
)
@settings(max_examples=100)
def test_a_void_cannot_be_voided_and_touches_its_target_alone(events: list[Event]) -> None:
    ended = learner(*voided(events))
    assert len(ended.outstanding) == 1
    assert {event.data.result_id for event in ended.assessed} >= {xapi.event_id(id_of(2), EXAM)}


@given(deliveries([statement("scored", id=id_of(1), **scored(-0.4))]))
@settings(max_examples=20)
def test_less_than_nothing_passes_nobody(events: list[Event]) -> None:
    assert learner(*events).outstanding == []


STRANGE = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*statement("scored"), *graded(), "result", "context"]), STRANGE, max_size=4))
@settings(max_examples=300)
def test_whatever_is_sent_is_an_event_or_a_fault_with_its_field(changed: dict[str, Any]) -> None:
    for given_, read in ((statement("scored", **scored(1)), _one_statement), (graded(), _one_piece)):
        try:
            read(orjson.dumps(given_ | changed))
        except ValueError as error:
            assert getattr(error, "field", "")  # noqa: PT017
        except TypeError:  # a number that JSON, as we write it here, does not hold
            continue


def _one_statement(body: bytes) -> None:
    (found,), _ = whole_statements(body, SPEAKER, a.at(0))
    xapi.translate(found, SENDER)


def _one_piece(body: bytes) -> None:
    (piece,) = caliper.pieces(b'{"sensor":"s","sendTime":"t","dataVersion":"%b","data":[%b]}' % (V1P2, body))
    caliper.translate(piece, SENDER)


V1P2 = b"http://purl.imsglobal.org/ctx/caliper/v1p2"
