"""Events written by every release, decoded by today's code. These files are never edited."""

import json
from pathlib import Path
from typing import Any

import pytest

from shared.contracts.schema import wire_form
from shared.contracts.topics import TOPICS
from shared.contracts.wire import decode
from tests.contract.later import with_unknown_fields
from tests.contract.validating import CONTRACTS, validator_of

GOLDEN = Path(__file__).parent / "golden"
FILES = sorted(GOLDEN.glob("*/*.json"))
TOPIC_OF = {kind.TYPE: topic for topic in TOPICS for kind in topic.events}
EACH_FILE = pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")


def contains(whole: Any, part: Any) -> bool:
    """Whether all that the part says stands in the whole."""
    if isinstance(part, dict):
        return all(name in whole and contains(whole[name], value) for name, value in part.items())
    if isinstance(part, list):
        return len(whole) == len(part) and all(map(contains, whole, part))
    return bool(whole == part)


def test_every_released_event_has_its_golden_events() -> None:
    released = {(file.parent.name, file.name) for file in (CONTRACTS / "released").glob("*/*.json")}

    assert released
    assert {(file.parent.name, file.name) for file in FILES} == released


@EACH_FILE
@pytest.mark.parametrize("which", ["minimal", "full"])
def test_what_an_old_release_wrote_is_read_whole(file: Path, which: str) -> None:
    written = json.loads(file.read_text(encoding="utf-8"))[which]

    event = decode(TOPIC_OF[file.stem], json.dumps(written).encode())

    assert contains(wire_form(event), written)
    assert list(validator_of(file.stem).iter_errors(written)) == []


@EACH_FILE
@pytest.mark.parametrize("which", ["minimal", "full"])
def test_what_a_later_release_adds_to_it_is_passed_over(file: Path, which: str) -> None:
    written = json.loads(file.read_text(encoding="utf-8"))[which]
    topic = TOPIC_OF[file.stem]

    assert decode(topic, json.dumps(with_unknown_fields(written)).encode()) == decode(
        topic, json.dumps(written).encode()
    )


@EACH_FILE
def test_minimal_says_only_what_is_required_and_full_says_all(file: Path) -> None:
    events = json.loads(file.read_text(encoding="utf-8"))
    schema = json.loads((CONTRACTS / "released" / file.parent.name / file.name).read_text(encoding="utf-8"))

    assert _said(schema, events["minimal"], schema["$defs"], "required") == set()
    assert _said(schema, events["full"], schema["$defs"], "properties") == set()


def _said(schema: Any, value: Any, defs: Any, wanted: str, path: str = "") -> set[str]:
    """Return where a value says more or less than the wanted members of its schema."""
    schema = defs[schema["$ref"].removeprefix("#/$defs/")] if "$ref" in schema else schema
    if isinstance(value, list):
        return set().union(*(_said(schema["items"], each, defs, wanted, f"{path}[]") for each in value))
    if not isinstance(value, dict):
        return set()
    differing = {f"{path}.{name}" for name in set(value) ^ set(schema[wanted])}
    return differing.union(
        *(_said(schema["properties"][name], each, defs, wanted, f"{path}.{name}") for name, each in value.items())
    )
