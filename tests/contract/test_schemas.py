"""Names, schemas and models of the events agree, by the word of a validator that knows nothing of the models."""

import re
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from shared.contracts.envelope import Event
from shared.contracts.examples.by_type import EXAMPLES
from shared.contracts.schema import EVENTS, wire_form
from shared.contracts.topics import TOPICS
from shared.contracts.wire import ContractError, decode
from tests.contract import strategies
from tests.contract.validating import committed, validator_of

EACH_EVENT = pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
NAME = re.compile(r"microcred\.(?P<subject>[a-z]+)\.(?P<participle>[a-z]+)\.v(?P<major>[1-9][0-9]*)")
IRREGULAR = {"withdrawn"}
TOPIC_OF = {kind: topic for topic in TOPICS for kind in topic.events}


def named_well(name: str) -> bool:
    found = NAME.fullmatch(name)
    return found is not None and (found["participle"].endswith("ed") or found["participle"] in IRREGULAR)


@EACH_EVENT
def test_events_are_named_for_a_subject_and_what_happened_to_it(event: type[Event]) -> None:
    assert named_well(event.TYPE)


@pytest.mark.parametrize(
    "name",
    [
        "microcred.learner.pass.v1",
        "microcred.learner.passed",
        "microcred.learner.passed.v0",
        "microcred.Learner.passed.v1",
        "microcred.learner.was.passed.v1",
        "org.learner.passed.v1",
    ],
)
def test_other_names_are_caught(name: str) -> None:
    assert not named_well(name)


def test_types_are_unique() -> None:
    assert len({event.TYPE for event in EVENTS}) == len(EVENTS)


@EACH_EVENT
def test_the_schema_is_a_schema(event: type[Event]) -> None:
    Draft202012Validator.check_schema(committed(event.TYPE))


@EACH_EVENT
def test_attributes_are_named_as_cloudevents_wants(event: type[Event]) -> None:
    names = committed(event.TYPE)["properties"]

    # CloudEvents 1.0, section 3: lower-case letters and digits, and no more than 20 of them.
    assert [name for name in names if not re.fullmatch("[a-z0-9]{1,20}", name)] == []
    assert {"specversion", "id", "source", "type"} <= set(committed(event.TYPE)["required"])


@EACH_EVENT
def test_the_example_is_valid_and_read_back_as_it_was(event: type[Event]) -> None:
    example = committed(event.TYPE)["examples"][0]

    assert list(validator_of(event.TYPE).iter_errors(example)) == []
    assert example == wire_form(EXAMPLES[event])
    assert event.model_validate(example) == EXAMPLES[event]


@EACH_EVENT
def test_the_schema_catches_each_missing_attribute(event: type[Event]) -> None:
    example = wire_form(EXAMPLES[event])

    for name in committed(event.TYPE)["required"]:
        assert not validator_of(event.TYPE).is_valid({key: value for key, value in example.items() if key != name})


@given(strategies.EVENTS)
def test_what_we_write_is_valid_and_read_back_as_it_was(event: Event) -> None:
    assert list(validator_of(event.TYPE).iter_errors(wire_form(event))) == []
    assert decode(TOPIC_OF[type(event)], event.encode()) == event


@given(strategies.spoiled())
def test_what_the_schema_refuses_the_reader_refuses(record: tuple[type[Event], bytes, Any]) -> None:
    kind, value, content = record

    assert not validator_of(kind.TYPE).is_valid(content)
    with pytest.raises(ContractError):
        decode(TOPIC_OF[kind], value)
