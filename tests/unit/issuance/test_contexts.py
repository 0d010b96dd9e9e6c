"""The contexts are those of their addresses: as the library ships them, and the one that it does not ship."""

import hashlib
import json

import pytest
from openbadgeslib.ob3.contexts import load_context

from services.issuance.jsonld.contexts import CREDENTIALS_V2, KNOWN, OPEN_BADGES_3_0_0, context, published
from services.issuance.proofs.suites import EDDSA_JCS
from services.issuance.proofs.vcjwt import signed_jwt
from shared.openbadges.schema import OFFICIAL
from tests.unit.issuance.proving import ED, badge, method, proved, verdict

_SHA256 = "9f1c8f9f361ba2994b9b50701f41149919542c50c7b7455b2846d87959295d72"
OLD = {"@context": [CREDENTIALS_V2, OPEN_BADGES_3_0_0]}


@pytest.mark.parametrize("url", sorted(KNOWN - {OPEN_BADGES_3_0_0}))
def test_each_context_is_the_one_of_its_address(url: str) -> None:
    assert context(url) == load_context(url)["@context"]
    assert json.loads(published(url) or b"")["@context"] == context(url)


def test_the_first_context_of_open_badges_is_its_own_text_and_no_other() -> None:
    content = (OFFICIAL.parent / "ob_v3p0_context_3.0.0.json").read_bytes()

    assert hashlib.sha256(content).hexdigest() == _SHA256
    assert context(OPEN_BADGES_3_0_0) == json.loads(content)["@context"]
    assert published(OPEN_BADGES_3_0_0) is None


async def test_what_is_signed_as_json_under_it_is_checked() -> None:
    document = badge(**OLD)

    for shown in (proved(EDDSA_JCS, document=document), signed_jwt(document, ED, method(ED))):
        step, words = await verdict(shown)
        assert step == "proof passed", words


async def test_a_graph_under_it_is_refused_as_json_ld_has_it() -> None:
    document = proved(document=badge())

    step, words = await verdict({**document, **OLD})

    assert step == "format failed"
    assert "protected term" in words
