"""One account has one reference, two accounts have two, and nobody can tell which without the secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from services.enrolment.door.identity import Identities, other_names
from services.enrolment.platforms.door import Account
from shared.contracts.envelope import LearnerRef
from shared.contracts.wire import MalformedEvent

SECRET = b"a secret of an installation, long enough"
HERE = Identities(SECRET)
#: Few characters, so that what one field ends with is often what the next one begins with.
TEXTS = st.text("ab/\x00|\x01", min_size=1, max_size=6) | st.text(st.characters(codec=None), min_size=1, max_size=300)
HOMES = TEXTS.filter(lambda home: bool(home.rstrip("/")))
PEOPLE = st.tuples(st.sampled_from(["ou", "ou-2"]), st.builds(Account, HOMES, TEXTS))


def same(one: tuple[str, Account], other: tuple[str, Account]) -> bool:
    return (one[0], one[1].home.rstrip("/"), one[1].name) == (other[0], other[1].home.rstrip("/"), other[1].name)


@given(PEOPLE, PEOPLE)
def test_two_accounts_share_a_reference_only_if_they_are_one(one: tuple[str, Account], other: tuple[str, Account]):
    assert (HERE.learner_ref(*one) == HERE.learner_ref(*other)) == same(one, other)


@given(PEOPLE)
def test_a_reference_fits_the_contract_and_says_nothing(person: tuple[str, Account]):
    ref = HERE.learner_ref(*person)
    assert TypeAdapter(LearnerRef).validate_python(ref) == ref
    assert len(ref) == 36
    assert Identities(SECRET).learner_ref(*person) == ref
    assert Identities(SECRET + b"2").learner_ref(*person) != ref


@given(st.text("ab", min_size=1), st.text("ab", min_size=1))
def test_no_other_split_of_the_same_characters_is_the_same_account(home: str, name: str):
    whole = HERE.learner_ref("ou", Account(home, name))
    for cut in range(1, len(home + name)):
        moved = Account((home + name)[:cut], (home + name)[cut:])
        assert (HERE.learner_ref("ou", moved) == whole) == (moved == (home, name))


def test_homes_that_an_institution_names_as_one_give_one_reference():
    homes = {"ou": {"https://lms.example/": ["openedx/lms/web", "https://studio.example"]}}
    here = Identities(SECRET, homes)
    refs = {
        here.learner_ref("ou", Account(home, "4711"))
        for home in ("https://lms.example", "openedx/lms/web", "https://studio.example/")
    }
    assert refs == {HERE.learner_ref("ou", Account("https://lms.example", "4711"))}
    elsewhere = {here.learner_ref("ou-2", Account(home, "4711")) for home in ("https://lms.example", "openedx/lms/web")}
    assert len(elsewhere) == 2
    assert not refs & elsewhere


@pytest.mark.parametrize("homes", [{"ou": {"a": ["b"], "b": ["c"]}}, {"ou": {"a": ["c"], "b": ["c/"]}}])
def test_homes_that_are_named_twice_are_refused(homes: dict[str, dict[str, list[str]]]):
    with pytest.raises(ValueError, match="named twice"):
        other_names(homes)


@pytest.mark.parametrize("account", [Account("", "4711"), Account("/", "4711"), Account("https://lms.example", "")])
def test_an_account_that_would_be_everybody_is_refused(account: Account):
    with pytest.raises(MalformedEvent, match="account: the learner's account has no"):
        HERE.learner_ref("ou", account)
