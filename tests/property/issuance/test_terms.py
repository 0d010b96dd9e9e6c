"""Our look for dropped members, judged by a processor that drops them: pyld loses nothing of what we let pass."""

import copy
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st
from openbadgeslib.ob3.contexts import document_loader
from pyld import jsonld

from services.issuance.errors import CredentialRefused
from services.issuance.jsonld.canonical import Document, canonical_bytes
from services.issuance.jsonld.contexts import CREDENTIALS_V2, OPEN_BADGES, context
from services.issuance.jsonld.terms import require_all_signed
from tests.unit.issuance.builders import ISSUING, award, beside, offering, passed

ISSUED = orjson.loads(ISSUING.passed(award(), passed(), beside(offering())).state.credentials[0].document)


def defined(terms: Any) -> set[str]:
    """Return every term that a context defines anywhere."""
    found: set[str] = set()
    for name, definition in terms.items():
        if not name.startswith("@"):
            found.add(name)
            if isinstance(definition, dict):
                found |= defined(definition.get("@context") or {})
    return found


TERMS = sorted(defined(context(CREDENTIALS_V2)) | defined(context(OPEN_BADGES)))
names = st.one_of(st.sampled_from(TERMS), st.sampled_from(["unheard", "https://schema.org/name", "@id", "@index", ""]))
values = st.one_of(
    st.sampled_from(["text", "https://example.org/x", "relative", "2026-01-01T00:00:00Z", "assertionMethod"]),
    st.sampled_from([None, [], {}, 5, True, ["a", "b"], [["a"]], {"@value": "x", "@language": "en"}]),
    st.sampled_from(["Profile", "Alignment", "Evidence", "Unheard"]).map(lambda name: {"type": [name]}),
    st.sampled_from([{"id": "urn:x", "type": ["Profile"], "name": "x", "narrative": "y"}, {"type": 5}, {"id": 5}]),
)
places = st.sampled_from(
    [(), ("issuer",), ("credentialSubject",), ("credentialSubject", "achievement"), ("credentialStatus",), ("proof", 0)]
)


def dropped_by_pyld(document: Document) -> list[str]:
    found: list[str] = []
    jsonld.expand(document, {"documentLoader": document_loader()}, on_property_dropped=found.append)
    return found


def normalized(document: Document) -> str:
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": document_loader()}
    text: str = jsonld.normalize(document, options)
    return text


@settings(max_examples=400)
@given(places, names, values)
def test_what_passes_is_expanded_without_loss(place: tuple[str | int, ...], name: str, value: Any) -> None:
    document = copy.deepcopy(ISSUED)
    node = document
    for step in place:
        node = node[step]
    if name in node:
        return
    node[name] = value
    try:
        require_all_signed(document)
    except CredentialRefused:
        return

    assert dropped_by_pyld(document) == []
    assert len(normalized(document).splitlines()) > len(normalized(ISSUED).splitlines())


@settings(max_examples=200)
@given(places, names, values)
def test_contexts_cut_down_to_what_is_used_mean_the_same(place: tuple[str | int, ...], name: str, value: Any) -> None:
    document = copy.deepcopy(ISSUED)
    node = document
    for step in place:
        node = node[step]
    node.setdefault(name, value)
    try:
        canonical = canonical_bytes(document)
    except CredentialRefused:
        return

    assert canonical.decode() == normalized(document)
