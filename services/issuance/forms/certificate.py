"""A certificate to print: an A4 PDF that says what the credential says, with the credential itself as an attachment.

PDF/A-3a and PDF/UA-1: kept for years, and read aloud. Texts in scripts that no font here has are left as the font shows
what it does not know, and then neither standard is claimed.
"""

from functools import cache
from pathlib import Path
from typing import Any

import orjson
import typst

from services.issuance.facts import Facts
from services.issuance.forms.badge import Picture
from services.issuance.forms.qr import qr_code

_TEMPLATE = Path(__file__).with_suffix(".typ")


def certificate(facts: Facts, picture: Picture, document: bytes) -> bytes:
    """Return the PDF. It is set without the interpreter's lock: call it in a thread."""
    inputs = {
        "facts": orjson.dumps(_said(facts)).decode(),
        "document": document.decode(),
        "qr": qr_code(facts.url, facts.url),
        "badge": picture.printed,
    }
    moment = int(facts.valid_from.timestamp())
    try:
        return _set(inputs, moment, for_keeping=True)
    except typst.TypstError:
        return _set(inputs, moment, for_keeping=False)


def _set(inputs: dict[str, str], moment: int, *, for_keeping: bool) -> bytes:
    return typst.compile(
        _template(),
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=["a-3a", "ua-1"] if for_keeping else [],
        timestamp=moment,
    )


@cache
def _template() -> bytes:
    return _TEMPLATE.read_bytes()


def _said(facts: Facts) -> dict[str, Any]:
    dates = f"{facts.valid_from:%d %B %Y}"
    if facts.valid_until:
        dates += f", valid until {facts.valid_until:%d %B %Y}"
    return {
        "name": facts.name,
        "issuer": facts.issuer,
        "language": facts.language.partition("-")[0],
        "issued_by": f"Issued by {facts.issuer}",
        "dates": dates,
        "badge_alt": f"Badge: {facts.achievement}, {facts.issuer}",
        "qr_alt": "QR code of the address below",
        "url": facts.url,
        "check": "A certificate on paper can be copied: whether this one stands is said at its address.",
        "footer": f"{facts.name}, {facts.issuer}",
        "attached": "The signed credential (Open Badges 3.0), which any verifier can check",
        "sections": [section for section in _sections(facts) if section["lines"]],
    }


def _sections(facts: Facts) -> list[dict[str, Any]]:
    return [
        _section("Achievement", (facts.description, "")),
        _section("How it is earned", (facts.criteria, facts.criteria_url if not facts.criteria else "")),
        _section("Results", *((f"{each.name}: {each.value}", "") for each in facts.results)),
        _section("Skills", *((_joined(each.name, each.about), each.url) for each in facts.skills)),
        _section("Evidence", *((_joined(each.name, each.about), each.url) for each in facts.evidence)),
    ]


def _joined(name: str, about: str) -> str:
    return f"{name}: {about}" if about else name


def _section(title: str, *lines: tuple[str, str]) -> dict[str, Any]:
    return {"title": title, "lines": [{"text": text or url, "url": url} for text, url in lines if text or url]}
