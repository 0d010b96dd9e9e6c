"""Annex I of the European Council's recommendation, trap by trap."""

from typing import Any

from services.enrolment.frameworks.checking import Checked, checked
from services.enrolment.frameworks.rules import rule_sets
from shared.contracts.examples.offering import DEFINITION
from tests.unit.enrolment.frameworks.definitions import held, rules_of


def annex(result: Checked, group: str) -> Any:
    return next(each for each in result.completeness if each.group == group)


def test_the_annex_counts_eleven_mandatory_elements_and_names_where_the_missing_ones_belong() -> None:
    mandatory = annex(held("eu-annex-i@2022"), "mandatory")
    assert (mandatory.of, mandatory.said, mandatory.at_award, mandatory.not_applicable) == (11, 2, 2, 0)
    missing = {each.rule.partition("/")[2]: (each.path, each.elm) for each in mandatory.missing}
    assert set(missing) == {"M3", "M6", "M7", "M8", "M9", "M10", "M11"}
    assert missing["M8"] == ("achievement.level", "credentialSubject.hasClaim.specifiedBy.eqfLevel")
    assert missing["M11"] == ("standing.quality", "credentialSubject.hasClaim.specifiedBy.accreditation")


def test_a_level_is_asked_for_only_where_one_applies() -> None:
    mandatory = annex(held("eu-annex-i@2022", standing={"level_applies": False}), "mandatory")
    assert mandatory.not_applicable == 1
    assert "M8" not in {each.rule.partition("/")[2] for each in mandatory.missing}
    assert "M8" in rules_of(held("eu-annex-i@2022", standing={"level_applies": True}), "required")


def test_advertised_effort_is_no_workload_of_the_annex() -> None:
    learning = {"effort": {"hours": 60}}
    assert "M7" in rules_of(held("eu-annex-i@2022", learning=learning), "required")
    assert "M7" not in rules_of(held("eu-annex-i@2022", achievement={"notional_hours": 60}))
    assert "M7-ects" in rules_of(held("eu-annex-i@2022", achievement={"notional_hours": 60}), "recommended")


def test_the_whole_example_is_complete_but_for_what_only_an_award_has() -> None:
    result = checked(DEFINITION, [rule_sets()["eu-annex-i@2022"]])
    assert [(each.of, each.said, each.at_award, each.missing) for each in result.completeness] == [
        (11, 9, 2, ()),
        (5, 4, 1, ()),
    ]


def test_optional_elements_are_notes() -> None:
    result = held("eu-annex-i@2022")
    assert {"O1", "O2", "O4", "O5"} <= rules_of(result, "note")
