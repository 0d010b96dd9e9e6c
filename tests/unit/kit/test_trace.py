import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kit.trace import traceparent

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"
GOOD = f"00-{TRACE}-{PARENT}-01"


def test_a_valid_header_is_kept() -> None:
    assert traceparent(GOOD) == GOOD


@pytest.mark.parametrize("header", [f"01-{TRACE}-{PARENT}-01", f"cc-{TRACE}-{PARENT}-01-what-comes-later"])
def test_a_later_version_is_read_as_far_as_we_know_it(header: str) -> None:
    assert traceparent(header) == GOOD


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        f"ff-{TRACE}-{PARENT}-01",
        f"00-{'0' * 32}-{PARENT}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE}-{PARENT}-01-more",
        f"00-{TRACE.upper()}-{PARENT}-01",
        f"01-{TRACE}-{PARENT}-01more",
        f"{GOOD}\n",
        f" {GOOD}",
        TRACE,
    ],
)
def test_anything_else_begins_a_new_trace(header: str | None) -> None:
    made = traceparent(header)
    assert made != traceparent(header)
    assert TRACE not in made
    assert traceparent(made) == made


@given(st.text() | st.from_regex(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}"))
def test_whatever_comes_the_result_fits_the_envelope(header: str) -> None:
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}", traceparent(header))
