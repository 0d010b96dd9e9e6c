"""Statements with slots, and the labels that RDFC-1.0 gives to the blank nodes that they mention.

A template is a line of N-Quads in which `%(name)s` stands for a slot and `%(_:0)s` for the first blank node.
Source: RDF Dataset Canonicalization 1.0, sections 4.4.3 (order of labels) and 4.6 (hash of first-degree quads).
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, Quad

Filling = Mapping[str, str]
_NODE = "_:%d"
#: Keeps lines apart that differ only in which further blank node they mention: they count as two, though alike.
_APART = re.compile(rb"\0\d+")


@dataclass(frozen=True, slots=True)
class Statements:
    """All statements that mention the same blank nodes, as one text of templates."""

    nodes: tuple[int, ...]
    text: str
    slots: bool
    _kept: dict[str, list[bytes]] = field(default_factory=dict)

    def lines(self, filling: Filling) -> list[bytes]:
        """Return the lines with these values and labels; what only one constant node's label changes is kept."""
        if self.slots or len(self.nodes) > 1:
            return lines_of(self.text, filling)
        label = filling[_NODE % self.nodes[0]] if self.nodes else ""
        kept = self._kept.get(label)
        if kept is None:
            kept = self._kept[label] = lines_of(self.text, filling)
        return kept


@dataclass(frozen=True, slots=True)
class Node:
    """A blank node: the statements that mention it, as its hash sees them."""

    text: str
    linked: bool
    constant: str | None

    def hash(self, filling: Filling) -> str:
        """Return the hash of its statements with these values."""
        return self.constant or _hashed(self.text, filling)


def labels_of(nodes: Sequence[Node], filling: Filling) -> dict[str, str] | None:
    """Return each blank node's canonical label, or None where telling them apart takes more than their own statements.

    Those that are alike come last. What links them to other blank nodes would decide their order; unlinked they are
    interchangeable, so any order gives the same lines.
    """
    if len(nodes) == 1:
        return {_NODE % 0: "_:c14n0"}
    hashes = [node.hash(filling) for node in nodes]
    order = sorted(range(len(nodes)), key=hashes.__getitem__)
    if len(set(hashes)) < len(hashes):
        alike = {each for each, count in Counter(hashes).items() if count > 1}
        if any(node.linked and own in alike for node, own in zip(nodes, hashes, strict=True)):
            return None
        order.sort(key=lambda number: (hashes[number] in alike, hashes[number]))
    return {_NODE % number: f"_:c14n{rank}" for rank, number in enumerate(order)}


def grouped(quads: Iterable[Quad], marks: Mapping[str, str]) -> tuple[list[Statements], list[Node]]:
    """Return the statements by the blank nodes that they mention, and these nodes; `marks` are the slots' texts."""
    numbers: dict[Any, int] = {}
    templates: dict[tuple[tuple[int, ...], bool], list[str]] = {}
    of_node: dict[int, list[tuple[str, bool, bool]]] = {}
    for quad in quads:
        blank = dict.fromkeys(term.value for term in _terms(quad) if isinstance(term, BlankNode))
        mentioned = tuple(numbers.setdefault(name, len(numbers)) for name in blank)
        plain = _template(quad, numbers)
        template = _with_slots(plain, marks)
        slots = template != plain
        templates.setdefault((mentioned, slots), []).append(template)
        for number in mentioned:
            of_node.setdefault(number, []).append((_seen_from(number, mentioned, template), slots, len(mentioned) > 1))
    statements = [Statements(nodes, "".join(sorted(texts)), slots) for (nodes, slots), texts in templates.items()]
    return statements, [_node(of_node[number]) for number in range(len(numbers))]


def lines_of(text: str, filling: Filling) -> list[bytes]:
    """Return the lines of a text of templates, filled. Line ends within values are escaped already."""
    return (text % filling).encode().splitlines(keepends=True)


def _node(seen: Sequence[tuple[str, bool, bool]]) -> Node:
    text = "".join(template for template, _, _ in seen)
    slots, linked = any(slots for _, slots, _ in seen), any(linked for _, _, linked in seen)
    return Node(text, linked, None if slots else _hashed(text, {}))


def _hashed(text: str, filling: Filling) -> str:
    lines: Iterable[bytes] = set(lines_of(text, filling))
    if "\0" in text:
        lines = [_APART.sub(b"", line) for line in lines]
    return sha256(b"".join(sorted(lines))).hexdigest()


def _terms(quad: Quad) -> tuple[Any, ...]:
    terms = (quad.subject, quad.predicate, quad.object)
    return terms if isinstance(quad.graph_name, DefaultGraph) else (*terms, quad.graph_name)


def _template(quad: Quad, numbers: Mapping[str, int]) -> str:
    written = (
        f"%({_NODE % numbers[term.value]})s" if isinstance(term, BlankNode) else str(term).replace("%", "%%")
        for term in _terms(quad)
    )
    return f"{' '.join(written)} .\n"


def _with_slots(template: str, marks: Mapping[str, str]) -> str:
    for name, mark in marks.items():
        template = template.replace(mark, f"%({name})s")
    return template


def _seen_from(number: int, mentioned: tuple[int, ...], template: str) -> str:
    for other in mentioned:
        template = template.replace(f"%({_NODE % other})s", "_:a" if other == number else f"_:z\0{other}")
    return template
