"""Which slots a template of statements has."""

import pytest

from services.issuance.jsonld.ordered import slots_in


@pytest.mark.parametrize(
    ("template", "slots"),
    [("", []), ("100 %%", []), ("%%(a)s", []), ("%%%(a)s", ["a"]), ('<%(a)s> "(b)s %%(c)s %%" %(_:0)s', ["a", "_:0"])],
)
def test_a_percent_sign_of_its_own_begins_no_slot(template: str, slots: list[str]) -> None:
    assert slots_in(template) == slots
