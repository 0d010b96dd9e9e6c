import base64
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.kit.cursor import Value, decode, encode
from shared.kit.problem import Problem

SECRET = b"a secret of more than thirty-two bytes"
VALUES = st.lists(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(), max_size=5
)


@given(VALUES)
def test_a_cursor_holds_its_values(values: list[Value]) -> None:
    assert decode(SECRET, encode(SECRET, values)) == values


@given(VALUES)
def test_a_cursor_is_safe_in_an_address(values: list[Value]) -> None:
    allowed = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
    assert set(encode(SECRET, values)) <= allowed


@given(VALUES, st.data())
def test_a_changed_cursor_is_refused(values: list[Value], data: st.DataObject) -> None:
    text = encode(SECRET, values)
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters())
    assume(other != text[at])
    with pytest.raises(Problem) as caught:
        decode(SECRET, text[:at] + other + text[at + 1 :])
    assert caught.value.status == 400


@given(st.text())
def test_a_made_up_cursor_is_refused_by_name(text: str) -> None:
    with pytest.raises(Problem) as caught:
        decode(SECRET, text)
    errors: Any = caught.value.extra["errors"]
    assert errors[0]["field"] == "cursor"


def test_a_cursor_of_another_secret_is_refused() -> None:
    with pytest.raises(Problem):
        decode(b"another secret of more than 32 bytes..", encode(SECRET, ["a"]))


def test_values_without_a_signature_are_refused() -> None:
    payload = base64.urlsafe_b64encode(b'["a"]').decode()
    for text in (payload, f"{payload}.", f".{payload}", encode(SECRET, ["a"])[:-1], encode(SECRET, ["a"]) + "0"):
        with pytest.raises(Problem):
            decode(SECRET, text)


def test_what_is_no_number_is_no_cursor() -> None:
    with pytest.raises(ValueError, match="JSON"):
        encode(SECRET, [float("nan")])
