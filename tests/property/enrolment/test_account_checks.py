"""Checks of who holds an account: in any order the latest stands, and who is linked has it, too."""

import asyncio
from datetime import datetime
from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.enrolment.learners.identity import IDENTITIES, account_key, identity_checked
from shared.contracts.platform import IdentityChecked
from shared.kit.moments import microseconds
from tests.property.enrolment.test_links import ONE, OTHER, linked, lived
from tests.unit.enrolment import facts as a


def checked(id_: str, minute: int, *, verified: bool = True, expires: datetime | None = None) -> IdentityChecked:
    data = {"attempt": f"idv/{id_}", "verified": verified, "expires": expires}
    return IdentityChecked.model_validate(a.envelope(id_, minute, learner_ref=OTHER, data=data))


@st.composite
def checks(draw: st.DrawFn) -> list[IdentityChecked]:
    ends = st.none() | st.integers(10, 20).map(a.at)
    return [
        checked(f"c{number}", draw(st.integers(0, 3)), verified=draw(st.booleans()), expires=draw(ends))
        for number in range(draw(st.integers(1, 5)))
    ]


@given(checks(), st.randoms(use_true_random=False))
def test_the_latest_check_stands_in_any_order_and_any_number_of_times(told: list[IdentityChecked], chance: Any) -> None:
    state = IDENTITIES.new(f"ou/{OTHER}")
    for event in chance.choices(told, k=2) + chance.sample(told, len(told)):
        folded = identity_checked(state, event)
        assert identity_checked(folded.state, event).state is folded.state
        state = IDENTITIES.load({"_id": "", **IDENTITIES.dump(folded.state)})
        assert state == folded.state
    latest = max(told, key=lambda each: (each.time, each.id))
    assert state.check is not None
    assert (state.check.event_id, state.check.verified) == (latest.id, latest.data.verified)
    assert state.check.until == latest.data.expires


def test_an_id_that_is_told_again_with_another_end_says_nothing_new() -> None:
    for first, second in permutations([checked("c", 1), checked("c", 1, expires=a.at(10))]):
        state = identity_checked(IDENTITIES.new(f"ou/{OTHER}"), first).state
        assert identity_checked(state, second).state is state


def test_a_check_of_an_attempt_is_about_no_account() -> None:
    about = checked("c", 1)
    assert account_key(about) == f"ou/{OTHER}"
    assert account_key(about.model_copy(update={"data": about.data.model_copy(update={"offering": "o"})})) is None


def test_a_linked_learner_has_the_check_of_the_other_account() -> None:
    until = a.at(500_000)
    world = asyncio.run(lived([checked("before", 1, expires=until), linked(20)], {0, 1}))
    (held,) = [
        IDENTITIES.load(each)
        for each in world.stores["enrolment"].collections[IDENTITIES.collection].values()
        if each["learner_ref"] == ONE
    ]
    assert held.check is not None
    assert (held.check.event_id, held.check.expires) == ("before", microseconds(until))
