"""Asking the services: batches in order, refusals by index, patience while one is away, and waiting for stillness."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import httpx
import pytest

from deploy.cli.analytics import read_funnel, read_total
from deploy.cli.client import Http
from deploy.cli.demo_data.generate import generate
from deploy.cli.enrolment import HttpSender
from deploy.cli.errors import RequestRefused, Unreachable, Unsettled
from deploy.cli.funnel import Difference, Stages, by_offering, differences, total
from deploy.cli.issuance import verify_credential
from deploy.cli.lags import Behind, unread
from deploy.cli.publishing.rows import Fault
from deploy.cli.settling import QUIET, Watched, settle
from deploy.cli.topics import drift
from shared.contracts.enrolment import OfferingPublished
from shared.kit.lags import Lag
from shared.kit.topics_admin import all_topics

Answer = Callable[[httpx.Request], httpx.Response]


def http(answer: Answer, slept: list[float] | None = None) -> Http:
    sleep = slept.append if slept is not None else (lambda _: None)
    return Http("enrolment", "http://service", "a-token", transport=httpx.MockTransport(answer), sleep=sleep)


class Enrolment:
    """Takes everything and remembers the requests; refuses results of this event id."""

    def __init__(self, refuses: str = "") -> None:
        self.requests: list[tuple[str, str, object]] = []
        self._refuses = refuses

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"] == "Bearer a-token"
        body = json.loads(request.content)
        self.requests.append((request.method, request.url.path, body))
        if request.method == "PUT":
            return httpx.Response(202, json={})
        refused = [
            {"index": index, "field": "data.score", "reason": "too high"}
            for index, event in enumerate(body)
            if event["id"] == self._refuses
        ]
        return httpx.Response(202, json={"accepted": len(body) - len(refused), "refused": refused})


def test_events_and_offerings_are_sent_in_their_order() -> None:
    events = generate(30, 3, "demo").events
    service = Enrolment()

    assert HttpSender(http(service)).send(events) == {}
    sent: list[str] = []
    for method, path, body in service.requests:
        if method == "PUT":
            sent.append(path.removeprefix("/v1/offerings/"))
        else:
            assert isinstance(body, list)
            sent += [event["id"] for event in body]

    assert sent == [each.data.offering if isinstance(each, OfferingPublished) else each.id for each in events]


def test_a_refused_event_is_told_by_its_index_among_all() -> None:
    events = generate(30, 3, "demo").events
    ids = [event.id for event in events]
    last = max(index for index, each in enumerate(ids) if ids.count(each) == 1)

    refused = HttpSender(http(Enrolment(refuses=events[last].id))).send(events)

    assert refused == {last: Fault("data.score", "too high")}


def test_a_batch_of_which_nothing_was_taken_is_refused_one_by_one() -> None:
    events = generate(1, 3, "demo").events[-2:]
    refused = [{"index": index, "field": "tenant", "reason": "not yours"} for index in range(2)]
    sender = HttpSender(http(lambda _: httpx.Response(422, json={"detail": "none of 2", "refused": refused})))

    assert sender.send(events) == {0: Fault("tenant", "not yours"), 1: Fault("tenant", "not yours")}


def test_an_answer_that_accounts_for_no_event_is_not_taken_for_success() -> None:
    events = generate(1, 3, "demo").events[-2:]

    with pytest.raises(RequestRefused, match="422"):
        HttpSender(http(lambda _: httpx.Response(422, json={"detail": "something else"}))).send(events)


def test_a_service_that_is_away_for_a_moment_is_asked_again() -> None:
    answers: Iterator[httpx.ConnectError | httpx.Response] = iter(
        [httpx.ConnectError("refused"), httpx.Response(503, json={"detail": "stopping"}), httpx.Response(200)]
    )

    def answer(_: httpx.Request) -> httpx.Response:
        each = next(answers)
        if isinstance(each, httpx.ConnectError):
            raise each
        return each

    slept: list[float] = []

    assert http(answer, slept).call("GET", "/").is_success
    assert len(slept) == 2


def test_patience_ends_with_where_and_why() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("connection refused")

    with pytest.raises(Unreachable, match=r"http://service \(connection refused\).*microcred up"):
        http(answer).call("GET", "/")


def test_a_refusal_says_what_the_problem_document_says() -> None:
    with pytest.raises(RequestRefused, match=r"403 .The token lacks the scope read.*with the scope"):
        http(lambda _: httpx.Response(403, json={"detail": "The token lacks the scope read"})).call("GET", "/")


COUNTS = {"enrolled": 5, "assessed": 4, "passed": 3, "issued": 3, "left": 1}


def test_the_funnel_is_read_by_offering_and_month() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        by = request.url.params["by"]
        keys = ["a/b"] if by == "offering" else ["2025-01", "2025-02"]
        assert by == "offering" or request.url.params["offering"] == "a/b"
        rows = [{"key": key, "counts": COUNTS} for key in keys]
        return httpx.Response(200, json={"total": {"counts": COUNTS}, "rows": rows})

    stages = Stages(5, 4, 3, 3, 1)

    assert read_funnel(http(answer)) == {("a/b", "2025-01"): stages, ("a/b", "2025-02"): stages}
    assert read_total(http(answer)) == stages


def test_a_verdict_keeps_every_step() -> None:
    steps = [{"step": "proof", "outcome": "failed", "words": "It was changed."}]
    verdict = verify_credential(
        http(lambda _: httpx.Response(200, json={"verified": False, "steps": steps})), {"id": "x"}
    )

    assert (verdict.verified, verdict.steps) == (False, (("proof", "failed", "It was changed."),))


def test_what_is_wrapped_for_vc_api_is_taken_out_and_its_problems_are_told() -> None:
    sent: list[object] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content))
        problem = {"code": "revoked", "detail": "Its issuer revoked it.", "type": "x", "title": "x"}
        return httpx.Response(200, json={"verified": False, "problemDetails": [problem]})

    verdict = verify_credential(http(answer), {"verifiableCredential": "a.b.c"})
    verify_credential(http(answer), {"verifiableCredential": {"id": "x"}})

    assert verdict.steps == (("revoked", "failed", "Its issuer revoked it."),)
    assert sent == [{"verifiableCredential": "a.b.c"}, {"id": "x"}]


def test_differences_name_cohort_stage_and_both_figures() -> None:
    expected = {("a", "2025-01"): Stages(2, 1), ("a", "2025-02"): Stages(1)}
    found = {("a", "2025-01"): Stages(2, 2), ("b", "2025-01"): Stages(1)}

    assert differences(expected, expected) == []
    assert differences(expected, found) == [
        Difference(("a", "2025-01"), "assessed", 1, 2),
        Difference(("a", "2025-02"), "enrolled", 1, 0),
        Difference(("b", "2025-01"), "enrolled", 0, 1),
    ]
    assert by_offering(expected) == {"a": Stages(3, 1)}
    assert total(expected) == Stages(3, 1)


class Pipeline:
    """Shows one look after the other, the last one for ever; time goes by a second at each."""

    def __init__(self, *looks: tuple[int, int]) -> None:
        self._looks = list(looks)
        self.seen = 0

    @property
    def _look(self) -> tuple[int, int]:
        return self._looks[min(self.seen, len(self._looks) - 1)]

    def watched(self) -> Watched:
        return Watched(
            lambda: [Behind("assessment", "enrolled", self._look[1])], lambda: Stages(self._look[0]), lambda: None
        )

    def sleep(self, _: float) -> None:
        self.seen += 1

    def clock(self) -> float:
        return float(self.seen)

    def settle(self, patience_s: float = 100) -> int:
        settle(self.watched(), patience_s, clock=self.clock, sleep=self.sleep)
        return self.seen


def test_settled_is_when_nobody_is_behind_and_nothing_changes() -> None:
    assert Pipeline((5, 9), (5, 9), (5, 9), (5, 9), (5, 9), (7, 0), (8, 0), (8, 0)).settle() >= 9


def test_what_does_not_become_what_is_wanted_is_waited_for_longer() -> None:
    pipeline = Pipeline((5, 0))
    watched = replace(pipeline.watched(), wanted=lambda total: total == Stages(6))

    settle(watched, 100, clock=pipeline.clock, sleep=pipeline.sleep)

    assert pipeline.seen == QUIET


def test_a_funnel_that_never_rests_is_told_with_what_is_behind() -> None:
    with pytest.raises(Unsettled, match=r"assessment 3 behind on enrolled.*--patience"):
        Pipeline((5, 3)).settle(10)


def test_waiting_ends_at_once_when_something_died() -> None:
    def dead() -> None:
        raise ConnectionError("a service died")

    with pytest.raises(ConnectionError):
        settle(Watched(list, Stages, dead), 10, sleep=lambda _: None)


def test_lag_counts_what_was_never_committed() -> None:
    def rows() -> Iterator[Lag]:
        yield Lag("enrolled", 0, None, 5)
        yield Lag("enrolled", 1, 7, 9)
        yield Lag("enrolled", 2, 9, 9)

    assert unread(rows()) == 7


def test_drift_names_missing_topics_and_other_partition_counts() -> None:
    right = dict.fromkeys((f"x.{name}" for name in all_topics()), 12)
    wrong = {**right, "x.enrolled": 6}
    del wrong["x.issued"]

    assert drift(right, "x.", 12) == []
    assert [line.split(" ")[0] for line in drift(wrong, "x.", 12)] == ["x.enrolled", "x.issued"]
