"""Folding twice changes nothing, and in whatever order facts come the same credentials stand."""

from collections.abc import Sequence
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from services.issuance.domain import Award
from services.issuance.passes import Entry, Offering
from services.issuance.store import AWARDS, OFFERINGS
from shared.contracts.assessment import LearnerPassed, PassWithdrawn
from shared.contracts.envelope import LearnerEvent
from shared.kit.bindings import Folded
from tests.unit.issuance.builders import ISSUING, arrived, award, beside, offering, passed, published, withdrawn

OFFERING = offering()
FACTS: list[LearnerEvent] = [*map(passed, range(1, 4)), *map(withdrawn, range(1, 4)), arrived()]
facts = st.lists(st.sampled_from(FACTS), max_size=12)


def fold(state: Award, event: LearnerEvent, known: Offering | None, offset: int) -> Folded[Award]:
    aside = beside(known, offset)
    if isinstance(event, LearnerPassed):
        return ISSUING.passed(state, event, aside)
    if isinstance(event, PassWithdrawn):
        return ISSUING.withdrawn(state, event, aside)
    return ISSUING.arrived(state, arrived(), aside)


def fold_all(events: Sequence[LearnerEvent], known_from: int = 0) -> tuple[Award, list[Any]]:
    state = award()
    says: list[Any] = []
    for offset, event in enumerate(events):
        folded = fold(state, event, OFFERING if offset >= known_from else None, offset)
        state = folded.state
        says += folded.says
    return state, says


def standing(state: Award) -> set[str]:
    return {one.pass_id for one in state.credentials if not one.revoked} | {one.id for one in state.held}


@settings(max_examples=60)
@given(facts, st.sampled_from(FACTS), st.integers(0, 12))
def test_an_event_folded_twice_is_folded_once(events: list[LearnerEvent], event: LearnerEvent, known: int) -> None:
    before, _ = fold_all([*events, event], known)

    again = fold(before, event, OFFERING if len(events) >= known else None, 99)

    assert again.state is before
    assert again.says == ()


@settings(max_examples=60)
@given(
    st.sets(st.sampled_from(FACTS[:6])).flatmap(lambda some: st.permutations(sorted(some, key=lambda e: e.id))),
    st.integers(0, 6),
)
def test_the_order_of_facts_does_not_matter(events: list[LearnerEvent], known: int) -> None:
    passes = {event.id for event in events if isinstance(event, LearnerPassed)}
    lost = {event.data.pass_id for event in events if isinstance(event, PassWithdrawn)}

    state, says = fold_all([*events, arrived()], known)

    assert standing(state) == passes - lost
    announced = [one.data.credential_id for one in says if one.TYPE == "microcred.credential.issued.v1"]
    revoked = [one.data.credential_id for one in says if one.TYPE == "microcred.credential.revoked.v1"]
    assert sorted(announced) == sorted(one.credential_id for one in state.credentials)
    assert sorted(revoked) == sorted(one.credential_id for one in state.credentials if one.revoked)
    places = [(one.status_list, one.status_index) for one in state.credentials]
    assert len(set(places)) == len(places)


@settings(max_examples=60)
@given(facts, st.integers(0, 12))
def test_an_award_survives_the_database(events: list[LearnerEvent], known: int) -> None:
    state, _ = fold_all(events, known)

    assert AWARDS.load({"_id": state.key, **AWARDS.dump(state)}) == state


@given(st.permutations([0, 1, 2]))
def test_the_latest_publication_stands(order: list[int]) -> None:
    versions = [published(name=f"version {number}").model_copy(update={"id": f"event-{number}"}) for number in range(3)]
    state: Offering | None = None
    for number in [*order, order[0]]:
        state = ISSUING.offering_published(state, versions[number]).state

    assert state is not None
    assert state.name == "version 2"
    assert ISSUING.offering_published(state, versions[2]).state is state
    assert OFFERINGS.load({"_id": "ou/AAA/2014J", **OFFERINGS.dump(state)}) == state


def test_a_credential_is_a_function_of_its_causes() -> None:
    first, second = (fold_all([passed()])[0].credentials[0] for _ in range(2))

    assert first == second
    assert orjson.loads(first.document)["proof"][0]["created"] == "2026-03-02T10:30:00Z"


@settings(max_examples=60)
@given(st.permutations(FACTS[:3]), st.integers(0, 3))
def test_an_offering_that_is_known_late_makes_the_same_credentials(events: list[LearnerEvent], known: int) -> None:
    """Also at the same entries of the same lists: a rebuild, which reads all offerings first, must make them again."""
    late, _ = fold_all([*events, arrived()], known)
    early, _ = fold_all(events)

    assert kept(late) == kept(early)


def kept(state: Award) -> dict[str, tuple[Entry, bytes]]:
    return {one.credential_id: (one.entry, one.document) for one in state.credentials}


@given(st.permutations(FACTS[:3]))
def test_what_a_held_pass_is_kept_with_comes_back(events: list[LearnerEvent]) -> None:
    state, _ = fold_all(events, known_from=len(events))

    again = AWARDS.load(AWARDS.dump(state))

    assert [one.entry for one in again.held] == [one.entry for one in state.held] != [None] * len(events)
