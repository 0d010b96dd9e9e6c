"""The AsyncAPI 3.0 document of the whole system: channels, who sends and who receives, and what stands on each."""

from importlib.metadata import version
from typing import Any

from shared.contracts.envelope import Event
from shared.contracts.examples.by_type import EXAMPLES
from shared.contracts.schema import EVENTS, wire_form
from shared.contracts.topics import PARTITIONS, SERVICES, TOPICS, Topic, dead_letters_of
from shared.contracts.wire import CONTENT_TYPE

BINDING = "0.5.0"
DEAD_LETTER = "DeadLetter"
DEAD_LETTER_HEADERS = {
    "dlq-letter": "what the letter is called: topic/partition/offset of the record where it first stood",
    "dlq-topic": "the topic where the record stood",
    "dlq-partition": "its partition",
    "dlq-offset": "its offset",
    "dlq-timestamp": "its timestamp, in milliseconds since 1970",
    "dlq-error": "the name of the error that refused it",
    "dlq-reason": "the field at fault and the cure",
    "dlq-attempts": "how often the record was refused so far",
    "dlq-first-failed": "when it was refused for the first time, in milliseconds since 1970",
}
"""What stands in front of a dead letter's own headers."""

_KEYS = {
    "learner_ref": "The learner: all that happens to one learner stays in order.",
    "learner_ref or tenant/offering": "The learner, or where all its learners are meant the offering.",
    "once": "What may be used once: all tries of it stay in order.",
    "tenant/offering": "The offering within its institution; the latest record of a key stands.",
    "tenant/statement": "The xAPI statement within its institution.",
}


def document() -> dict[str, Any]:
    """Return the document; its payloads refer to the committed schemas beside it."""
    return {
        "asyncapi": "3.0.0",
        "id": "urn:microcred",
        "info": {
            "title": "Microcred",
            "version": version("microcred"),
            "description": "From platform events to credentials: CloudEvents 1.0, written in structured mode.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": CONTENT_TYPE.decode(),
        "servers": {"kafka": _server()},
        "channels": {topic.name: _channel(topic) for topic in TOPICS}
        | {dead_letters_of(service): _dead_letters(service) for service in SERVICES},
        "operations": _operations(),
        "components": {"messages": {event.__name__: _message(event) for event in EVENTS} | {DEAD_LETTER: _letter()}},
    }


def _server() -> dict[str, Any]:
    address = {"default": "127.0.0.1:19092", "description": "MICROCRED_KAFKA_BOOTSTRAP of the installation"}
    return {"host": "{bootstrap}", "protocol": "kafka", "variables": {"bootstrap": address}}


def _channel(topic: Topic) -> dict[str, Any]:
    policy = {"cleanup.policy": ["compact"]} if topic.compacted else {"cleanup.policy": ["delete"], "retention.ms": -1}
    return {
        "address": topic.name,
        "description": f"Keyed by {topic.key}.",
        "messages": {event.__name__: _ref("components", "messages", event.__name__) for event in topic.events},
        "bindings": _kafka(topic=topic.name, partitions=PARTITIONS, topicConfiguration=policy),
    }


def _dead_letters(service: str) -> dict[str, Any]:
    name = dead_letters_of(service)
    policy = {"cleanup.policy": ["delete"], "retention.ms": -1}
    return {
        "address": name,
        "description": f"What {service} could not take: the untouched bytes under their own key and headers, and why.",
        "messages": {DEAD_LETTER: _ref("components", "messages", DEAD_LETTER)},
        "bindings": _kafka(topic=name, partitions=PARTITIONS, topicConfiguration=policy),
    }


def _operations() -> dict[str, Any]:
    operations = {}
    for topic in TOPICS:
        events = [event.__name__ for event in topic.events]
        for publisher in topic.publishers:
            operations[f"{publisher}.sends.{topic.name}"] = _operation("send", topic.name, events)
        for service in topic.heard_by:
            group = _kafka(groupId={"type": "string", "const": service})
            operations[f"{service}.receives.{topic.name}"] = {
                **_operation("receive", topic.name, events),
                "bindings": group,
            }
    for service in SERVICES:
        name = dead_letters_of(service)
        operations[f"{service}.sends.{name}"] = _operation("send", name, [DEAD_LETTER])
    return operations


def _operation(action: str, channel: str, messages: list[str]) -> dict[str, Any]:
    return {
        "action": action,
        "channel": _ref("channels", channel),
        "messages": [_ref("channels", channel, "messages", name) for name in messages],
    }


def _message(event: type[Event]) -> dict[str, Any]:
    key = next(topic.key for topic in TOPICS if event in topic.events)
    example = EXAMPLES[event]
    headers = {"content-type": CONTENT_TYPE.decode()}
    return {
        "name": event.TYPE,
        "title": event.__name__,
        "summary": (event.__doc__ or "").strip(),
        "contentType": CONTENT_TYPE.decode(),
        "headers": _headers({"content-type": {"const": CONTENT_TYPE.decode()}}),
        "payload": {
            "schemaFormat": "application/schema+json;version=2020-12",
            "schema": {"$ref": f"schemas/{event.TYPE}.json"},
        },
        "bindings": _kafka(key={"type": "string", "description": _KEYS[key], "examples": [example.key]}),
        "examples": [{"name": "example", "headers": headers, "payload": wire_form(example)}],
    }


def _letter() -> dict[str, Any]:
    return {
        "name": "dead letter",
        "title": "Dead letter",
        "summary": "A record that could not be taken, byte for byte, and why.",
        "contentType": "application/octet-stream",
        "headers": _headers({name: {"description": says} for name, says in DEAD_LETTER_HEADERS.items()}),
        "payload": {"description": "The bytes of the refused record."},
        "bindings": _kafka(key={"type": "string", "description": "The key of the refused record."}),
    }


def _headers(properties: dict[str, dict[str, str]]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: {"type": "string", **more} for name, more in properties.items()},
        "required": list(properties),
    }


def _kafka(**members: Any) -> dict[str, Any]:
    return {"kafka": {**members, "bindingVersion": BINDING}}


def _ref(*path: str) -> dict[str, str]:
    return {"$ref": "#/" + "/".join(path)}
