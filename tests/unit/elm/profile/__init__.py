"""The profile EDC as a JSON-LD context and as SHACL shapes; README.md says what it was read from."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pyld import jsonld
from pyld.documentloader.frozen import BUNDLED_CONTEXTS, FrozenDocumentLoader
from rdflib import RDF, SH, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import BNode, Node

from shared.elm.offering import CONTEXT

PROFILE: Mapping[str, Any] = tomllib.loads(Path(__file__).with_name("profile.toml").read_text())
PREFIXES: Mapping[str, str] = PROFILE["prefixes"]
_COUNTS = {"1": (1, 1), "?": (0, 1), "+": (1, None), "*": (0, None)}
_KINDS: Mapping[str, Mapping[str, str]] = {"node": {"@type": "@id"}, "text": {"@container": "@language"}, "plain": {}}


def iri(name: str) -> URIRef:
    """Return what `prefix:name` stands for."""
    prefix, _, local = name.partition(":")
    return URIRef(PREFIXES[prefix] + local)


def compact(name: object) -> str:
    """Return an IRI as `prefix:name`; one of another vocabulary as it is."""
    text = str(name)
    found = [f"{short}:{text.removeprefix(long)}" for short, long in PREFIXES.items() if text.startswith(long)]
    return found[0] if found else text


@cache
def terms() -> Mapping[str, Any]:
    """Return the context: classes and keys."""
    classes = {
        name: str(iri(f"{prefix}:{name}")) for prefix, names in PROFILE["classes"].items() for name in names.split()
    }
    return {**PREFIXES, **classes, **dict(_keys())}


def _keys() -> Iterator[tuple[str, Mapping[str, str]]]:
    for kind, by_prefix in PROFILE["keys"].items():
        for prefix, keys in by_prefix.items():
            for given in keys.split():
                key, _, name = given.partition("=")
                yield key, {"@id": str(iri(f"{prefix}:{name or key}")), **_KINDS.get(kind, {"@type": kind})}


def graph_of(document: Any) -> Graph:
    """Return a document as RDF; nothing is fetched."""
    loader = FrozenDocumentLoader(documents={**BUNDLED_CONTEXTS, CONTEXT: {"@context": terms()}})
    quads = jsonld.to_rdf(document, {"format": "application/n-quads", "documentLoader": loader})
    return Graph().parse(data=quads, format="nt")


@cache
def shapes() -> Graph:
    """Return the shapes of all classes: those of the file that the environment names, or our own words of them."""
    if theirs := os.environ.get("MICROCRED_ELM_SHAPES"):
        return Graph().parse(theirs, format="turtle")
    graph = Graph()
    issuer = BNode()
    _constrain(graph, issuer, PROFILE["issuer"])
    for name, properties in PROFILE["shapes"].items():
        shape = BNode()
        graph.add((shape, SH.targetClass, iri(name)))
        _constrain(graph, shape, properties)
    for each in list(graph.subjects(SH.path, iri("cred:issuer"))):
        graph.add((each, SH.node, issuer))
    return graph


def _constrain(graph: Graph, shape: Node, properties: Mapping[str, str]) -> None:
    graph.add((shape, RDF.type, SH.NodeShape))
    for path, constraint in properties.items():
        of = BNode()
        graph.add((shape, SH.property, of))
        graph.add((of, SH.path, iri(path)))
        count, *kinds = constraint.split()
        least, most = _COUNTS[count]
        graph.add((of, SH.minCount, Literal(least)))
        if most is not None:
            graph.add((of, SH.maxCount, Literal(most)))
        _of_kind(graph, of, kinds)


def _of_kind(graph: Graph, of: Node, kinds: list[str]) -> None:
    if kinds[0] in {"text", "name"}:
        graph.add((of, SH.datatype, RDF.langString))
        if kinds[0] == "text":
            graph.add((of, SH.uniqueLang, Literal(True)))
    elif kinds[0] == "literal":
        graph.add((of, SH.nodeKind, SH.Literal))
    elif kinds[0].startswith("xsd:"):
        graph.add((of, SH.datatype, iri(kinds[0])))
    else:
        choices: list[Node] = [BNode() for _ in kinds]
        for choice, kind in zip(choices, kinds, strict=True):
            graph.add((choice, SH["class"], iri(kind)))
        alternatives = BNode()
        Collection(graph, alternatives, choices)
        graph.add((of, SH["or"], alternatives))
