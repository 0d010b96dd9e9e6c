"""Whatever an offering says, a check answers, alike every time, and its counts add up."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services.enrolment.frameworks.checking import checked
from services.enrolment.frameworks.rules import rule_sets
from shared.contracts.achievement import Achievement, Alignment, Credits, Level, Outcome
from shared.contracts.enrolment import Offering
from shared.contracts.examples.offering import DEFINITION, LEARNING, STANDING, TERMS
from tests.contract.strategies import TITLES

QUARTERS = st.integers(1, 400).map(lambda number: number / 4)
SKILLS = st.builds(
    Alignment,
    target_name=TITLES,
    target_url=st.sampled_from(["http://data.europa.eu/esco/skill/x", "https://a.example/", "https://o.example/1"]),
    target_framework=st.sampled_from([None, "ESCO", "O*NET", "Ours"]),
    target_code=st.none() | TITLES,
)
ACHIEVEMENTS = st.builds(
    Achievement,
    name=TITLES,
    description=TITLES,
    criteria=TITLES,
    alignments=st.lists(SKILLS, max_size=3).map(tuple),
    outcomes=st.lists(st.builds(Outcome, id=st.sampled_from("abc"), title=TITLES), max_size=1).map(tuple),
    credits=st.none() | st.builds(Credits, available=QUARTERS, unit=st.sampled_from(["ECTS", "UK", "NZ"]) | TITLES),
    notional_hours=st.none() | st.floats(0.01, 10_000),
    level=st.none() | st.builds(Level, level=st.sampled_from("12345678")),
)
OFFERINGS = st.builds(
    Offering,
    offering=st.just("x"),
    achievement=ACHIEVEMENTS,
    issuer=st.just(DEFINITION.issuer),
    policy=st.just(DEFINITION.policy),
    learning=st.sampled_from([None, LEARNING, LEARNING.model_copy(update={"assessing": None, "effort": None})]),
    standing=st.sampled_from([None, STANDING, STANDING.model_copy(update={"listing": None, "level_applies": False})]),
    terms=st.sampled_from([None, TERMS]),
)


@given(OFFERINGS)
@settings(max_examples=200)
def test_a_check_always_answers_and_its_counts_add_up(offering: Offering) -> None:
    result = checked(offering, rule_sets().values())
    assert result == checked(offering, rule_sets().values())
    for each in result.completeness:
        assert each.said + each.at_award + each.not_applicable + len(each.missing) == each.of
    for finding in result.findings:
        assert finding.found
        assert finding.path
        assert not any(found.path.startswith("facts.") for found in finding.found)
    sizes = [(size.unit, size.via) for size in result.sizes]
    assert len(set(sizes)) == len(sizes)
