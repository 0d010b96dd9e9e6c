"""Statements with slots, and the labels that RDFC-1.0 gives to the blank nodes that they mention.

Source: RDF Dataset Canonicalization 1.0, sections 4.4.3 (order of labels) and 4.6 (hash of first-degree quads).
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Self

from pyoxigraph import BlankNode, DefaultGraph, Quad

from services.issuance.jsonld.ordered import About, Filling, Ordered, slots_in

_NODE = "_:%d"
#: Keeps lines apart that differ only in which further blank node they mention: they count as two, though alike.
_APART = re.compile(r"\0\d+")


@dataclass(frozen=True, slots=True)
class Node:
    """A blank node: the statements that mention it, as its hash sees them."""

    templates: tuple[str, ...]
    ordered: Ordered
    linked: bool
    constant: str | None

    @classmethod
    def of(cls, templates: Sequence[str], *, linked: bool) -> Self:
        """Prepare the hash of a node; one that no slot changes is made once."""
        node = cls(tuple(templates), Ordered.of(templates), linked, None)
        return node if any(map(slots_in, templates)) else replace(node, constant=node.hash({}))

    def hash(self, filling: Filling) -> str:
        """Return the hash of its statements with these values."""
        if self.constant is not None:
            return self.constant
        return sha256((self._unmarked(filling) if self.linked else self.ordered.text(filling)).encode()).hexdigest()

    def _unmarked(self, filling: Filling) -> str:
        lines = {each % filling for each in self.templates}
        return "".join(sorted(_APART.sub("", line) for line in lines))


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


def grouped(quads: Iterable[Quad], marks: Mapping[str, str]) -> tuple[list[About], list[Node]]:
    """Return the statements by their subjects, and the blank nodes; `marks` are the slots' texts."""
    numbers: dict[Any, int] = {}
    about: dict[str, list[str]] = {}
    seen: dict[int, list[str]] = {}
    linked: set[int] = set()
    for quad in quads:
        blank = dict.fromkeys(term.value for term in _terms(quad) if isinstance(term, BlankNode))
        mentioned = tuple(numbers.setdefault(name, len(numbers)) for name in blank)
        subject, *rest = (_with_slots(_written(term, numbers), marks) for term in _terms(quad))
        template = f"{subject} {' '.join(rest)} .\n"
        about.setdefault(subject, []).append(template)
        for number in mentioned:
            seen.setdefault(number, []).append(_seen_from(number, mentioned, template))
        if len(mentioned) > 1:
            linked.update(mentioned)
    labels = [_NODE % number for number in numbers.values()]
    nodes = [Node.of(seen[number], linked=number in linked) for number in range(len(numbers))]
    return [About.of(subject, templates, labels) for subject, templates in about.items()], nodes


def _terms(quad: Quad) -> tuple[Any, ...]:
    terms = (quad.subject, quad.predicate, quad.object)
    return terms if isinstance(quad.graph_name, DefaultGraph) else (*terms, quad.graph_name)


def _written(term: Any, numbers: Mapping[str, int]) -> str:
    return f"%({_NODE % numbers[term.value]})s" if isinstance(term, BlankNode) else str(term).replace("%", "%%")


def _with_slots(template: str, marks: Mapping[str, str]) -> str:
    for name, mark in marks.items():
        template = template.replace(mark, f"%({name})s")
    return template


def _seen_from(number: int, mentioned: tuple[int, ...], template: str) -> str:
    for other in mentioned:
        template = template.replace(f"%({_NODE % other})s", "_:a" if other == number else f"_:z\0{other}")
    return template
