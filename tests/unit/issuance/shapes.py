"""Credentials of every shape that is issued."""

from typing import Any

import orjson

from tests.unit.issuance.builders import (
    ALIGNMENT,
    ISSUING,
    RESTING_ON,
    RICH,
    award,
    beside,
    offering,
    passed,
    published,
)

Document = dict[str, Any]
SHAPES: dict[str, dict[str, Any]] = {
    "plain": {},
    "all that can be said": RICH,
    "without alignments": {"alignments": []},
    "many alignments": {"alignments": [{**ALIGNMENT, "target_name": f"skill {number}"} for number in range(50)]},
    "alignments alike": {"alignments": [ALIGNMENT, ALIGNMENT]},
    "awkward texts": {
        "name": '"\\ \x07\t',
        "description": "é漢😀\n\r\x7f",
        "criteria": "<b>%s</b>",
        "language": "nl-BE",
    },
}


def issued_as(shape: str) -> Document:
    """Return a credential as the service issues it."""
    known = offering(published(**SHAPES[shape]))
    passing = passed(**(RESTING_ON if SHAPES[shape] is RICH else {}))
    document: Document = orjson.loads(ISSUING.passed(award(), passing, beside(known)).state.credentials[0].document)
    return document
