"""Numbers with a fraction are signed and checked with the digits that everybody else writes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.issuance.errors import CredentialRefused
from services.issuance.jsonld.canonical import Document, canonical_bytes
from services.issuance.jsonld.contexts import CREDENTIALS_V2, OPEN_BADGES
from tests.property.issuance.judges import by_pyld

fractions = st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: not number.is_integer())
amounts = st.integers(1, 40_000).map(lambda number: number / 100).filter(lambda number: not number.is_integer())


def badge(*credits_: Any, name: Any = "Weaving") -> Document:
    """Return a document with numbers where the context gives them a type, and one where it gives none."""
    achievements = [{"type": ["Achievement"], "name": name, "creditsAvailable": each} for each in credits_]
    return {
        "@context": [CREDENTIALS_V2, OPEN_BADGES],
        "type": ["VerifiableCredential", "AchievementCredential"],
        "credentialSubject": {"type": ["AchievementSubject"], "achievement": achievements},
    }


@given(st.lists(fractions | amounts, min_size=1, max_size=4), fractions)
def test_they_are_written_as_pyld_writes_them(numbers: list[float], untyped: float) -> None:
    document = badge(*numbers, name=untyped)

    assert canonical_bytes(document) == by_pyld(document)


def test_a_number_that_the_json_text_writes_shorter() -> None:
    assert b'"7.798999999999999E1"^^<https://www.w3.org/2001/XMLSchema#float>' in canonical_bytes(badge(77.99))


@given(st.integers(1_000_000, 1_000_050), fractions)
def test_digits_that_stand_in_the_document_are_left_alone(digits: int, number: float) -> None:
    names = " ".join(f"{each}000000" for each in range(1_000_000, digits))
    document = badge(number, digits * 10**6, name=f"x{names}")

    assert canonical_bytes(document) == by_pyld(document)


def test_whole_numbers_are_whole_however_they_are_written() -> None:
    assert canonical_bytes(badge(8.0)) == canonical_bytes(badge(8)) == by_pyld(badge(8))


def test_a_number_that_no_reader_holds_is_refused() -> None:
    with pytest.raises(CredentialRefused, match="too large"):
        canonical_bytes(badge(float("inf")))


@given(fractions)
def test_json_that_is_carried_as_such_keeps_its_numbers(number: float) -> None:
    document = {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiableCredential"],
        "credentialSchema": {"type": "JsonSchema", "jsonSchema": number},
    }

    assert canonical_bytes(document) == by_pyld(document)
