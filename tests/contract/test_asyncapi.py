"""The AsyncAPI document, held against the rules of AsyncAPI 3.0 and its Kafka bindings 0.5.0 as read from their text.

This is a check of our own: references, required and allowed members of what we use. It is not the official JSON Schema,
which no package of the lock carries.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from shared.contracts.asyncapi import DEAD_LETTER, DEAD_LETTER_HEADERS
from shared.contracts.topics import PARTITIONS, SERVICES, TOPICS, dead_letters_of
from shared.contracts.wire import CONTENT_TYPE
from shared.kit.ledger import Record
from shared.kit.letters import Letter
from tests.contract.validating import CONTRACTS, validator_of

DOCUMENT: dict[str, Any] = json.loads((CONTRACTS / "asyncapi.json").read_text(encoding="utf-8"))
ALLOWED = {
    "document": {"asyncapi", "id", "info", "servers", "defaultContentType", "channels", "operations", "components"},
    "channel": {"address", "messages", "title", "summary", "description", "servers", "parameters", "bindings"},
    "operation": {"action", "channel", "messages", "title", "summary", "description", "bindings"},
    "message": {"name", "title", "summary", "contentType", "headers", "payload", "bindings", "examples"},
    "kafka channel": {"topic", "partitions", "replicas", "topicConfiguration", "bindingVersion"},
    "kafka operation": {"groupId", "clientId", "bindingVersion"},
    "kafka message": {"key", "bindingVersion"},
}


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from references(each)


def resolved(reference: str, document: Any = DOCUMENT) -> Any:
    """Return what a reference leads to, in this document or in a file beside it.

    Raises:
        KeyError: it leads nowhere in the document.
        FileNotFoundError: there is no such file.

    """
    if not reference.startswith("#/"):
        return json.loads((CONTRACTS / reference).read_text(encoding="utf-8"))
    for name in reference[2:].split("/"):
        document = document[name]
    return resolved(document["$ref"]) if "$ref" in document else document


def test_every_reference_leads_somewhere() -> None:
    found = set(references(DOCUMENT))

    assert len(found) > len(TOPICS)
    for reference in found:
        assert isinstance(resolved(reference), dict)


@pytest.mark.parametrize("reference", ["#/channels/nowhere", "schemas/nothing.json"])
def test_a_reference_that_leads_nowhere_is_caught(reference: str) -> None:
    with pytest.raises((KeyError, FileNotFoundError)):
        resolved(reference)


def test_required_members_stand_and_no_unknown_ones() -> None:
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= set(DOCUMENT["info"])
    assert set(DOCUMENT) <= ALLOWED["document"]
    for server in DOCUMENT["servers"].values():
        assert {"host", "protocol"} <= set(server)
    for kind, nodes in (
        ("channel", DOCUMENT["channels"]),
        ("operation", DOCUMENT["operations"]),
        ("message", DOCUMENT["components"]["messages"]),
    ):
        for node in nodes.values():
            assert set(node) <= ALLOWED[kind]
            binding = node.get("bindings", {"kafka": {"bindingVersion": "0.5.0"}})["kafka"]
            assert set(binding) <= ALLOWED[f"kafka {kind}"]
            assert binding["bindingVersion"] == "0.5.0"


def test_channels_are_the_topics_and_the_dead_letters_as_they_are_made() -> None:
    compacted = {topic.name for topic in TOPICS if topic.compacted}

    assert set(DOCUMENT["channels"]) == {topic.name for topic in TOPICS} | {dead_letters_of(each) for each in SERVICES}
    for name, channel in DOCUMENT["channels"].items():
        kafka = channel["bindings"]["kafka"]
        assert channel["address"] == kafka["topic"] == name
        assert kafka["partitions"] == PARTITIONS
        assert kafka["topicConfiguration"]["cleanup.policy"] == ["compact" if name in compacted else "delete"]


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_who_sends_and_who_receives_is_said_of_every_topic(topic: Any) -> None:
    operations = [
        each for each in DOCUMENT["operations"].items() if each[1]["channel"]["$ref"].endswith(f"/{topic.name}")
    ]
    said = {(re.split(r"\.(?:sends|receives)\.", name)[0], operation["action"]) for name, operation in operations}

    assert said == {
        *((service, "send") for service in topic.publishers),
        *((service, "receive") for service in topic.heard_by),
    }
    for name, operation in operations:
        assert [resolved(each["$ref"])["name"] for each in operation["messages"]] == [
            each.TYPE for each in topic.events
        ]
        if operation["action"] == "receive":
            assert operation["bindings"]["kafka"]["groupId"]["const"] == name.partition(".receives.")[0]


def test_operations_name_only_messages_of_their_channel() -> None:
    for operation in DOCUMENT["operations"].values():
        assert operation["action"] in {"send", "receive"}
        for message in operation["messages"]:
            assert message["$ref"].startswith(f"{operation['channel']['$ref']}/messages/")


@pytest.mark.parametrize("name", sorted(set(DOCUMENT["components"]["messages"]) - {DEAD_LETTER}))
def test_messages_are_structured_cloudevents_with_a_valid_example(name: str) -> None:
    message = DOCUMENT["components"]["messages"][name]
    example = message["examples"][0]

    assert message["contentType"] == example["headers"]["content-type"] == CONTENT_TYPE.decode()
    assert message["payload"]["schema"] == {"$ref": f"schemas/{message['name']}.json"}
    assert resolved(f"schemas/{message['name']}.json")["$schema"].endswith("/2020-12/schema")
    assert validator_of(message["name"]).is_valid(example["payload"])
    assert message["bindings"]["kafka"]["key"]["examples"]


def test_dead_letters_carry_the_headers_that_the_document_names() -> None:
    record = Record(7, 1_700_000_000_000, b"key", b"?", ())
    letter = Letter("passed", 3, record, "MalformedEvent", "why", parks=False, first_failed=1_700_000_000_500)

    assert [name for name, _ in letter.said("issuance").headers] == list(DEAD_LETTER_HEADERS)
    assert DOCUMENT["components"]["messages"][DEAD_LETTER]["headers"]["required"] == list(DEAD_LETTER_HEADERS)
    for service in SERVICES:
        assert set(DOCUMENT["channels"][dead_letters_of(service)]["messages"]) == {DEAD_LETTER}
