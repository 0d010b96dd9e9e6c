"""A credential as files: each carries the very bytes that were signed."""

import asyncio
import struct
import zlib
from typing import Any

import orjson
import pytest

from services.issuance.errors import CredentialRefused, PressBusy
from services.issuance.facts import Facts, facts_of
from services.issuance.forms import png, svg
from services.issuance.forms.badge import picture_of
from services.issuance.forms.certificate import certificate
from services.issuance.forms.press import Press
from services.issuance.forms.qr import qr_code
from services.issuance.proofs.vcjwt import opened
from tests.unit.issuance.builders import ISSUING, award, beside, offering, passed, published
from tests.unit.issuance.desk import Service

HOSTILE = "]]><script>alert('x')</script>&\"<!DOCTYPE>"


def credential(**achievement: Any) -> bytes:
    """Return a signed credential of an offering with these texts."""
    known = offering(published(**achievement))
    return ISSUING.passed(award(), passed(), beside(known)).state.credentials[0].document


def facts(**achievement: Any) -> Facts:
    return facts_of(orjson.loads(credential(**achievement)))


async def test_every_file_carries_the_credential_as_it_was_signed(issuance: Service) -> None:
    credential = issuance.hear(passed()).credentials[0]
    address = f"/credentials/{credential.credential_id}"
    async with issuance.client() as client:
        files = {kind: await client.get(f"{address}.{kind}") for kind in ("json", "jwt", "png", "svg", "pdf")}

    assert {kind: answer.headers["content-type"] for kind, answer in files.items()} == {
        "json": "application/vc+ld+json",
        "jwt": "text/plain; charset=utf-8",
        "png": "image/png",
        "svg": "image/svg+xml",
        "pdf": "application/pdf",
    }
    assert files["json"].content == credential.document
    assert png.unbake(files["png"].content) == credential.document
    assert svg.unbake(files["svg"].content) == credential.document
    assert opened(files["jwt"].text).document == orjson.loads(credential.document)
    assert files["pdf"].content.startswith(b"%PDF-")
    assert "sandbox" in files["svg"].headers["content-security-policy"]
    assert f'filename="{credential.credential_id}.json"' in files["json"].headers["content-disposition"]


@pytest.mark.parametrize("kind", ["json", "jwt", "png", "svg", "pdf"])
async def test_no_file_of_a_credential_that_is_not_here(issuance: Service, kind: str) -> None:
    async with issuance.client() as client:
        answer = await client.get(f"/credentials/8c4e7f1a-3f0a-5b69-8a37-d1f9b7b2c1de.{kind}")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_drawn_badge_is_always_the_same_and_says_who_certifies_what() -> None:
    first, again = picture_of(facts()), picture_of(facts(description="Another."))
    other = picture_of(facts(name="Logic"))

    assert (first.svg, first.png) == (again.svg, again.png)
    assert png.size_of(first.png) == (480, 480)
    assert "Statistics, Open University" in first.svg
    assert other.svg != first.svg


def test_hostile_names_stay_texts_in_an_image() -> None:
    document = credential(name=HOSTILE, description=HOSTILE)
    picture = picture_of(facts_of(orjson.loads(document)))

    assert "<script" not in picture.svg
    assert svg.unbake(svg.bake(picture.svg, document.decode()).encode()) == document


@pytest.mark.parametrize("text", [HOSTILE, "漢字 😀", "#panic() $x$ *bold*", "\\ \" ' `"])
def test_a_certificate_is_made_whatever_the_texts_are(text: str) -> None:
    document = credential(name=text, description=text, criteria=text)
    about = facts_of(orjson.loads(document))

    assert certificate(about, picture_of(about), document).startswith(b"%PDF-")


def test_a_certificate_is_for_keeping_and_for_reading_aloud_and_has_the_credential_attached() -> None:
    document = credential()
    about = facts_of(orjson.loads(document))

    pdf = certificate(about, picture_of(about), document)

    assert b"<pdfaid:part>3</pdfaid:part>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"/StructTreeRoot" in b"".join([pdf, *_inflated(pdf)])
    assert document in _inflated(pdf)


def _inflated(pdf: bytes) -> list[bytes]:
    """Return what stands compressed in a PDF."""
    found = []
    for part in pdf.split(b"stream\n")[1:]:
        try:
            found.append(zlib.decompressobj().decompress(part))
        except zlib.error:
            continue
    return found


async def test_who_comes_when_the_line_is_full_is_told_to_come_again() -> None:
    press = Press(hands=1, waiting=0)

    one, other = await asyncio.gather(
        press.png(facts(), credential()), press.svg(facts(), credential()), return_exceptions=True
    )

    assert isinstance(one, bytes)
    assert isinstance(other, PressBusy)


async def test_what_was_made_is_kept_but_not_for_ever() -> None:
    one, other = credential(), credential(name="Logic")
    press = Press(kept_bytes=40_000)
    first = await press.png(facts(), one)

    assert await press.png(facts(), one) is first
    assert await press.png(facts(name="Logic"), other) != first
    assert await press.png(facts(), one) is not first


def test_a_qr_code_scales_and_has_a_name() -> None:
    drawn = qr_code("https://example.org/credentials/1", "QR <code>")

    assert drawn.startswith("<svg")
    assert "viewBox" in drawn
    assert "<title>QR &lt;code&gt;</title>" in drawn


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))


HEAD = chunk(b"IHDR", struct.pack("!IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
TAIL = chunk(b"IEND", b"")
OURS = b"openbadgecredential\0"


def picture(*chunks: bytes) -> bytes:
    return png.SIGNATURE + HEAD + b"".join(chunks) + TAIL


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"GIF89a", "not a PNG"),
        (png.SIGNATURE, "cut off"),
        (png.SIGNATURE + HEAD, "cut off"),
        (png.SIGNATURE + struct.pack("!I4s", 0xFFFFFFFF, b"IHDR") + b"xxxx", "cut off"),
        (picture()[:-1] + b"x", "damaged"),
        (picture(), "carries no credentials"),
        (picture(chunk(b"iTXt", OURS + b"\0\0\0\0{}"), chunk(b"iTXt", OURS + b"\0\0\0\0{}")), "carries 2"),
        (picture(chunk(b"iTXt", OURS + b"\0\0")), "malformed"),
        (picture(chunk(b"iTXt", OURS + b"\2\0\0\0{}")), "malformed"),
        (picture(chunk(b"iTXt", OURS + b"\1\0\0\0{}")), "cannot be read"),
        (picture(chunk(b"iTXt", OURS + b"\1\0\0\0" + zlib.compress(b"x" * 100)[:-8])), "cut off"),
        (picture(chunk(b"iTXt", OURS + b"\1\0\0\0" + zlib.compress(b"x" * 50_000_000))), "more than 262144"),
        (picture(chunk(b"iTXt", OURS + b"\0\0\0\0" + b"x" * 300_000)), "more than 262144"),
        (picture(*[chunk(b"tEXt", b"a\0b")] * 10_001), "more than 10000 chunks"),
    ],
)
def test_a_picture_that_is_no_badge_says_why(content: bytes, words: str) -> None:
    with pytest.raises(CredentialRefused, match=words):
        png.unbake(content)


def test_what_others_compress_is_read_too() -> None:
    assert png.unbake(picture(chunk(b"iTXt", OURS + b"\1\0en\0\0" + zlib.compress(b'{"a":1}')))) == b'{"a":1}'


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:b="https://purl.imsglobal.org/ob/v3p0">%s</svg>'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg", "not XML"),
        (b"<html/>", "not an SVG"),
        (SVG % b"", "carries no credentials"),
        (SVG % b"<b:credential/>", "carries an empty"),
        (SVG % b"<b:credential>{}</b:credential><b:credential>{}</b:credential>", "carries 2"),
        (SVG % (b"<g>" * 70 + b"</g>" * 70), "64 levels"),
        (SVG % (b"<g/>" * 20_001), "more than 20000 elements"),
        (SVG % (b"<b:credential>" + b"x" * 300_000 + b"</b:credential>"), "more than 262144"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG % b"<b:credential>&a;</b:credential>", "document type"),
        (b'<!DOCTYPE svg SYSTEM "file:///etc/passwd">' + SVG % b"", "document type"),
    ],
)
def test_an_svg_that_is_no_badge_says_why(content: bytes, words: str) -> None:
    with pytest.raises(CredentialRefused, match=words):
        svg.unbake(content)


def test_a_jwt_is_carried_in_the_attribute() -> None:
    baked = svg.bake(picture_of(facts()).svg, "e30.e30.c2ln")

    assert '<openbadges:credential verify="e30.e30.c2ln">' in baked
    assert svg.unbake(baked.encode()) == b"e30.e30.c2ln"
