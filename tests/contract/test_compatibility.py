"""The checker is seen to catch each change that breaks a reader, and to let through each one that does not."""

import copy
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shared.contracts.compatibility import compare, main
from tests.contract.validating import CONTRACTS, committed

Schema = dict[str, Any]
Change = Callable[[Schema], Any]

BASE: Schema = {
    "type": "object",
    "$defs": {
        "Mark": {
            "type": "object",
            "properties": {
                "score": {"type": "integer", "minimum": 0, "exclusiveMaximum": 100},
                "kind": {"enum": ["best", "last"], "default": "best"},
            },
            "required": ["score"],
        }
    },
    "properties": {
        "type": {"type": "string", "const": "a.v1", "default": "a.v1"},
        "name": {"type": "string", "minLength": 1, "maxLength": 9, "pattern": "^a"},
        "time": {"type": "string", "format": "date-time"},
        "data": {"$ref": "#/$defs/Mark"},
        "marks": {"type": "array", "items": {"$ref": "#/$defs/Mark"}, "minItems": 1, "maxItems": 5},
    },
    "required": ["type", "name", "data"],
}


def at(path: str, **keywords: Any) -> Change:
    """Set keywords of one property (None takes one away)."""

    def change(schema: Schema) -> None:
        *parents, name = path.split(".")
        owner = schema["$defs"]["Mark"] if parents else schema
        target = owner["properties"].setdefault(name, {})
        target |= keywords
        for keyword in [each for each, value in keywords.items() if value is None]:
            del target[keyword]

    return change


def without(name: str) -> Change:
    def change(schema: Schema) -> None:
        schema["properties"].pop(name)
        schema["required"] = [each for each in schema["required"] if each != name]

    return change


def requiring(*names: str) -> Change:
    return lambda schema: schema.update(required=list(names))


def found(change: Change, base: Schema = BASE) -> dict[str, list[tuple[str, str]]]:
    new = copy.deepcopy(base)
    change(new)
    return {way: [(each.rule, each.path) for each in findings] for way, findings in compare(base, new).items()}


BREAKS_BACKWARD: dict[str, tuple[Change, tuple[str, str]]] = {
    "a required property is added": (
        lambda schema: (at("more", type="string")(schema), schema["required"].append("more")),
        ("required", "more"),
    ),
    "an optional property becomes required": (requiring("type", "name", "data", "time"), ("required", "time")),
    "a type is narrowed": (at("time", type="null", format=None), ("type", "time")),
    "an enum value is taken away": (at("data.kind", enum=["best"]), ("enum", "data.kind")),
    "an enum appears": (at("name", enum=["a"]), ("enum", "name")),
    "a constant changes": (at("type", const="b.v1"), ("const", "type")),
    "a pattern changes": (at("name", pattern="^b"), ("pattern", "name")),
    "a format appears": (at("name", format="uri"), ("format", "name")),
    "a minimum rises": (at("data.score", minimum=1), ("bounds", "data.score")),
    "a minimum becomes exclusive": (at("data.score", minimum=None, exclusiveMinimum=0), ("bounds", "data.score")),
    "a maximum falls": (at("data.score", maximum=99, exclusiveMaximum=None), ("bounds", "data.score")),
    "a text must be longer": (at("name", minLength=2), ("bounds", "name")),
    "a text must be shorter": (at("name", maxLength=8), ("bounds", "name")),
    "an array must hold more": (at("marks", minItems=2), ("bounds", "marks")),
    "an array must hold less": (at("marks", maxItems=4), ("bounds", "marks")),
    "a bound changes inside an array": (at("data.score", minimum=1), ("bounds", "marks[].score")),
    "a default changes": (at("data.kind", default="last"), ("default", "data.kind")),
    "a keyword that cannot be judged": (at("name", **{"not": {"const": "ab"}}), ("unknown keyword", "name")),
}
BREAKS_FORWARD: dict[str, tuple[Change, tuple[str, str]]] = {
    "a required property becomes optional": (requiring("type", "data"), ("required", "name")),
    "a required property is removed": (without("name"), ("required", "name")),
    "an optional property is removed": (without("time"), ("removed", "time")),
    "a type is widened": (at("data.score", type="number"), ("type", "data.score")),
    "a type is opened": (at("time", type=None), ("type", "time")),
    "an enum value is added": (at("data.kind", enum=["best", "last", "mean"]), ("enum", "data.kind")),
    "an enum disappears": (at("data.kind", enum=None), ("enum", "data.kind")),
    "a pattern disappears": (at("name", pattern=None), ("pattern", "name")),
    "a format disappears": (at("time", format=None), ("format", "time")),
    "a minimum falls": (at("data.score", minimum=-1), ("bounds", "data.score")),
    "a maximum becomes inclusive": (at("data.score", exclusiveMaximum=None, maximum=100), ("bounds", "data.score")),
    "a text may be longer": (at("name", maxLength=None), ("bounds", "name")),
    "an array may hold more": (at("marks", maxItems=6), ("bounds", "marks")),
}
FINE_BOTH_WAYS: dict[str, Change] = {
    "nothing": dict.copy,
    "an optional property is added": at("more", type="string", default="x"),
    "an optional property is added inside": at("data.more", type="string"),
    "words change": at("name", description="another", title="Name", examples=["a"]),
    "a property is on its way out": at("time", deprecated=True),
}


@pytest.mark.parametrize("case", BREAKS_BACKWARD)
def test_what_new_code_could_not_read_is_caught(case: str) -> None:
    change, finding = BREAKS_BACKWARD[case]

    assert finding in found(change)["backward"]


@pytest.mark.parametrize("case", BREAKS_FORWARD)
def test_what_old_code_could_not_read_is_caught(case: str) -> None:
    change, finding = BREAKS_FORWARD[case]

    assert finding in found(change)["forward"]


@pytest.mark.parametrize("case", BREAKS_FORWARD)
def test_what_only_old_code_minds_is_not_held_against_new_code(case: str) -> None:
    assert found(BREAKS_FORWARD[case][0])["backward"] == []


@pytest.mark.parametrize("case", FINE_BOTH_WAYS)
def test_what_breaks_nobody_is_let_through(case: str) -> None:
    assert found(FINE_BOTH_WAYS[case]) == {"backward": [], "forward": []}


def test_a_definition_that_only_moves_is_the_same() -> None:
    def move(schema: Schema) -> None:
        schema["properties"]["data"] = schema["$defs"]["Mark"]

    assert found(move) == {"backward": [], "forward": []}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the schemas, of today and of each release."""
    for name in ("schemas", "released"):
        shutil.copytree(CONTRACTS / name, tmp_path / name)
    return tmp_path


def test_today_and_every_release_read_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0, capsys.readouterr().err


def test_a_break_is_named_with_release_event_direction_place_and_cure(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "schemas" / "microcred.learner.passed.v1.json"
    text = file.read_text(encoding="utf-8")
    assert '"maximum": 100' in text
    file.write_text(text.replace('"maximum": 100', '"maximum": 50'), encoding="utf-8")

    assert main(folder) == 1

    said = capsys.readouterr().err
    assert "since 0.1.0: microcred.learner.passed.v1 (backward): data.grade_percent: " in said
    assert "next major version" in said


def test_an_event_that_is_gone_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "schemas" / "microcred.learner.passed.v1.json").unlink()

    assert main(folder) == 1
    assert "microcred.learner.passed.v1: released, and gone" in capsys.readouterr().err


def test_no_release_is_no_proof(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(tmp_path) == 1
    assert "nothing to compare with" in capsys.readouterr().err


def test_every_keyword_of_our_schemas_can_be_judged() -> None:
    for file in (CONTRACTS / "schemas").glob("*.json"):
        whole = committed(file.stem)

        assert compare(whole, whole) == {"backward": [], "forward": []}
        assert "unknown keyword" not in {each.rule for each in compare({}, whole)["backward"]}
