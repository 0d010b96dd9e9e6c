"""What may be used once is used once: by whoever was first on the log, however often it is told."""

from hypothesis import given
from hypothesis import strategies as st

from services.issuance.interfaces.uses import MOST_TRIES, USES, Uses, tried
from shared.contracts.once import Use, UseTried

TRIES = st.lists(st.tuples(st.integers(0, 8), st.booleans()), max_size=20)


def event(attempt: int, allowed: bool) -> UseTried:  # noqa: FBT001
    return UseTried.model_validate(
        {
            "id": f"use-{attempt}-{allowed}",
            "source": "test",
            "time": "2026-03-02T09:30:00Z",
            "tenant": "ou",
            "data": Use(once="code", attempt=f"{attempt}-{allowed}", allowed=allowed),
        }
    )


def folded(tries: list[tuple[int, bool]]) -> list[Uses]:
    states = [Uses()]
    for one in tries:
        states.append(tried(states[-1], event(*one)).state)
    return states


@given(TRIES)
def test_the_first_that_is_allowed_has_it_and_nobody_after(tries: list[tuple[int, bool]]) -> None:
    winners = [state.winner for state in folded(tries) if state.winner]

    assert len(set(winners)) <= 1
    vain: list[int] = []
    expected = ""
    for attempt, allowed in tries:
        if allowed and not expected and len(vain) < MOST_TRIES:
            expected = f"{attempt}-True"
        elif not allowed and not expected and attempt not in vain and len(vain) < MOST_TRIES:
            vain.append(attempt)
    assert folded(tries)[-1].winner == expected


@given(TRIES)
def test_a_try_that_is_told_again_changes_nothing(tries: list[tuple[int, bool]]) -> None:
    state = folded(tries)[-1]

    for one in tries:
        again = tried(state, event(*one))
        assert again.says == ()
        if state.settled or f"{one[0]}-{one[1]}" in (state.winner, *state.refused):
            assert again.state is state


@given(TRIES)
def test_it_is_kept_as_it_is(tries: list[tuple[int, bool]]) -> None:
    state = folded(tries)[-1]

    assert USES.load(USES.dump(state)) == state
