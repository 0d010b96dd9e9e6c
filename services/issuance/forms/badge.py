"""The image of a badge: the achievement's own where its credential holds it, else one that is drawn from its names.

An achievement's image that is only an address is not fetched: looking at a badge must not tell anybody who looked.
"""

import base64
import binascii
import re
import textwrap
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from html import escape
from string import Template

import typst

from services.issuance.errors import CredentialRefused
from services.issuance.facts import Facts
from services.issuance.forms.png import size_of

SIDE = 480
MAX_SIDE = 2048
"""Pixels: an image that is larger in either direction is shown by browsers only, and decoded nowhere here."""
_DATA = re.compile(r"data:(image/(?:png|jpeg|webp|svg\+xml));base64,([A-Za-z0-9+/=]+)")
_FRAME = Template(
    '<svg xmlns="http://www.w3.org/2000/svg" width="$side" height="$side" viewBox="0 0 480 480" role="img">'
    "<title>$title</title>$content</svg>"
)
_DRAWN = Template("""
<rect width="480" height="480" rx="48" fill="hsl($hue, 55%, 24%)"/>
<circle cx="240" cy="240" r="216" fill="none" stroke="hsl($hue, 60%, 72%)" stroke-width="6"/>
<path transform="translate(240 52) scale(.75)" d="M0 0l14 29 32 4-23 22 6 32-29-15-29 15 6-32-23-22 32-4z"
 fill="hsl($hue, 60%, 72%)"/>
<g font-family="Libertinus Serif, Georgia, serif" text-anchor="middle" fill="#fff">$lines</g>
""")
_PAGE = (
    b"#set page(width: 480pt, height: 480pt, margin: 0pt, fill: none)\n"
    b'#image(bytes(sys.inputs.svg), format: "svg", width: 480pt)'
)
_NAME_WIDTH, _NAME_LINES, _ISSUER_WIDTH, _ISSUER_LINES = 19, 4, 30, 2


@dataclass(frozen=True, slots=True)
class Picture:
    """A badge image in both forms; `printed` is an SVG of which every part is known to be small when it is drawn."""

    svg: str
    png: bytes
    printed: str


def picture_of(facts: Facts) -> Picture:
    """Return the image of a credential's badge. It is drawn without the interpreter's lock: call it in a thread."""
    return _picture(facts.achievement, facts.issuer, facts.image)


@lru_cache(maxsize=256)
def _picture(achievement: str, issuer: str, image: str) -> Picture:
    title = escape(f"{achievement}, {issuer}")
    drawn = _FRAME.substitute(side=SIDE, title=title, content=_drawn(achievement, issuer))
    kind, content = _own(image)
    if kind is None:
        return Picture(drawn, _rendered(drawn), drawn)
    # Inside an image element, an SVG can neither run scripts nor load anything.
    shown = f'<image width="480" height="480" href="data:{kind};base64,{base64.b64encode(content).decode()}"/>'
    framed = _FRAME.substitute(side=SIDE, title=title, content=shown)
    if kind == "image/png" and _is_modest(content):
        return Picture(framed, content, framed)
    return Picture(framed, _rendered(drawn), drawn)


def _own(image: str) -> tuple[str | None, bytes]:
    match = _DATA.fullmatch(image)
    if match is None:
        return None, b""
    try:
        return match[1], base64.b64decode(match[2], validate=True)
    except binascii.Error:
        return None, b""


def _is_modest(png: bytes) -> bool:
    try:
        return max(size_of(png)) <= MAX_SIDE
    except CredentialRefused:
        return False


def _drawn(achievement: str, issuer: str) -> str:
    hue = blake2b(f"{issuer}\n{achievement}".encode(), digest_size=2).digest()
    names = _wrapped(achievement, _NAME_WIDTH, _NAME_LINES)
    lines = [_line(text, 252 + 44 * (nth - (len(names) - 1) / 2), 40) for nth, text in enumerate(names)]
    lines += [
        _line(text, 366 + 26 * nth, 21) for nth, text in enumerate(_wrapped(issuer, _ISSUER_WIDTH, _ISSUER_LINES))
    ]
    return _DRAWN.substitute(hue=int.from_bytes(hue) % 360, lines="".join(lines))


def _line(text: str, y: float, size: int) -> str:
    return f'<text x="240" y="{y:g}" font-size="{size}">{escape(text)}</text>'


def _wrapped(text: str, width: int, lines: int) -> list[str]:
    return textwrap.wrap(text, width, max_lines=lines, placeholder=" …") or ["…"]


def _rendered(svg: str) -> bytes:
    png: bytes = typst.compile(_PAGE, format="png", ppi=72, sys_inputs={"svg": svg})
    return png
