"""The contexts are those that the library ships, under the addresses that it knows them by."""

import pytest
from openbadgeslib.ob3.contexts import load_context

from services.issuance.jsonld.contexts import KNOWN, context


@pytest.mark.parametrize("url", sorted(KNOWN))
def test_each_context_is_the_one_of_its_address(url: str) -> None:
    assert context(url) == load_context(url)["@context"]
