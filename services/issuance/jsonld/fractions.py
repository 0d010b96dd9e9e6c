"""JSON-LD as statements, with every number that has a fraction written as the specification writes it.

pyoxigraph 0.5 keeps the digits of the JSON text: 77.99 is `7.799E1` to it, and `7.798999999999999E1` to everybody who
follows the specification. So such numbers go through its parser as whole ones that stand nowhere else in the document.
Source: JSON-LD 1.1 API, section 8.6 (data round tripping): `%1.15E`, without zeros at the end.
"""

import math
import re
from collections.abc import Mapping
from typing import Any

import orjson
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from services.issuance.errors import CredentialRefused
from services.issuance.jsonld.jcs import jcs

_DOUBLE, _INTEGER = (NamedNode(f"http://www.w3.org/2001/XMLSchema#{name}") for name in ("double", "integer"))
_JSON = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON")
_WHOLE = 1e21
"""From here on a number is written with an exponent, whether it has a fraction or not."""
_MARKS, _EACH = range(10**6, 10**7), 10**6


def quads_in(document: Any) -> list[Quad]:
    """Return the statements of a JSON-LD document that holds all its contexts.

    Raises:
        SyntaxError, orjson.JSONEncodeError: it is not JSON-LD.
        CredentialRefused: a number that no reader holds.

    """
    text = orjson.dumps(document)
    numbers = sorted(_fractions_in(document))
    if not numbers:
        return list(parse(text, format=RdfFormat.JSON_LD))
    mark = _unused_in(text)
    whole = {number: mark * _EACH + nth for nth, number in enumerate(numbers)}
    back = {str(stand_in): number for number, stand_in in whole.items()}
    replaced = orjson.dumps(_with(document, whole))
    return [_restored(quad, str(mark), back) for quad in parse(replaced, format=RdfFormat.JSON_LD)]


def written(number: float) -> str:
    """Return a number in the canonical form of xsd:double."""
    digits, exponent = f"{number:.15E}".split("E")
    whole, fraction = digits.split(".")
    return f"{whole}.{fraction.rstrip('0') or '0'}E{int(exponent)}"


def _fractions_in(value: Any) -> set[float]:
    found: set[float] = set()
    left = [value]
    while left:
        each = left.pop()
        if isinstance(each, dict):
            left.extend(each.values())
        elif isinstance(each, list):
            left.extend(each)
        elif isinstance(each, float) and (not each.is_integer() or abs(each) >= _WHOLE):
            found.add(each)
    if not all(map(math.isfinite, found)):
        raise CredentialRefused("", "has a number that is too large for any reader")
    return found


def _unused_in(text: bytes) -> int:
    """Return seven digits that stand nowhere in a text."""
    taken = set(map(int, re.findall(rb"(?=(\d{7}))", text)))
    return next(mark for mark in _MARKS if mark not in taken)


def _with(value: Any, whole: Mapping[float, int]) -> Any:
    if isinstance(value, dict):
        return {name: _with(each, whole) for name, each in value.items()}
    if isinstance(value, list):
        return [_with(each, whole) for each in value]
    return whole.get(value, value) if isinstance(value, float) else value


def _restored(quad: Quad, mark: str, back: Mapping[str, float]) -> Quad:
    said = quad.object
    if not isinstance(said, Literal) or mark not in said.value:
        return quad
    if said.datatype == _JSON:
        text = re.sub(rf"{mark}\d{{6}}", lambda found: jcs(back[found[0]]).decode(), said.value)
        return Quad(quad.subject, quad.predicate, Literal(text, datatype=_JSON), quad.graph_name)
    kind = _DOUBLE if said.datatype == _INTEGER else said.datatype
    return Quad(quad.subject, quad.predicate, Literal(written(back[said.value]), datatype=kind), quad.graph_name)
