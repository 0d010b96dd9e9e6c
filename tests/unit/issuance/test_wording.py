"""Values as credentials have them: dates that end, hours, numbers, languages, and addresses that RDF takes."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from pyoxigraph import NamedNode

from services.issuance.credential import expiry
from services.issuance.wording import duration, language, number
from shared.contracts.texts import PlainLink
from tests.unit.issuance.builders import offering, published


@pytest.mark.parametrize(
    ("validity", "passed", "ends"),
    [
        ({"months": 1}, "2026-01-31", "2026-02-28"),
        ({"months": 13}, "2027-01-30", "2028-02-29"),
        ({"months": 12}, "2028-02-29", "2029-02-28"),
        ({"months": 11}, "2026-01-15", "2026-12-15"),
        ({"days": 30}, "2026-02-28", "2026-03-30"),
        (None, "2026-02-28", None),
    ],
)
def test_a_credential_ends_so_many_months_or_days_after_the_pass(
    validity: dict[str, int] | None, passed: str, ends: str | None
) -> None:
    known = offering(published(validity=validity))

    found = expiry(known, datetime.fromisoformat(f"{passed}T08:30:00Z"))

    assert found == (ends and datetime.fromisoformat(f"{ends}T08:30:00").replace(tzinfo=UTC))


@pytest.mark.parametrize(("hours", "text"), [(125, "PT125H"), (12.5, "PT12H30M"), (0.01, "PT0H1M")])
def test_hours_are_a_duration(hours: float, text: str) -> None:
    assert duration(hours) == text


@pytest.mark.parametrize(("amount", "written"), [(5.0, "5"), (7.5, "7.5"), (2.6666, "2.67")])
def test_a_whole_number_is_written_whole(amount: float, written: str) -> None:
    assert str(number(amount)) == written


@pytest.mark.parametrize(
    ("tag", "written"),
    [("en", "en"), ("nl-be", "nl-BE"), ("zh-hant-tw", "zh-Hant-TW"), ("es-419", "es-419"), ("de-1996", "de")],
)
def test_a_language_is_written_as_open_badges_has_it(tag: str, written: str) -> None:
    assert language(tag) == written


PLAIN = TypeAdapter(PlainLink)


@given(st.text("abcAZ09.-_~:/?#@!$&'()*+,;=%[]^|<>\" ä", max_size=20))
def test_an_address_that_the_contract_takes_is_one_that_rdf_takes(rest: str) -> None:
    address = f"https://example.org{rest}"
    try:
        PLAIN.validate_python(address)
    except ValueError:
        return

    assert NamedNode(address).value == address
