"""The generator: the same seed gives the same run, and the truth agrees with a second, naive reckoning."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.cli.demo_data.courses import courses
from deploy.cli.demo_data.generate import Run, generate
from deploy.cli.demo_data.stories import Attempt, Membership, Story
from deploy.cli.demo_data.truth import expected_funnel
from deploy.cli.funnel import Funnel, Stages, total
from shared.contracts.enrolment import OfferingPublished
from shared.contracts.envelope import LearnerEvent
from shared.contracts.platform import LearnerRegistered, LearnerUnregistered, ResultReported, ResultVoided
from shared.contracts.policy import Component, Policy

SEED = 11
CHOOSE: dict[str, Callable[[list[Fraction]], Fraction]] = {
    "best": max,
    "last": lambda scores: scores[-1],
    "mean": statistics.mean,
}


def naive_funnel(run: Run) -> Funnel:
    """Recompute the funnel from the delivered events alone, once each, with other means than the truth's."""
    events = {event.id: event for event in run.events}.values()
    policies = {event.data.offering: event.data.policy for event in events if isinstance(event, OfferingPublished)}
    journeys: dict[tuple[str, str], list[LearnerEvent]] = defaultdict(list)
    for event in events:
        if isinstance(event, LearnerEvent):
            journeys[event.learner_ref, event.data.offering].append(event)
    funnel: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for (_, offering), happened in journeys.items():
        joined = [event.time for event in happened if isinstance(event, LearnerRegistered)]
        if not joined:
            continue
        row = funnel[offering, f"{min(joined):%Y-%m}"]
        moves = [event for event in happened if isinstance(event, (LearnerRegistered, LearnerUnregistered))]
        here = isinstance(max(moves, key=lambda event: (event.time, event.id)), LearnerRegistered)
        marked = _marked(happened)
        row["enrolled"] += 1
        row["left"] += not here
        here_marked = {event.data.component for event in marked if not event.data.carried_over}
        policy = policies[offering]
        row["assessed"] += bool(here_marked)
        tried = any(part.weight and part.id in here_marked for part in policy.components)
        row["passed"] += here and tried and _grade(marked, policy) >= policy.pass_mark
    return {
        cohort: Stages(row["enrolled"], row["assessed"], row["passed"], row["passed"], row["left"])
        for cohort, row in funnel.items()
    }


def _marked(happened: list[LearnerEvent]) -> list[ResultReported]:
    void = {event.data.result_id for event in happened if isinstance(event, ResultVoided)}
    results = [event for event in happened if isinstance(event, ResultReported) and event.id not in void]
    return sorted(
        (event for event in results if event.data.score is not None), key=lambda event: (event.time, event.id)
    )


def _grade(marked: list[ResultReported], policy: Policy) -> Fraction:
    choose = CHOOSE[policy.attempts]
    worth = Fraction(0)
    for part in policy.components:
        own, brought = (
            [
                Fraction(event.data.score or 0) / Fraction(event.data.max_score) * 100
                for event in marked
                if event.data.component == part.id and event.data.carried_over is carried_over
            ]
            for carried_over in (False, True)
        )
        worth += Fraction(part.weight) * (choose(own) if own else max(brought, default=Fraction(0)))
    return worth / sum(Fraction(part.weight) for part in policy.components)


def test_the_same_seed_gives_the_same_events_in_the_same_order_and_the_same_truth() -> None:
    first, second = generate(60, SEED, "demo"), generate(60, SEED, "demo")

    assert [event.encode() for event in first.events] == [event.encode() for event in second.events]
    assert first.truth == second.truth


def test_another_seed_gives_other_learners() -> None:
    assert generate(60, SEED, "demo").truth != generate(60, SEED + 1, "demo").truth


@settings(max_examples=25)
@given(learners=st.integers(1, 40), seed=st.integers(0, 10_000))
def test_the_truth_agrees_with_a_naive_reckoning_of_what_is_delivered(learners: int, seed: int) -> None:
    run = generate(learners, seed, "demo")

    assert naive_funnel(run) == run.truth


def test_a_run_has_all_that_makes_real_data_awkward() -> None:
    run = generate(1_500, SEED, "demo")
    kinds = Counter(type(event) for event in run.events)
    scores = [event.data.score for event in run.events if isinstance(event, ResultReported)]
    place: dict[str, int] = {}
    for index, event in enumerate(run.events):
        place.setdefault(event.id, index)

    assert len(place) < len(run.events), "duplicates"
    assert None in scores, "missing scores"
    assert kinds[LearnerUnregistered] > 0, "withdrawals"
    assert _joined_again(run), "re-registrations"
    assert _tried_again(run), "resits"
    assert any(
        place[event.id] < place[event.data.result_id] for event in run.events if isinstance(event, ResultVoided)
    ), "voided before the result arrives"
    assert _results_before(run, place, LearnerRegistered), "results before the enrolment"
    assert _results_before(run, place, OfferingPublished), "results before the offering"
    assert {course.offering.policy.attempts for course in courses()} == {"best", "last", "mean"}


def _joined_again(run: Run) -> bool:
    joined = {
        (event.id, event.learner_ref, event.data.offering)
        for event in run.events
        if isinstance(event, LearnerRegistered)
    }
    return max(Counter(journey[1:] for journey in joined).values()) > 1


def _tried_again(run: Run) -> bool:
    tries = {
        (e.id, e.learner_ref, e.data.offering, e.data.component) for e in run.events if isinstance(e, ResultReported)
    }
    return max(Counter(each[1:] for each in tries).values()) > 1


def _results_before(run: Run, place: dict[str, int], kind: type[LearnerRegistered | OfferingPublished]) -> bool:
    def about(event: object) -> tuple[str, str]:
        learner = event.learner_ref if kind is LearnerRegistered else ""  # type: ignore[attr-defined]
        return learner, event.data.offering  # type: ignore[attr-defined]

    first = {about(event): place[event.id] for event in reversed(run.events) if isinstance(event, kind)}
    return any(place[event.id] < first[about(event)] for event in run.events if isinstance(event, ResultReported))


def test_all_of_it_lies_in_the_past() -> None:
    now = datetime.now(UTC)

    assert all(event.time < now for event in generate(300, SEED, "demo").events)


def test_every_stage_and_several_cohorts_are_reached() -> None:
    truth = generate(300, SEED, "demo").truth
    reached = total(truth)

    assert reached.enrolled > reached.assessed > reached.passed > 0
    assert reached.left > 0
    assert len({month for _, month in truth}) > 2


DAY = datetime(2025, 3, 1, tzinfo=UTC)
POLICY = {
    kind: Policy(
        components=(Component(id="a", weight=Decimal(40)), Component(id="b", weight=Decimal(60))),
        pass_mark=Decimal(60),
        attempts=kind,
    )
    for kind in ("best", "last", "mean")
}


def _story(*scores: float | None, joined: tuple[bool, ...] = (True,)) -> Story:
    attempts = [Attempt(f"a{n}", "a", DAY + timedelta(days=n), score) for n, score in enumerate(scores)]
    attempts.append(Attempt("b", "b", DAY, 60.0))
    moves = tuple(Membership(f"m{n}", DAY + timedelta(days=n), way) for n, way in enumerate(joined))
    return Story("learner", "course", moves, tuple(attempts))


def test_best_last_and_mean_attempts_decide_differently() -> None:
    story = _story(80.0, 30.0, None)

    passed = {kind: total(expected_funnel([story], {"course": POLICY[kind]})).passed for kind in POLICY}

    assert passed == {"best": 1, "last": 0, "mean": 0}


def test_who_left_keeps_what_was_assessed_and_loses_the_pass() -> None:
    truth = expected_funnel([_story(90.0, joined=(True, False))], {"course": POLICY["best"]})

    assert truth == {("course", "2025-03"): Stages(enrolled=1, assessed=1, passed=0, issued=0, left=1)}


def test_who_came_back_passes_and_counts_once() -> None:
    truth = expected_funnel([_story(90.0, joined=(True, False, True))], {"course": POLICY["best"]})

    assert truth == {("course", "2025-03"): Stages(enrolled=1, assessed=1, passed=1, issued=1, left=0)}


def test_what_was_carried_over_is_recognised_and_alone_neither_assesses_nor_passes() -> None:
    brought = [Attempt(name, name, DAY, 90.0, carried_over=True) for name in ("a", "b")]
    own = Attempt("a1", "a", DAY, 20.0)
    joined = (Membership("m0", DAY, True),)

    told = [
        total(expected_funnel([Story("learner", "course", joined, attempts)], {"course": POLICY["best"]}))
        for attempts in (tuple(brought), (*brought, own))
    ]

    # A mark of one's own comes first, also a bad one: 20 of 40 and 90 of 60 are 62.
    assert told == [Stages(1, 0, 0, 0, 0), Stages(1, 1, 1, 1, 0)]


def test_without_an_offering_nobody_is_assessed() -> None:
    assert total(expected_funnel([_story(90.0)], {})) == Stages(enrolled=1)


def test_who_only_ever_left_is_in_no_cohort() -> None:
    assert expected_funnel([_story(90.0, joined=(False,))], {"course": POLICY["best"]}) == {}
