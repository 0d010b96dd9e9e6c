"""What holds for the rule sets of all frameworks."""

from datetime import date

import pytest

from services.enrolment.frameworks.checking import Checked
from services.enrolment.frameworks.conditions import Condition
from services.enrolment.frameworks.rules import rule_sets
from tests.unit.enrolment.frameworks.definitions import held


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
