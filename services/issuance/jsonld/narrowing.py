"""Contexts cut down to what a document uses: reading all their hundreds of terms is most of the general path's time.

What is left means the same. A term matters only where its name stands in the document: as a member, as a type or other
value that a vocabulary is meant by, or before the colon of a compact IRI; or where another definition refers to it.
"""

from functools import lru_cache
from typing import Any

from services.issuance.jsonld.contexts import Terms
from services.issuance.jsonld.terms import Contexts


def names_in(value: Any) -> set[str]:
    """Return every text of a document that could be a term's name, or the prefix of one."""
    names: set[str] = set()
    left = [value]
    while left:
        each = left.pop()
        if isinstance(each, dict):
            names.update(each)
            left.extend(each.values())
        elif isinstance(each, list):
            left.extend(each)
        elif isinstance(each, str):
            names.add(each)
    return names | {name.partition(":")[0] for name in names}


def narrowed(contexts: Contexts, url: str, names: set[str]) -> Terms:
    """Return the terms of a context that matter to a document with these names."""
    return _kept(contexts, url, frozenset(names & _defined(contexts, url)))


@lru_cache(maxsize=512)
def _kept(contexts: Contexts, url: str, names: frozenset[str]) -> Terms:
    return _of(contexts(url), names | _referred(contexts, url))


def _of(terms: Terms, names: frozenset[str]) -> Terms:
    return {
        name: {**definition, "@context": _of(definition["@context"], names)} if _has_scope(definition) else definition
        for name, definition in terms.items()
        if name in names or name.startswith("@")
    }


@lru_cache(maxsize=64)
def _defined(contexts: Contexts, url: str) -> frozenset[str]:
    return frozenset(name for terms in _scopes(contexts(url)) for name in terms)


@lru_cache(maxsize=64)
def _referred(contexts: Contexts, url: str) -> frozenset[str]:
    """Return the terms that definitions may be built on."""
    definitions = [each for terms in _scopes(contexts(url)) for each in terms.values()]
    texts = [text for each in definitions for text in (each.values() if isinstance(each, dict) else [each])]
    used = {part for text in texts if isinstance(text, str) for part in (text, text.partition(":")[0])}
    return frozenset(used) & _defined(contexts, url)


def _scopes(terms: Terms) -> list[Terms]:
    """Return a context and all that stand within it."""
    return [terms, *(inner for each in terms.values() if _has_scope(each) for inner in _scopes(each["@context"]))]


def _has_scope(definition: Any) -> bool:
    return isinstance(definition, dict) and isinstance(definition.get("@context"), dict)
