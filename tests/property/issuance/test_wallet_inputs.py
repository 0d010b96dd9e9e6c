"""Whatever a stranger sends as a code or a key proof: refused with a reason, and never anything else."""

import base64
import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.issuance.errors import CredentialRefused, KeyUnknown
from services.issuance.interfaces.datamodel import require_credential, require_presentation, require_proof
from services.issuance.interfaces.key_proof import proven_by
from services.issuance.interfaces.seals import Kind, SealBroken, Seals
from services.issuance.interfaces.vc_verify import options_of
from tests.unit.issuance.interfaces.calls import credential
from tests.unit.issuance.interfaces.wallet import ISSUER, proof

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SEALS = Seals(b"a secret of more than 32 bytes, for tests")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
HEADERS = st.dictionaries(st.sampled_from(["alg", "typ", "kid", "jwk", "x5c", "crit", "enc"]), JSON) | JSON
CLAIMS = st.dictionaries(st.sampled_from(["jti", "exp", "tenant", "aud", "iat", "nonce", "nbf"]), JSON) | JSON


def encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


TOKENS = st.builds(lambda *parts: ".".join(map(encoded, parts)), HEADERS, CLAIMS, JSON) | st.text(max_size=60)


@given(TOKENS)
def test_what_is_no_seal_of_ours_is_broken(text: str) -> None:
    with pytest.raises(SealBroken):
        SEALS.opened(Kind.CODE, text, "ou", NOW)


@given(TOKENS)
def test_what_is_no_key_proof_proves_nothing(text: str) -> None:
    with pytest.raises((CredentialRefused, KeyUnknown)):
        proven_by(text, ISSUER, NOW)


@given(st.dictionaries(st.sampled_from(["kid", "jwk", "typ", "alg"]), JSON, min_size=1), st.data())
def test_a_key_proof_with_another_header_proves_nothing(header: dict[str, Any], data: st.DataObject) -> None:
    claims: dict[str, Any] = data.draw(st.dictionaries(st.sampled_from(["aud", "iat", "exp", "nbf"]), JSON))

    with pytest.raises((CredentialRefused, KeyUnknown)):
        proven_by(proof("n", header={"kid": 1, **header}, **claims), ISSUER, NOW)


@given(st.sampled_from(Kind), st.sampled_from(Kind), st.integers(-10, 10), st.text(max_size=8))
def test_a_seal_opens_as_its_kind_in_its_time_for_its_institution(
    made: Kind, asked: Kind, late: int, code: str
) -> None:
    text = SEALS.sealed(made, NOW, timedelta(minutes=5), tenant="ou", credential="c", code=code)
    moment = NOW + timedelta(minutes=5, seconds=late)

    if made == asked and late < 0:
        found = SEALS.opened(asked, text, "ou", moment)
        assert found.tx == (SEALS.mark(found.jti, code) if code else "")
        assert SEALS.mark(found.jti, f"{code}0") != found.tx
    else:
        with pytest.raises(SealBroken):
            SEALS.opened(asked, text, "ou", moment)
    for other in (Seals(b"another secret of more than 32 bytes!!"), SEALS):
        with pytest.raises(SealBroken):
            other.opened(made, text, "other", NOW)


@given(
    st.dictionaries(st.sampled_from([*credential(), "proof", "evidence", "name", "relatedResource", "holder"]), JSON)
)
def test_whatever_a_credential_says_is_taken_or_refused(members: dict[str, Any]) -> None:
    for require in (require_credential, require_presentation, require_proof):
        with suppress(CredentialRefused):
            require({**credential(), **members})


@given(JSON)
def test_whatever_options_are_is_taken_or_refused(value: Any) -> None:
    with suppress(CredentialRefused):
        options_of(value)
