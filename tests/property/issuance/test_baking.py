"""Baking: what goes into a picture comes out of it, whatever it is, and only the last one stays in it."""

from functools import cache

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openbadgeslib import baking

from services.issuance.errors import CredentialRefused
from services.issuance.facts import facts_of
from services.issuance.forms import png, svg
from services.issuance.forms.badge import Picture, picture_of
from tests.unit.issuance.builders import ISSUING, award, beside, offering, passed

json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
documents = st.dictionaries(st.text(), json, max_size=5).map(orjson.dumps)
jwts = st.from_regex(r"\A[A-Za-z0-9_-]{2,40}\.[A-Za-z0-9_-]{2,40}\.[A-Za-z0-9_-]{2,40}\Z").map(str.encode)


@cache
def picture() -> Picture:
    document = ISSUING.passed(award(), passed(), beside(offering())).state.credentials[0].document
    return picture_of(facts_of(orjson.loads(document)))


@given(documents | jwts)
def test_a_png_gives_back_what_was_baked_into_it(text: bytes) -> None:
    baked = png.bake(picture().png, text)

    assert png.unbake(baked) == text
    assert baking.extract_png(baked, keyword=baking.ITXT_KEYWORD_OB3) == text.decode()


@given(documents | jwts)
def test_an_svg_gives_back_what_was_baked_into_it(text: bytes) -> None:
    baked = svg.bake(picture().svg, text.decode()).encode()
    taken = svg.unbake(baked)

    # Two characters that XML does not know are written as JSON's escapes: another spelling of the same document.
    same = taken == text or orjson.loads(taken) == orjson.loads(text)
    assert same
    theirs = baking.extract_svg(baked, element=baking.SVG_ELEMENT_OB3, text_fallback=True)
    assert theirs == taken.decode()


@given(documents, documents)
def test_baking_again_replaces_what_was_there(first: bytes, second: bytes) -> None:
    assert png.bake(png.bake(picture().png, first), second) == png.bake(picture().png, second)
    again = svg.bake(svg.bake(picture().svg, first.decode()), second.decode())
    assert again == svg.bake(picture().svg, second.decode())


@given(jwts | documents)
def test_what_openbadgeslib_bakes_is_read(text: bytes) -> None:
    theirs = baking.bake_png(picture().png, text.decode(), keyword=baking.ITXT_KEYWORD_OB3)

    assert png.unbake(theirs) == text


@given(jwts)
def test_what_openbadgeslib_bakes_into_an_svg_is_read(text: bytes) -> None:
    theirs = baking.bake_svg(
        picture().svg.encode(), text.decode(), element=baking.SVG_ELEMENT_OB3, namespace=baking.SVG_NS_OB3
    )

    assert svg.unbake(theirs) == text


@given(st.binary(max_size=400))
def test_no_bytes_do_anything_but_be_refused(content: bytes) -> None:
    for unbake in (png.unbake, svg.unbake):
        for start in (b"", png.SIGNATURE, b"<svg"):
            with pytest.raises(CredentialRefused):
                unbake(start + content)


@given(documents, st.data())
def test_no_byte_of_a_picture_can_change_unseen(text: bytes, data: st.DataObject) -> None:
    baked = bytearray(png.bake(picture().png, text))
    place = data.draw(st.integers(len(baked) - len(text) - 60, len(baked) - 1))
    baked[place] ^= data.draw(st.integers(1, 255))

    try:
        taken = png.unbake(bytes(baked))
    except CredentialRefused:
        return
    assert taken == text
