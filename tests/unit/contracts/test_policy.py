from typing import Any

import pytest
from pydantic import ValidationError

from shared.contracts.policy import Policy

TWO: list[dict[str, Any]] = [{"id": "quiz", "weight": 40}, {"id": "exam", "weight": 60}]
ALIKE: list[dict[str, Any]] = [{"id": name, "weight": 1} for name in ("a", "b", "c")]


def policy(components: list[dict[str, Any]], **rules: Any) -> Policy:
    return Policy.model_validate({"components": components, "pass_mark": 40, **rules})


def test_a_policy_that_uses_no_addition_keeps_the_version_that_it_had() -> None:
    assert policy(TWO).version == "2e058ed0606f"
    assert policy(TWO, attempts="mean").version == "89d14ea1afea"


@pytest.mark.parametrize(
    "rules",
    [
        {"attempts_limit": 1},
        {"groups": [{"id": "g", "components": ["a", "b"], "best": 1}]},
        {"late": {"percent": 5}},
        {"resit_cap": 40},
        {"bands": [{"name": "Pass", "starts_at": 40}]},
        {"awaits_release": True},
        {"recognition": {}},
        {"decided_by": "platform"},
    ],
)
def test_each_addition_makes_another_version_and_stays_when_it_is_written_and_read(rules: dict[str, Any]) -> None:
    used = policy(ALIKE, **rules)
    assert used.version != policy(ALIKE).version
    again = Policy.model_validate_json(used.model_dump_json())
    assert (again, again.version) == (used, used.version)


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        ({"groups": [{"id": "g", "components": ["a", "z"], "best": 1}]}, "g names z, which is no component"),
        ({"groups": [{"id": "g", "components": ["a", "a"], "best": 1}]}, "in a group already"),
        ({"groups": [{"id": g, "components": ["a", "b"], "best": 1} for g in "gh"]}, "h names a component that is in"),
        ({"groups": [{"id": "g", "components": ["a", "b"], "best": 3}]}, "g has fewer than 3 components"),
        ({"bands": [{"name": "A", "starts_at": 1}, {"name": "A", "starts_at": 2}]}, "two bands share"),
        ({"bands": [{"name": "A", "starts_at": 1}, {"name": "B", "starts_at": 1}]}, "two bands share"),
    ],
)
def test_what_cannot_be_graded_is_refused_with_the_cure(rules: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        policy(ALIKE, **rules)


def test_a_group_chooses_between_components_of_one_weight() -> None:
    with pytest.raises(ValidationError, match="the components of g weigh differently"):
        policy(TWO, groups=[{"id": "g", "components": ["quiz", "exam"], "best": 1}])
