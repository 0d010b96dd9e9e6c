"""Standard Webhooks: the published vector, and everything that is almost a signature."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrolment.platforms.webhook import NotSigned, secret_of, verify
from tests.unit.enrolment.platforms.registry import NEXT_SECRET, SECRET, signed

#: The vector that the libraries of the specification are tested with.
KEY, BODY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
AT = datetime.fromtimestamp(1614265330, UTC)
VECTOR = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
WRONG = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc="


def check(headers: dict[str, str], body: bytes = BODY, *secrets: str, now: datetime = AT) -> str:
    return verify(headers, body, [secret_of(each) for each in secrets or (KEY,)], now)


def test_the_published_vector_holds() -> None:
    assert check(VECTOR) == "msg_p5jXN8AQM9LWM0D4loKWxJek"


def test_a_secret_may_stand_without_its_prefix() -> None:
    assert check(VECTOR, BODY, KEY.removeprefix("whsec_"))


def test_one_of_several_signatures_is_enough_and_other_versions_are_passed_over() -> None:
    several = f"{WRONG} v2,anything v1a,{WRONG[3:]} {VECTOR['webhook-signature']} {WRONG}"
    assert check(VECTOR | {"webhook-signature": several})


def test_either_secret_holds_while_one_replaces_the_other() -> None:
    for secret in (SECRET, NEXT_SECRET):
        assert check(signed(BODY, AT, secret), BODY, SECRET, NEXT_SECRET)
    with pytest.raises(NotSigned):
        check(signed(BODY, AT, NEXT_SECRET), BODY, SECRET)


@pytest.mark.parametrize("away", [-301, 301, 10**9])
def test_what_is_out_of_tolerance_is_refused(away: int) -> None:
    with pytest.raises(NotSigned, match="timestamp"):
        check(VECTOR, now=AT + timedelta(seconds=away))


@pytest.mark.parametrize("away", [-299, 299])
def test_what_is_within_tolerance_is_taken(away: int) -> None:
    assert check(VECTOR, now=AT + timedelta(seconds=away))


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-id": ""},
        {"webhook-id": "another"},
        {"webhook-timestamp": ""},
        {"webhook-timestamp": "now"},
        {"webhook-timestamp": "-1"},
        {"webhook-timestamp": "1614265330.0"},
        {"webhook-timestamp": "9" * 400},
        {"webhook-timestamp": "１６１４２６５３３０"},
        {"webhook-timestamp": "1614265331"},
        {"webhook-signature": ""},
        {"webhook-signature": WRONG},
        {"webhook-signature": "v1"},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1,ü"},
        {"webhook-signature": VECTOR["webhook-signature"].replace("v1,", "v2,")},
        {"webhook-signature": VECTOR["webhook-signature"] * 100},
        {"webhook-signature": f"{WRONG} " * 20 + VECTOR["webhook-signature"]},
    ],
)
def test_what_is_almost_a_signature_is_none(changed: dict[str, str]) -> None:
    with pytest.raises(NotSigned):
        check(VECTOR | changed)


@given(st.binary(max_size=60))
def test_no_other_body_has_the_signature(body: bytes) -> None:
    if body != BODY:
        with pytest.raises(NotSigned):
            check(VECTOR, body)


@given(st.dictionaries(st.sampled_from(sorted(VECTOR)), st.text(max_size=80)))
def test_whatever_stands_in_the_headers_it_is_one_kind_of_refusal(changed: dict[str, str]) -> None:
    headers = VECTOR | changed
    if headers != VECTOR:
        with pytest.raises(NotSigned):
            check(headers)


@pytest.mark.parametrize(
    "bad", ["whsec_", "whsec_AAAA", "not base64!", "whsec_" + base64.b64encode(b"x" * 65).decode()]
)
def test_a_secret_that_could_be_guessed_or_is_none_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="webhook secret"):
        secret_of(bad)
