"""The canonical form of documents that differ in a few values only, prepared once.

    skeleton = prepared(constant, {"id": ("id",), "exam": ("credentialSubject", "result", 0, "value")})
    skeleton.canonical({"id": "https://example.org/1", "exam": "87.5"})

What is constant is parsed and escaped once; for each document the slots are filled and the lines sorted. The bytes are
those of the general path (`canonical.py`), in microseconds instead of milliseconds.

Any number of slots may stand anywhere, in nodes with an id and without one: results, evidence, identifiers. A slot is
one text value of one member. Where an IRI stands, it takes an absolute IRI (`_IRI`); elsewhere it takes any text. A
document in which a member is there or not, or a list is longer, is another shape: prepare one skeleton for each shape.
Nodes without an id that say the same are taken the general path's slow way only if they are linked to further ones.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

import orjson
from pyoxigraph import Literal, NamedNode, Quad

from services.issuance.errors import SkeletonUnfit
from services.issuance.jsonld.canonical import Document, canonical_bytes, quads_of
from services.issuance.jsonld.ordered import About, joined
from services.issuance.jsonld.statements import Node, grouped, labels_of

Path = tuple[str | int, ...]
Slots = Mapping[str, Path]
Values = Mapping[str, str]
_PART = r"(?:[A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})"
_IRI = re.compile(rf"(?:(https?://[A-Za-z0-9._~:@!$&'()*+,;=%-]+)|urn:|did:|mailto:){_PART}*+(?:#{_PART}*+)?")
#: What canonical N-Quads escapes in a literal (RDF 1.2 N-Quads, section 4), or JSON in a string, or neither can hold.
_ESCAPED = re.compile(r'[\x00-\x1f"\\\x7f\ud800-\udfff\ufffe\uffff]')
_ESCAPES = {number: f"\\u{number:04X}" for number in (*range(0x20), 0x7F, 0xFFFE, 0xFFFF)} | {
    ord(each): f"\\{letter}" for each, letter in zip('\b\t\n\f\r"\\', 'btnfr"\\', strict=True)
}


@lru_cache(maxsize=4096)
def _is_iri(value: str) -> bool:
    """Tell whether this is an absolute IRI. Asked of authorities, which many IRIs share: the rest needs no parser."""
    try:
        return bool(NamedNode(value))
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A prepared document: `constant` with the values of `slots` set."""

    constant: Document
    slots: Slots
    _text: str
    _iris: tuple[str, ...]
    _about: tuple[About, ...]
    _nodes: tuple[Node, ...]

    def document(self, values: Values) -> Document:
        """Return the document with these values."""
        return with_values(self.constant, self.slots, values)

    def text(self, values: Values) -> bytes:
        """Return the document with these values as JSON: the bytes that `orjson` makes of it."""
        if _escapes(values):
            values = {name: orjson.dumps(values[name]).decode()[1:-1] for name in self.slots}
        return (self._text % values).encode()

    def canonical(self, values: Values) -> bytes:
        """Return the canonical N-Quads of the document with these values.

        Raises:
            SkeletonUnfit: a value is no text, or no absolute IRI where one stands.

        """
        for name in self._iris:
            _require_iri(name, values[name])
        filling = dict(values)
        if _escapes(values):
            filling = {name: value.translate(_ESCAPES) for name, value in values.items()}
        labels = labels_of(self._nodes, filling)
        if labels is None:
            return canonical_bytes(self.document(values))
        filling.update(labels)
        return joined([each.filled(filling) for each in self._about]).encode()


def prepared(constant: Document, slots: Slots) -> Skeleton:
    """Prepare documents that equal `constant` but for the values at `slots`.

    Raises:
        SkeletonUnfit: what stands at a slot is not carried into the statements as it is.
        CredentialRefused: it is not a document that a signature covers whole.

    """
    # The hash makes the marks unlike any text of the document itself.
    seal = sha256(orjson.dumps(constant)).hexdigest()
    marks = {name: f"urn:slot:{seal}:{number}:" for number, name in enumerate(slots)}
    marked = with_values(constant, slots, marks)
    quads = quads_of(marked)
    iris = _iris(quads, marks)
    about, nodes = grouped(quads, marks)
    return Skeleton(
        constant,
        slots,
        _text=_template(marked, marks),
        _iris=iris,
        _about=tuple(about),
        _nodes=tuple(nodes),
    )


def with_values(document: Document, slots: Slots, values: Values) -> Document:
    """Return a copy of a document with the values of its slots set."""
    for name, path in slots.items():
        document = _with_value(document, path, values[name])
    return document


def values_of(document: Document, slots: Slots) -> dict[str, str]:
    """Return the values at the slots of a document that has them all."""
    values: dict[str, Any] = {}
    for name, path in slots.items():
        value: Any = document
        for step in path:
            value = value[step]
        values[name] = value
    return values


def _with_value(node: Any, path: Path, value: str) -> Any:
    if not path:
        return value
    copied = node.copy()
    copied[path[0]] = _with_value(node[path[0]], path[1:], value)
    return copied


def _template(marked: Document, marks: Values) -> str:
    """Return the document as JSON in which `%(name)s` stands for what is between the quotes of a slot's text."""
    text = orjson.dumps(marked).decode().replace("%", "%%")
    for name, mark in marks.items():
        text = text.replace(f'"{mark}"', f'"%({name})s"')
    return text


def _iris(quads: list[Quad], marks: Values) -> tuple[str, ...]:
    """Return the slots at which IRIs stand; every slot must be carried over whole, as the one or the other."""
    terms = [term for quad in quads for term in (quad.subject, quad.predicate, quad.object, quad.graph_name)]
    iris = {term.value for term in terms if isinstance(term, NamedNode)}
    texts = {term.value for term in terms if isinstance(term, Literal)}
    for name, mark in marks.items():
        if (mark in iris) == (mark in texts):
            raise SkeletonUnfit(f"{name}: what stands there is not signed as it is; make it constant")
    return tuple(name for name, mark in marks.items() if mark in iris)


def _escapes(values: Values) -> bool:
    """Tell whether one of these texts is not written as it is; one look at all of them, for hardly ever one is not."""
    return _ESCAPED.search("".join(values.values())) is not None


def _require_iri(name: str, value: str) -> None:
    match = _IRI.fullmatch(value)
    if match is None or not (match[1] is None or _is_iri(match[1])):
        raise SkeletonUnfit(
            f"{name}: {value[:80]!r} is not an absolute http, urn, did or mailto IRI, which stands there"
        )
