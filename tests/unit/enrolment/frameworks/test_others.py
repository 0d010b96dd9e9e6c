"""The other frameworks, and identifiers of skills, trap by trap."""

from typing import Any

import pytest

from tests.unit.enrolment.frameworks.definitions import finding, held, nz, rules_of


@pytest.mark.parametrize("hours", [1, 5, 30, 10_000])
def test_where_no_framework_sets_a_size_none_is_found(hours: float) -> None:
    achievement = {"notional_hours": hours, "credits": {"available": 60, "unit": "UK"}, "level": {"level": "5"}}
    for version in ("unesco@2022", "qaa@2022", "ecampusontario@2020", "malaysia@2022", "eu-annex-i@2022"):
        result = held(version, achievement=achievement)
        assert not {each.path for each in result.findings} & {"achievement.notional_hours"}, version
    assert "NMF-volume" not in rules_of(held("australia@2021", achievement=achievement))


@pytest.mark.parametrize(("kind", "found"), [("MasterDegree", True), ("Diploma", True), ("MicroCredential", False)])
def test_qaa_and_australia_do_not_expect_a_whole_award(kind: str, *, found: bool) -> None:
    achievement = {"achievement_type": kind, "credits": {"available": 180, "unit": "UK"}, "level": {"level": "7"}}
    assert ("QAA-less-than-award" in rules_of(held("qaa@2022", achievement=achievement), "recommended")) is found
    assert ("NMF-less-than-award" in rules_of(held("australia@2021", achievement=achievement), "recommended")) is found


def test_qaa_expects_nothing_of_an_offering_that_names_no_type() -> None:
    assert "QAA-less-than-award" not in rules_of(held("qaa@2022"))


def test_australia_wants_an_hour_and_a_statement_of_whoever_is_not_regulated() -> None:
    assert "NMF-volume" in rules_of(held("australia@2021", achievement={"notional_hours": 0.5}))
    assert "NMF-statement" in rules_of(held("australia@2021", standing={"provider_regulated": False}))
    assert "NMF-statement" not in rules_of(held("australia@2021", standing={"provider_regulated": True}))
    quality = {"kind": "internal", "title": "Ours", "statement": {"url": "https://a.example/q", "profile": True}}
    unregulated = held("australia@2021", standing={"provider_regulated": False, "quality": [quality]})
    told = finding(unregulated, "NMF-statement-parts")
    assert {each.path for each in told.found} == {
        "standing.quality.0.statement.processes",
        "standing.quality.0.statement.review",
    }
    assert "NMF-less-than-award" in rules_of(held("australia@2021", achievement={"achievement_type": "Diploma"}))


def test_outcomes_that_nothing_assesses_are_named_one_by_one() -> None:
    outcomes = [{"id": "a", "title": "A", "assessed_by": ["exam"]}, {"id": "b", "title": "B"}]
    told = finding(held("malaysia@2022", achievement={"outcomes": outcomes}), "MQA-assessed")
    assert (told.path, [each.path for each in told.found]) == (
        "achievement.outcomes.1.assessed_by",
        ["achievement.outcomes.1.assessed_by"],
    )
    assert "MQA-credit" in rules_of(held("malaysia@2022"))


def test_ontario_wants_a_named_partner_with_a_date() -> None:
    unnamed = held("ecampusontario@2020", standing={"backings": [{"endorser": "Harbour", "in_demand": True}]})
    assert {"ECO-demand", "ECO-performance"} <= rules_of(unnamed)
    backing = {"endorser": "Harbour", "on": "2026-01-01", "in_demand": True, "reflects_performance": True}
    assert not {"ECO-demand", "ECO-performance"} & rules_of(
        held("ecampusontario@2020", standing={"backings": [backing]})
    )


SKILL = "http://data.europa.eu/esco/skill/5fd5c985-eaaa-47aa-8314-62359c54505a"


@pytest.mark.parametrize(
    ("framework", "url", "code", "version", "found"),
    [
        ("ESCO", SKILL, None, "1.2.0", set()),
        ("ESCO", SKILL.replace("http:", "https:"), None, None, {"SKILL-form"}),
        (
            "ESCO",
            SKILL.upper().replace("HTTP://DATA.EUROPA.EU/ESCO/SKILL", "http://data.europa.eu/esco/skill"),
            None,
            None,
            {"SKILL-form"},
        ),
        ("ESCO", SKILL[:-1] + "0", None, None, {"SKILL-listed"}),
        ("ESCO", SKILL[:-1] + "0", None, "1.1.1", set()),
        ("ESCO", SKILL[:-1] + "0", None, "v1.2.1", {"SKILL-listed"}),
        ("ESCO", "http://data.europa.eu/esco/isco/C2512", None, None, set()),
        ("O*NET-SOC", "https://www.onetonline.org/", "15-2051.00", None, set()),
        ("O*NET", "https://www.onetonline.org/", "2.B.3.e", None, set()),
        ("O*NET", "https://www.onetonline.org/", "15-2051", None, {"SKILL-form"}),
        ("O*NET", "https://www.onetonline.org/", None, None, {"SKILL-form"}),
        ("Ours", "https://a.example/skills/1", None, None, set()),
    ],
)
def test_identifiers_of_skills(framework: str, url: str, code: Any, version: Any, found: set[str]) -> None:
    alignment = {
        "target_name": "x",
        "target_url": url,
        "target_framework": framework,
        "target_code": code,
        "target_framework_version": version,
    }
    result = held("skills@1", achievement={"alignments": [alignment]})
    assert rules_of(result) == found
    assert {each.path.rpartition(".")[0] for each in result.findings} <= {"achievement.alignments.0"}


@pytest.mark.parametrize(("credits_", "found"), [(3, True), (4, False), (30, False), (31, True)])
def test_an_edubit_has_4_to_30_credits_and_recognises_what_was_learned_anywhere(credits_: int, *, found: bool) -> None:
    changed = nz({"credits": {"available": credits_, "unit": "NZ"}, "notional_hours": credits_ * 10})
    assert ("EB-size" in rules_of(held("edubits@2018", **changed))) is found
    assert "EB-recognition" in rules_of(held("edubits@2018", **changed))
    assert "EB-recognition" not in rules_of(held("edubits@2018", standing={"credit_route": "rpl"}))
