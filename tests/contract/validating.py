"""A validator that is not pydantic: jsonschema on the committed schemas."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

import shared.contracts

CONTRACTS = Path(shared.contracts.__file__).parent
FORMATS = FormatChecker()


@FORMATS.checks("date-time", raises=ValueError)
def _is_a_moment(text: object) -> bool:
    return not isinstance(text, str) or datetime.fromisoformat(text).tzinfo is not None


def committed(type_name: str) -> dict[str, Any]:
    return dict(json.loads((CONTRACTS / "schemas" / f"{type_name}.json").read_text(encoding="utf-8")))


def validator_of(type_name: str) -> Draft202012Validator:
    return Draft202012Validator(committed(type_name), format_checker=FORMATS)
