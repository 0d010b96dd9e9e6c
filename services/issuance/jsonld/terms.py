"""Whether JSON-LD would carry all of a document into the graph that is signed; what it would drop is an error.

A JSON-LD processor silently leaves out undefined terms, relative IRIs, nulls and empty arrays: whoever changes those
does not break the signature. The same holds for a member spelled another way (an IRI, or a keyword, in place of its
term), which moves a statement to where a reader of the JSON does not look. So only plain terms of known contexts pass.
Follows JSON-LD 1.1 API, section 5.1.2 (expansion): scoped contexts by property propagate, those by type do not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from services.issuance.errors import DroppedTerm
from services.issuance.jsonld.contexts import Terms, context

Contexts = Callable[[object], Terms]
_ENDORSED = frozenset({"id", "type", "endorsementComment"})
_VALUE_OBJECT = frozenset({"@value", "@language", "@direction"})


@dataclass(frozen=True, slots=True)
class _Whole:
    """What holds for all nodes of one document: its own id, and where contexts are found."""

    id: object
    contexts: Contexts


def listed(value: Any) -> list[Any]:
    """Return an array as it is, and anything else as an array of one: JSON-LD takes them for the same."""
    return value if isinstance(value, list) else [value]


def only(value: Any) -> Any:
    """Return the one entry of an array that has one, and anything else as it is: JSON-LD takes them for the same."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def require_all_signed(document: dict[str, Any], contexts: Contexts = context) -> None:
    """Refuse a document of which anything would be dropped or re-read under another name.

    Raises:
        DroppedTerm: with the member's path.
        UnknownContext: a context that is not built in.

    """
    _node(document, {}, "", _Whole(document.get("id"), contexts))


def _node(node: dict[str, Any], inherited: Terms, path: str, whole: _Whole) -> None:
    for url in listed(node.get("@context", [])):
        inherited = _with(inherited, whole.contexts(url))
    active = _with_types(inherited, node.get("type", []), path)
    if path and len(node) > 1 and whole.id is not None and node.get("id") == whole.id and not _is_endorsed(node):
        raise DroppedTerm(path, "says more about the credential in a place where readers do not look")
    for key, value in node.items():
        if key == "@context":
            continue
        here = f"{path}.{key}" if path else key
        definition = active.get(key)
        if key.startswith("@") or definition is None:
            raise DroppedTerm(here, "is not a term of the document's contexts, so no signature covers it")
        if definition == "@id":
            _require_iri(value, here)
        elif definition != "@type":
            _values(value, definition, inherited, here, whole)


def _is_endorsed(node: dict[str, Any]) -> bool:
    """Tell whether a node says of the credential no more than that somebody endorses it, and with which words."""
    return node.keys() <= _ENDORSED and listed(node.get("type")) == ["EndorsementSubject"]


def _values(value: Any, definition: Any, inherited: Terms, path: str, whole: _Whole) -> None:
    detailed = definition if isinstance(definition, dict) else {}
    if value is None or value == []:
        raise DroppedTerm(path, "is empty, so no signature covers it: leave it out")
    each_of = listed(value)
    for index, each in enumerate(each_of):
        _value(each, detailed, inherited, f"{path}.{index}" if len(each_of) > 1 else path, whole)


def _value(value: Any, definition: Terms, inherited: Terms, path: str, whole: _Whole) -> None:
    if value is None or isinstance(value, list):
        raise DroppedTerm(path, "is null or an array in an array: no signature covers its form")
    if isinstance(value, dict):
        if "@value" not in value:
            _node(value, _with(inherited, definition.get("@context", {})), path, whole)
        elif not value.keys() <= _VALUE_OBJECT or not isinstance(value["@value"], str):
            raise DroppedTerm(path, "is not a text with a language")
    elif _means_iri(value, definition, inherited):
        _require_iri(value, path)


def _means_iri(value: Any, definition: Terms, inherited: Terms) -> bool:
    """Tell whether a value is read as an IRI; where a vocabulary is meant, one of its terms is none."""
    kind = definition.get("@type")
    return kind == "@id" or (kind == "@vocab" and value not in _with(inherited, definition.get("@context", {})))


def _with(terms: Terms, scoped: Terms | None) -> Terms:
    """Return the terms after a scoped context; null forgets all that were inherited."""
    if scoped is None:
        return {}
    return {**terms, **scoped} if scoped else terms


def _with_types(terms: Terms, types: Any, path: str) -> Terms:
    here = f"{path}.type" if path else "type"
    named = listed(types)
    if not all(isinstance(name, str) and not name.startswith("@") and terms.get(name) for name in named):
        raise DroppedTerm(here, "names a type that is not a term of the document's contexts")
    active = terms
    for name in sorted(named):
        definition = terms[name]
        if isinstance(definition, dict):
            active = _with(active, definition.get("@context", {}))
    return active


def _require_iri(value: Any, path: str) -> None:
    try:
        NamedNode(value)
    except (TypeError, ValueError) as error:
        raise DroppedTerm(path, "is not an absolute IRI, so no signature covers it") from error
