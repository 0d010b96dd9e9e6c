"""Prepared documents of invented shapes: slots in any node, linked or not, alike or not, and awkward values."""

import re
from typing import Any

import orjson
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from services.issuance.errors import DroppedTerm, SkeletonUnfit
from services.issuance.jsonld.canonical import Document, canonical_bytes
from services.issuance.jsonld.contexts import CREDENTIALS_V2, OPEN_BADGES
from services.issuance.jsonld.skeleton import Path, prepared, values_of
from services.issuance.jsonld.statements import labels_of
from tests.property.issuance.judges import by_pyld

# Few different values, so that nodes are often alike.
texts = st.one_of(st.sampled_from(["", "a", 'b "c" \\ \n%s%%(id)s']), st.text(st.characters(exclude_categories=["C"])))
controls = st.text(st.characters(max_codepoint=0x2FF, exclude_categories=["Cs"]), max_size=6)
urls = st.sampled_from(["https://e.example/1", "https://e.example/2", "urn:x:%20'", "mailto:a@e.example", "did:web:e"])
alignments = st.fixed_dictionaries({"type": st.just(["Alignment"]), "targetName": texts, "targetUrl": urls})
results = st.fixed_dictionaries(
    {"type": st.just(["Result"]), "value": texts},
    optional={"id": urls, "alignment": st.lists(alignments, min_size=1, max_size=3)},
)
evidence = st.fixed_dictionaries({"type": st.just(["Evidence"]), "narrative": texts}, optional={"id": urls})
identifiers = st.fixed_dictionaries(
    {
        "type": st.just("IdentityObject"),
        "hashed": st.booleans(),
        "identityHash": texts,
        "identityType": st.just("emailAddress"),
    },
    optional={"salt": texts},
)
documents = st.fixed_dictionaries(
    {
        "@context": st.just([CREDENTIALS_V2, OPEN_BADGES]),
        "id": urls,
        "type": st.just(["VerifiableCredential", "AchievementCredential"]),
        "credentialSubject": st.fixed_dictionaries(
            {"type": st.just(["AchievementSubject"])},
            optional={
                "id": urls,
                "result": st.lists(results, min_size=1, max_size=5),
                "identifier": st.lists(identifiers, min_size=1, max_size=3),
            },
        ),
    },
    optional={"evidence": st.lists(evidence, min_size=1, max_size=4), "name": texts},
)
ALLOWED = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._~:/?#@!$&'()*+,;=%-")
_CONSTANT = {"@context", "type", "hashed", "identityType"}


def places(value: Any, path: Path = ()) -> list[Path]:
    """Return the path of every text that may be a slot."""
    if isinstance(value, str):
        return [path]
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, each in members if key not in _CONSTANT for place in places(each, (*path, key))]


@settings(max_examples=300)
@given(st.data(), documents)
def test_slots_anywhere(data: st.DataObject, document: Document) -> None:
    slots = {f"s{number}": place for number, place in enumerate(places(document)) if data.draw(st.booleans())}
    try:
        expected = canonical_bytes(document)
    except DroppedTerm:
        return  # a node that speaks of the credential elsewhere, which nobody issues

    skeleton, values = prepared(document, slots), values_of(document, slots)

    assert skeleton.canonical(values) == expected == by_pyld(document)
    assert skeleton.text(values) == orjson.dumps(document)


@settings(max_examples=200)
@given(controls)
def test_control_characters_are_written_as_the_canonical_form_has_them(text: str) -> None:
    skeleton = prepared(results_of("x"), {"value": ("credentialSubject", "result", 0, "value")})

    assert skeleton.canonical({"value": text}) == canonical_bytes(results_of(text))


def test_more_nodes_than_digits_sort_as_text() -> None:
    document = results_of(*map(str, range(30)))
    slots = {f"value {number}": ("credentialSubject", "result", number, "value") for number in range(0, 30, 2)}

    assert prepared(document, slots).canonical(values_of(document, slots)) == canonical_bytes(document)


def test_alike_but_unlinked_nodes_need_no_slow_way() -> None:
    skeleton = prepared(results_of("a", "a", "b"), {})

    assert labels_of(skeleton._nodes, {}) is not None
    assert skeleton.canonical({}) == canonical_bytes(skeleton.constant) == by_pyld(skeleton.constant)


@pytest.mark.parametrize("value", ["", "relative", "https://e.example/a b", "https://e.example/%zz", "javascript:x"])
def test_an_iri_slot_takes_iris_only(value: str) -> None:
    with pytest.raises(SkeletonUnfit, match="id: "):
        prepared(results_of("a"), {"id": ("id",)}).canonical({"id": value})


def test_a_slot_must_be_carried_over_as_it_is() -> None:
    document = results_of("a")
    document["credentialSubject"]["result"][0]["value"] = {"@value": "a", "@language": "en"}

    with pytest.raises(SkeletonUnfit, match="language: what stands there"):
        prepared(document, {"language": ("credentialSubject", "result", 0, "value", "@language")})


def results_of(*values: str) -> Document:
    """Return a credential with a result for each value."""
    results = [{"type": ["Result"], "value": value} for value in values]
    return {
        "@context": [CREDENTIALS_V2, OPEN_BADGES],
        "id": "urn:x",
        "type": ["VerifiableCredential", "AchievementCredential"],
        "credentialSubject": {"id": "urn:y", "type": ["AchievementSubject"], "result": results},
    }


addresses = st.tuples(
    st.sampled_from(["https://", "http://", "urn:", "did:", "mailto:", "ftp://", ""]),
    st.text("aZ9._~:/?#@!$&'()*+,;=%-[]{} \\é", max_size=12),
).map("".join)


@given(addresses)
@settings(max_examples=500)
def test_an_address_is_taken_if_a_parser_of_addresses_takes_it(address: str) -> None:
    # The parser also takes what RFC 3986 does not: https:// without a host, a % that begins no escape.
    assume(not re.search(r"^https?://([/?#]|$)|%(?![0-9A-Fa-f]{2})", address))
    template = prepared({"@context": [CREDENTIALS_V2], "id": "", "type": ["VerifiableCredential"]}, {"id": ("id",)})
    try:
        NamedNode(address)
        fits = address.startswith(("https://", "http://", "urn:", "did:", "mailto:")) and set(address) <= ALLOWED
    except ValueError:
        fits = False

    try:
        template.canonical({"id": address})
        taken = True
    except SkeletonUnfit:
        taken = False

    assert taken == fits
