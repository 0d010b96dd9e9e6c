"""The life of a credential: the facts decide, however the two topics that they stand on are mixed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from services.issuance.domain import Award, Effect, Kind
from services.issuance.handlers import Issuing
from services.issuance.marks import bits, facts
from services.issuance.news import DECIDED
from services.issuance.store import AWARDS
from shared.contracts.assessment import LearnerPassed, PassWithdrawn
from shared.contracts.envelope import LearnerEvent
from shared.kit.bindings import Folded, Place
from tests.unit.issuance.builders import KEYS, NAMES, ORDER, award, beside, decision, offering, passed, withdrawn

OFFERING = offering()
PASSED, DECISIONS = "passed", "decisions"
Told = tuple[LearnerEvent, Place]

effects = st.sampled_from(["revoke", "suspend", "keep"])
on_passed = st.lists(st.sampled_from([*map(passed, (1, 2)), *map(withdrawn, (1, 2))]), max_size=5)
kinds: st.SearchStrategy[Kind] = st.sampled_from(sorted(DECIDED))
one = st.tuples(kinds, st.integers(1, 2), st.sampled_from([None, 51.5, 99.0]))
on_decisions = st.lists(one, max_size=8)


def told(topic: str, events: Sequence[LearnerEvent]) -> list[Told]:
    """Return events with the places where they stand: those are the same however topics are mixed."""
    return [(event, Place(topic, 3, offset)) for offset, event in enumerate(events)]


def decided(made: Sequence[tuple[Kind, int, float | None]]) -> list[LearnerEvent]:
    """Return decisions, a minute apart."""
    return [
        decision(kind, number, minutes=minute, **({"grade_percent": grade} if kind == "correct" and grade else {}))
        for minute, (kind, number, grade) in enumerate(made)
    ]


def fold(issuing: Issuing, state: Award, each: Told) -> Folded[Award]:
    event, place = each
    aside = beside(OFFERING)._replace(place=place)
    if isinstance(event, LearnerPassed):
        return issuing.passed(state, event, aside)
    if isinstance(event, PassWithdrawn):
        return issuing.withdrawn(state, event, aside)
    return issuing.decided(state, event, aside)  # type: ignore[arg-type]  # nothing else is told


def fold_all(issuing: Issuing, events: Sequence[Told]) -> tuple[Award, list[LearnerEvent]]:
    state, says = award(), list[Any]()
    for each in events:
        folded = fold(issuing, state, each)
        state = folded.state
        says += folded.says
    return state, says


def shown(state: Award) -> dict[str, Any]:
    """Return what anybody can see of the credentials that are not revoked, and which ones are."""
    standing = {
        one.credential_id: (one.status, one.valid_from, one.valid_until, one.entry, one.replaced, one.document)
        for one in state.credentials
        if not one.revoked
    }
    return standing | {one.id: "held" for one in state.held}


@st.composite
def mixed_twice(draw: st.DrawFn) -> tuple[list[Told], list[Told]]:
    """Draw two topics, each in one order, mixed in two ways."""
    topics = [told(PASSED, draw(on_passed)), told(DECISIONS, decided(draw(on_decisions)))]
    turns = [0] * len(topics[0]) + [1] * len(topics[1])
    ways = []
    for _ in range(2):
        rest = [iter(topic) for topic in topics]
        ways.append([next(rest[turn]) for turn in draw(st.permutations(turns))])
    return ways[0], ways[1]


@settings(max_examples=120)
@given(mixed_twice(), effects)
def test_what_stands_does_not_depend_on_how_the_topics_are_mixed(ways: tuple[Any, Any], effect: Effect) -> None:
    issuing = Issuing(KEYS, NAMES, ORDER, effect)

    (first, _), (second, _) = (fold_all(issuing, way) for way in ways)

    assert shown(first) == shown(second)


@settings(max_examples=120)
@given(mixed_twice(), effects)
def test_a_fact_folded_twice_is_folded_once(ways: tuple[Any, Any], effect: Effect) -> None:
    issuing = Issuing(KEYS, NAMES, ORDER, effect)
    state, _ = fold_all(issuing, ways[0])

    for event, place in ways[0]:
        again = fold(issuing, state, (event, place._replace(offset=99)))
        assert again.state is state
        assert again.says == ()


@settings(max_examples=120)
@given(mixed_twice(), effects)
def test_what_is_said_adds_up_to_what_stands(ways: tuple[Any, Any], effect: Effect) -> None:
    state, says = fold_all(Issuing(KEYS, NAMES, ORDER, effect), ways[0])
    status: dict[str, str] = {}
    for event in says:
        kind = event.TYPE.removeprefix("microcred.credential.").removesuffix(".v1")
        if kind in {"issued", "reinstated"}:
            assert status.get(event.data.credential_id) == (None if kind == "issued" else "suspended")
            status[event.data.credential_id] = "active"
        elif kind in {"revoked", "suspended"}:
            assert status[event.data.credential_id] not in {"revoked", kind}
            status[event.data.credential_id] = kind

    assert status == {one.credential_id: one.status for one in state.credentials}
    assert max(Counter(event.id for event in says).values(), default=1) == 1


@settings(max_examples=60)
@given(mixed_twice(), effects)
def test_an_award_with_decisions_survives_the_database(ways: tuple[Any, Any], effect: Effect) -> None:
    state, _ = fold_all(Issuing(KEYS, NAMES, ORDER, effect), ways[0])

    assert AWARDS.load({"_id": state.key, **AWARDS.dump(state)}) == state


@settings(max_examples=120)
@given(mixed_twice(), effects)
def test_whoever_counts_changes_misses_none(ways: tuple[Any, Any], effect: Effect) -> None:
    issuing, state = Issuing(KEYS, NAMES, ORDER, effect), award()
    for each in ways[0]:
        before, state = state, fold(issuing, state, each).state
        was, now = (Counter(facts(one)) for one in (before, state))
        assert all(now[key] >= was[key] for key in was)
        lists_changed = {dict(bucket)["list"] for bucket, _ in set(bits(before)) ^ set(bits(state))}
        lists_counted = {dict(bucket)["list"] for bucket, _ in now if now[bucket, "facts"] > was[bucket, "facts"]}
        assert lists_changed <= lists_counted


def test_a_correction_is_newer_under_the_same_id_and_what_it_replaced_is_revoked() -> None:
    issuing = Issuing(KEYS, NAMES, ORDER)
    events = [passed(), decision("correct", grade_percent=61.5), decision("renew", minutes=1)]

    before, _ = fold_all(issuing, told(PASSED, events[:1]))
    after, says = fold_all(issuing, told(PASSED, events))

    [old], [new] = before.credentials, after.credentials
    was, now = orjson.loads(old.document), orjson.loads(new.document)
    assert was["id"] == now["id"]
    assert was["validFrom"] < now["validFrom"] == "2026-03-03T05:31:00Z"
    assert now["credentialSubject"]["result"][0]["value"] == "61.5"
    assert was["credentialStatus"]["id"] != now["credentialStatus"]["id"]
    assert [dict(bucket)["index"] for bucket, _ in bits(after)] == [was["credentialStatus"]["statusListIndex"]]
    assert [each.TYPE.split(".")[2] for each in says] == ["issued", "corrected", "renewed"]


def test_a_credential_is_awarded_again_after_it_was_revoked() -> None:
    issuing = Issuing(KEYS, NAMES, ORDER)
    state, says = fold_all(
        issuing, told(PASSED, [passed(), decision("revoke"), decision("reaward"), decision("reaward", minutes=1)])
    )

    old, new = state.credentials
    assert (old.status, new.status) == ("revoked", "active")
    assert (old.pass_id, new.pass_id) == ("pass-1", "pass-1")
    assert [each.TYPE.split(".")[2] for each in says] == ["issued", "revoked", "issued"]
    assert replace(new, entry=old.entry) != new
