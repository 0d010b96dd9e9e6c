"""One mark is one attempt, over whichever routes it comes, however often, and in whatever order."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.enrolment.platforms.canonical import canonical
from services.enrolment.platforms.canvas.events import canvas
from services.enrolment.platforms.lti_ags import lti_ags, score
from services.enrolment.platforms.webhook import secret_of, verify
from shared.contracts.envelope import LearnerEvent
from shared.contracts.platform import STANDING_MARK, ResultReported
from shared.contracts.wire import ContractError
from tests.unit.enrolment import facts as a
from tests.unit.enrolment.platforms.registry import SECRET, signed
from tests.unit.enrolment.platforms.test_canvas import live
from tests.unit.enrolment.platforms.test_lti_ags import BODY
from tests.unit.enrolment.platforms.town import EXAM, ISSUER, OFFERING, sender

Key = tuple[str, str, str, str | None]


def by_tool(at: datetime, points: float) -> tuple[LearnerEvent, ...]:
    return score(
        BODY | {"timestamp": at.isoformat(), "scoreGiven": points, "scoreMaximum": 100}, sender(), EXAM, ISSUER
    ).events


def by_relay(at: datetime, points: float) -> tuple[LearnerEvent, ...]:
    posted = BODY | {"timestamp": at.isoformat(), "scoreGiven": points, "scoreMaximum": 100}
    return lti_ags({"lineItem": "https://lms.example.org/items/7", "issuer": ISSUER, "score": posted}, sender()).events


def by_canvas(at: datetime, points: float) -> tuple[LearnerEvent, ...]:
    return canvas(live("grade_change", metadata={"event_time": at.isoformat()}, score=points), sender()).events


def by_webhook(at: datetime, points: float) -> tuple[LearnerEvent, ...]:
    result = {"offering": OFFERING, "component": "exam", "attempt": STANDING_MARK, "score": points, "max_score": 100}
    body = orjson.dumps(
        {
            "specversion": "1.0",
            "id": f"hook-{at.isoformat()}-{points:g}",
            "source": "https://lms.example.org",
            "type": ResultReported.TYPE,
            "time": at.isoformat(),
            "learnerref": "aroha",
            "data": result,
        }
    )
    verify(signed(body, at, SECRET), body, [secret_of(SECRET)], at)
    return (canonical(orjson.loads(body), tenant="ou", platform="an-lms"),)


ROUTES = [by_tool, by_relay, by_canvas, by_webhook]
WORDS = st.tuples(st.sampled_from(ROUTES), st.integers(0, 5), st.integers(0, 100))


def standing(events: Iterable[LearnerEvent]) -> dict[Key, Any]:
    """What stands of each attempt, as the contract says: the latest word by time, then id; an id counts once."""
    latest: dict[Key, ResultReported] = {}
    for event in events:
        assert isinstance(event, ResultReported)
        key = (event.learner_ref, event.data.offering, event.data.component, event.data.attempt)
        known = latest.get(key)
        if known is None or (event.time, event.id) > (known.time, known.id):
            latest[key] = event
    return latest


def test_the_same_pass_over_every_route_is_one_attempt() -> None:
    events = [event for route in ROUTES for event in route(a.at(0), 82)]
    assert list(standing(events)) == [("aroha", OFFERING, "exam", STANDING_MARK)]
    assert {(event.data.score, event.data.final) for event in events} == {(82, True)}
    assert len({event.id for event in events}) == 3  # a score that is passed on is the score that was posted


@given(st.lists(WORDS, min_size=1, max_size=8), st.data())
@settings(max_examples=200)
def test_any_order_and_any_repetition_end_in_the_same_mark(
    words: list[tuple[Any, int, int]], data: st.DataObject
) -> None:
    said = [event for route, second, points in words for event in route(a.START + timedelta(seconds=second), points)]
    sent = data.draw(st.permutations([*said, *data.draw(st.lists(st.sampled_from(said), max_size=4))]))
    assert standing(sent) == standing(said)
    assert len(standing(said)) == 1


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 100)), min_size=1, max_size=6), st.data())
@settings(max_examples=200)
def test_scores_that_come_out_of_order_do_not_put_back_what_came_later(
    posted: list[tuple[int, int]], data: st.DataObject
) -> None:
    said = [event for second, points in posted for event in by_tool(a.START + timedelta(seconds=second), points)]
    (stands,) = standing(data.draw(st.permutations(said))).values()
    assert stands.time == max(event.time for event in said)
    assert stands == next(iter(standing(said).values()))


MEMBERS = st.sampled_from(["userId", "metadata", "body", "score", "timestamp", "event_name", "user_id", "lineItem"])
JUNK = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MEMBERS, inner, max_size=4),
    max_leaves=12,
)


@given(JUNK)
@settings(max_examples=200)
def test_whatever_is_sent_it_is_refused_with_its_field(raw: Any) -> None:
    for translate in (canvas, lti_ags, lambda body, of: score(body, of, EXAM, ISSUER)):
        with pytest.raises(ContractError) as refused:
            translate(raw, sender())
        assert refused.value.field
