"""JSON Schemas (2020-12) of the events, as they stand on the log."""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from shared.contracts.envelope import Event
from shared.contracts.examples.by_type import EXAMPLES
from shared.contracts.topics import TOPICS

EVENTS: tuple[type[Event], ...] = tuple(
    sorted({kind for topic in TOPICS for kind in topic.events}, key=lambda e: e.TYPE)
)
"""All events, by type."""

_ALWAYS_WRITTEN = ("specversion", "type")


class _OnTheWire(GenerateJsonSchema):
    """Says nothing of null: what is absent is left out."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's signature
        """Leave out titles that only repeat the property's name."""
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Return the schema of the value that is there."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Return the schema with its default, unless the default is absence."""
        if schema.get("default") is None:
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)


def wire_form(event: Event) -> dict[str, Any]:
    """Return the event as it stands on the log, as data."""
    return event.model_dump(mode="json", by_alias=True, exclude_none=True)


def schema_of(event: type[Event]) -> dict[str, Any]:
    """Return the schema of one event, with an example inside; an absent value is left out, never null."""
    schema = event.model_json_schema(by_alias=True, mode="serialization", schema_generator=_OnTheWire)
    required = {*schema["required"], *_ALWAYS_WRITTEN}
    return {
        "$schema": _OnTheWire.schema_dialect,
        "$id": f"urn:microcred:schema:{event.TYPE}",
        **schema,
        "required": [name for name in schema["properties"] if name in required],
        "examples": [wire_form(EXAMPLES[event])],
    }
