"""Rule sets, trap by trap: what a framework asks is found where it is missing, and nowhere else."""

from datetime import date
from typing import Any

import pytest

from services.enrolment.frameworks.checking import Checked, Finding, checked
from services.enrolment.frameworks.conditions import Condition
from services.enrolment.frameworks.rules import rule_sets
from shared.contracts.enrolment import Offering
from shared.contracts.examples.offering import DEFINITION

Definition = dict[str, Any]
BARE: Definition = {
    "offering": "x",
    "achievement": {"name": "Data skills", "description": "What it is", "criteria": "How to earn it"},
    "issuer": {"name": "Harbour"},
    "policy": {"components": [{"id": "exam", "weight": 1}, {"id": "essay", "weight": 1}], "pass_mark": 40},
}


def offering(**changed: Any) -> Offering:
    """Return an offering; `achievement` adds to what every one has."""
    achievement = BARE["achievement"] | changed.pop("achievement", {})
    return Offering.model_validate({**BARE, "achievement": achievement, **changed})


def held(against: str, **changed: Any) -> Checked:
    return checked(offering(**changed), [rule_sets()[against]])


def rules_of(result: Checked, *severities: str) -> set[str]:
    wanted = severities or ("required", "recommended", "note")
    return {each.rule.partition("/")[2] for each in result.findings if each.severity in wanted}


def finding(result: Checked, rule: str) -> Finding:
    return next(each for each in result.findings if each.rule.endswith(f"/{rule}"))


CMF: Definition = {
    "achievement": {
        "outcomes": [{"id": "a", "title": "A", "assessed_by": ["exam"]}],
        "notional_hours": 150,
        "credits": {"available": 15, "unit": "UK CATS"},
        "level": {"level": "7"},
    },
    "learning": {"assessing": {"summative": True, "identity": "assessment"}},
    "standing": {
        "credit_route": "rpl",
        "transcript": ["learning-outcomes", "study-hours", "level", "credits"],
        "counts_towards": [{"programme": "MSc Data"}],
    },
}


def cmf(**changed: Any) -> Definition:
    """Return what meets the framework, with members of achievement, learning or standing set."""
    return {part: {**CMF[part], **changed.get(part, {})} for part in CMF}


@pytest.mark.parametrize("version", ["cmf@2019", "cmf@current"])
def test_an_offering_that_says_all_that_the_common_framework_asks_has_no_findings(version: str) -> None:
    assert held(version, **cmf()).findings == ()


@pytest.mark.parametrize(("hours", "found"), [(99.5, True), (100, False), (150, False), (150.5, True), (156, True)])
def test_study_time_is_100_to_150_hours(hours: float, *, found: bool) -> None:
    result = held("cmf@current", **cmf(achievement={"notional_hours": hours}))
    assert ("CMF-1" in rules_of(result)) is found


def test_twelve_weeks_of_thirteen_hours_are_advertised_and_150_are_notional() -> None:
    effort = {"weeks": 12, "hours_per_week": 13}
    result = held("cmf@current", **cmf(learning={"effort": effort}))
    assert rules_of(result, "required", "recommended") == set()
    told = finding(result, "CMF-1-effort")
    assert (told.severity, told.path) == ("note", "learning.effort")
    assert told.found[0].value == 156


def test_advertised_effort_does_not_stand_in_for_notional_hours() -> None:
    learning = {"effort": {"weeks": 10, "hours_per_week": 12}}
    result = held("cmf@current", **cmf(achievement={"notional_hours": None}, learning=learning))
    told = finding(result, "CMF-1")
    assert (told.path, told.found[0].value, told.severity) == ("achievement.notional_hours", None, "required")


@pytest.mark.parametrize(
    ("version", "level", "conformant", "found"),
    [
        ("cmf@2019", "6", None, False),
        ("cmf@2019", "7", None, False),
        ("cmf@2019", "5", True, True),
        ("cmf@2019", "8", None, True),
        ("cmf@current", "6", None, False),
        ("cmf@current", "5", True, False),
        ("cmf@current", "4", True, False),
        ("cmf@current", "5", False, True),
        ("cmf@current", "5", None, True),
        ("cmf@current", "3", True, True),
        ("cmf@current", "8", True, True),
    ],
)
def test_level_6_or_7_and_since_then_4_or_5_with_ects(
    version: str, level: str, conformant: Any, *, found: bool
) -> None:
    changed = cmf(achievement={"level": {"level": level}}, standing={"ects_conformant": conformant})
    assert ("CMF-2" in rules_of(held(version, **changed))) is found


def test_a_level_of_another_framework_is_not_taken_for_one_of_the_eqf() -> None:
    level = {"framework": "NZQF", "level": "7", "url": "https://nzqf.example/7"}
    told = finding(held("cmf@current", **cmf(achievement={"level": level})), "CMF-2")
    assert told.path == "achievement.level"
    assert told.found[0].value == level


@pytest.mark.parametrize(
    ("part", "changed", "rule"),
    [
        ("learning", {"assessing": {"summative": False, "identity": "assessment"}}, "CMF-3"),
        ("standing", {"credit_route": None}, "CMF-3"),
        ("learning", {"assessing": {"summative": True, "identity": "enrolment"}}, "CMF-4"),
        ("learning", {"assessing": {"summative": True}}, "CMF-4"),
        ("standing", {"transcript": ["learning-outcomes", "level", "credits"]}, "CMF-5"),
        ("achievement", {"outcomes": []}, "CMF-5-content"),
        ("standing", {"counts_towards": []}, "CMF-7"),
    ],
)
def test_each_rule_of_the_common_framework_is_found_alone(part: str, changed: Definition, rule: str) -> None:
    assert rules_of(held("cmf@current", **cmf(**{part: changed}))) == {rule}


@pytest.mark.parametrize(
    ("available", "unit", "found"),
    [
        (10, "UK CATS", False),
        (15, "UK", False),
        (15.5, "UK", True),
        (4, "ECTS", False),
        (6, "ECTS", False),
        (7.5, "ECTS", True),
        (2, "US", False),
        (15, "NZ", True),
        (15, "points of our own", True),
    ],
)
def test_credit_is_held_against_its_own_unit_and_never_converted(available: float, unit: str, *, found: bool) -> None:
    # 15 UK credits fit, and 7.5 ECTS, which they are by UK/2, do not: the framework means hours/25.
    changed = cmf(achievement={"credits": {"available": available, "unit": unit}})
    result = held("cmf@current", **changed)
    assert ("CMF-6" in rules_of(result)) is found
    assert "CMF-6" not in rules_of(held("cmf@2019", **changed))
    if found:
        assert finding(result, "CMF-6").found[0].value == {"available": available, "unit": unit}


NZ: Definition = {
    "achievement": {
        "outcomes": [{"id": "a", "title": "A"}],
        "notional_hours": 100,
        "credits": {"available": 10, "unit": "NZ"},
        "level": {"framework": "NZQF", "level": "4", "url": "https://nzqf.example/4"},
    },
    "standing": {
        "listing": {
            "code": "020113",
            "use": "In New Zealand and elsewhere.",
            "relevance": "To employers.",
            "abilities": "Reads figures.",
            "pathways": "A certificate.",
            "community": "Evening classes.",
            "developer": "Kea Institute",
            "standards": ["US 1234"],
            "review_months": 24,
            "need": ["Kea Shipping"],
        }
    },
}


def nz(achievement: Definition | None = None, standing: Definition | None = None, **listing: Any) -> Definition:
    listed = {**NZ["standing"]["listing"], **listing}
    return {
        "achievement": {**NZ["achievement"], **(achievement or {})},
        "standing": {"listing": listed, **(standing or {})},
    }


def test_an_offering_that_says_all_that_new_zealand_lists_has_no_findings() -> None:
    assert held("nzqa@current", **nz()).findings == ()


@pytest.mark.parametrize(("code", "found"), [("020113", False), ("0201", True), ("02011X", True), (None, True)])
def test_a_nzsced_code_has_six_digits(code: str | None, *, found: bool) -> None:
    assert ("NZQA-6.1-nzsced" in rules_of(held("nzqa@current", **nz(code=code)))) is found


@pytest.mark.parametrize(
    ("credits_", "current", "earlier"),
    [(1, False, True), (4, False, True), (5, False, False), (40, False, False), (41, True, True)],
)
def test_up_to_40_credits_now_and_5_to_40_then(credits_: int, *, current: bool, earlier: bool) -> None:
    changed = nz({"credits": {"available": credits_, "unit": "NZ"}, "notional_hours": credits_ * 10})
    assert ("NZQA-size" in rules_of(held("nzqa@current", **changed))) is current
    assert ("NZQA-size" in rules_of(held("nzqa@2018", **changed))) is earlier


def test_a_credit_stands_for_ten_hours() -> None:
    told = finding(held("nzqa@current", **nz({"notional_hours": 125})), "NZQA-3-hours")
    assert told.found[0] == ("achievement.notional_hours", "10 credits stand for 100 hours")


@pytest.mark.parametrize(("level", "found"), [("1", False), ("10", False), ("11", True), ("0", True)])
def test_a_level_is_1_to_10(level: str, *, found: bool) -> None:
    changed = nz({"level": {"framework": "NZQF", "level": level, "url": "https://nzqf.example/x"}})
    assert ("NZQA-level" in rules_of(held("nzqa@current", **changed))) is found


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Diploma in Knots", True),
        ("Master Boatbuilding", True),
        ("National Safety", True),
        ("Sailing in new zealand waters", True),
        ("Postgraduate Rigging", True),
        ("Mastery of Knots", False),
        ("International Signals", False),
        ("Doctoring Engines", False),
    ],
)
def test_words_of_qualifications_in_a_title_are_warned_of(title: str, *, found: bool) -> None:
    result = held("nzqa@current", **nz({"name": title}))
    assert ("NZQA-6.2-title" in rules_of(result, "recommended")) is found
    assert "NZQA-6.2-title" not in rules_of(result, "required")


def test_a_warning_may_be_set_aside_with_a_reason_that_stays_to_be_seen() -> None:
    override = {"rule": "nzqa@current/NZQA-6.2-title", "reason": "National Grid is a network, not a qualification."}
    result = held("nzqa@current", **nz({"name": "National Grid"}, {"overrides": [override]}))
    told = finding(result, "NZQA-6.2-title")
    assert (told.severity, told.overridden) == ("note", override["reason"])


def test_what_is_required_cannot_be_set_aside() -> None:
    override = {"rule": "nzqa@current/NZQA-6.1-nzsced", "reason": "We have none."}
    told = finding(held("nzqa@current", **nz(standing={"overrides": [override]}, code="1")), "NZQA-6.1-nzsced")
    assert (told.severity, told.overridden) == ("required", None)


def test_the_name_of_an_institution_in_a_title_is_warned_of() -> None:
    told = finding(held("nzqa@current", **nz({"name": "Kea Institute Knots"})), "NZQA-6.2-names")
    assert (told.severity, told.path) == ("recommended", "achievement.name")
    assert "Kea Institute" in told.found[0].value


@pytest.mark.parametrize(
    ("months", "rule"), [(6, "NZQA-14.4-period"), (48, "NZQA-14.4-period"), (None, "NZQA-6.1-review")]
)
def test_a_review_period_is_named_and_usually_one_to_three_years(months: int | None, rule: str) -> None:
    assert rules_of(held("nzqa@current", **nz(review_months=months))) == {rule}


def test_the_earlier_scheme_wanted_a_yearly_review_and_no_duplication() -> None:
    assert rules_of(held("nzqa@2018", **nz())) == {"NZQA-duplicates", "NZQA-annual"}
    assert held("nzqa@2018", **nz(duplicates=False, review_months=12)).findings == ()
    assert "NZQA-duplicates" in rules_of(held("nzqa@2018", **nz(duplicates=True, review_months=12)))


LISTED, APPROVED = {"kind": "listing", "on": "2026-02-01"}, {"kind": "approval", "on": "2026-03-01"}


@pytest.mark.parametrize(
    ("kind", "acts", "found"),
    [
        ("university", [LISTED, APPROVED], set()),
        ("university", [APPROVED], {"NZQA-14.5-order"}),
        ("university", [{**LISTED, "on": "2026-04-01"}, APPROVED], {"NZQA-14.5-order"}),
        ("tertiary", [APPROVED], set()),
        ("standard-setting-body", [LISTED, APPROVED], set()),
        ("standard-setting-body", [{"kind": "accreditation", "on": "2026-03-01"}], {"NZQA-deliver"}),
    ],
)
def test_listing_approval_and_accreditation_are_three_acts(kind: str, acts: list[Any], found: set[str]) -> None:
    assert rules_of(held("nzqa@current", **nz(standing={"provider_kind": kind}, acts=acts))) == found


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


@pytest.mark.parametrize("hours", [1, 5, 30, 10_000])
def test_where_no_framework_sets_a_size_none_is_found(hours: float) -> None:
    achievement = {"notional_hours": hours, "credits": {"available": 60, "unit": "UK"}, "level": {"level": "5"}}
    for version in ("unesco@2022", "qaa@2022", "ecampusontario@2020", "malaysia@2022", "eu-annex-i@2022"):
        result = held(version, achievement=achievement)
        assert not {each.path for each in result.findings} & {"achievement.notional_hours"}, version
    assert "NMF-volume" not in rules_of(held("australia@2021", achievement=achievement))


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


def test_every_size_names_the_path_that_it_came_along() -> None:
    result = held("qaa@2022", achievement={"notional_hours": 150, "credits": {"available": 15, "unit": "UK CATS"}})
    told = {(each.unit, each.via): str(each.rounded()) for each in result.sizes}
    assert told[("UK", ())] == "15.00"
    assert told[("ECTS", ("UK/2",))] == "7.50"
    assert told[("ECTS", ("hours/25",))] == "6.00"
    assert told[("ECTS", ("hours/30",))] == "5.00"


def test_every_rule_says_whether_its_source_was_read() -> None:
    for each in rule_sets().values():
        ids = [rule.id for rule in each.rules]
        assert len(set(ids)) == len(ids)
        for rule in each.rules:
            assert rule.source
            assert rule.wanted
            assert rule.check is not None or rule.at_award


def test_no_answer_holds_a_verdict() -> None:
    assert not {"passed", "valid", "conforms", "ok"} & set(Checked.__dataclass_fields__)


def test_a_condition_that_asks_two_kinds_of_things_is_refused() -> None:
    with pytest.raises(ValueError, match="either"):
        Condition.model_validate({"at": "a", "any": [{"at": "b", "given": True}]})


def test_rule_sets_are_versioned() -> None:
    assert {"cmf@2019", "cmf@current", "nzqa@2018", "nzqa@current"} <= set(rule_sets())
    assert rule_sets()["cmf@2019"].since == date(2019, 4, 30)
