"""The official JSON Schema of Open Badges 3.0, compiled once: some 15 µs for a credential.

The schema is 1EdTech's own text, unchanged (`README.md`): where it and we disagree, it is right.
"""

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema_rs
import orjson

Document = dict[str, Any]

OFFICIAL = Path(__file__).parent / "ob_v3p0_achievementcredential_schema.json"
_LONGEST = 200


class Fault(NamedTuple):
    """What the schema says against a document; `path` is dotted."""

    path: str
    reason: str


def credential_fault(document: Document) -> Fault | None:
    """Return what is wrong with an AchievementCredential, or None."""
    return _fault(_credential_validator(), document)


def endorsement_fault(document: Document) -> Fault | None:
    """Return what is wrong with an EndorsementCredential as it stands within an AchievementCredential, or None."""
    return _fault(_endorsement_validator(), document)


@cache
def _credential_validator() -> jsonschema_rs.Draft201909Validator:
    return _compiled(_official())


@cache
def _endorsement_validator() -> jsonschema_rs.Draft201909Validator:
    return _compiled({"$ref": "#/$defs/EndorsementCredential", "$defs": _official()["$defs"]})


def _official() -> Document:
    schema: Document = orjson.loads(OFFICIAL.read_bytes())
    return schema


def _compiled(schema: Document) -> jsonschema_rs.Draft201909Validator:
    return jsonschema_rs.Draft201909Validator(schema, validate_formats=True)


def _fault(validator: jsonschema_rs.Draft201909Validator, document: Document) -> Fault | None:
    error = next(validator.iter_errors(document), None)
    if error is None:
        return None
    fault = _deepest(error)
    reason = fault.message if len(fault.message) <= _LONGEST else f"{fault.message[:_LONGEST]}…"
    return Fault(".".join(map(str, fault.instance_path)), reason)


def _deepest(error: jsonschema_rs.ValidationError) -> jsonschema_rs.ValidationError:
    """Return the fault that lies deepest: of a choice that nothing fits, the branch that fits furthest down."""
    branches = [_deepest(each) for branch in getattr(error.kind, "context", ()) for each in branch]
    return max([error, *branches], key=lambda each: len(each.instance_path))
