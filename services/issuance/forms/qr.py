"""QR codes as SVG (ISO/IEC 18004)."""

from functools import lru_cache
from io import BytesIO

import segno


@lru_cache(maxsize=256)
def qr_code(text: str, title: str) -> str:
    """Return a QR code as an SVG element that scales; `title` is what it is called by who does not see it."""
    drawn = BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn, kind="svg", title=title, light="#fff", omitsize=True, xmldecl=False, nl=False
    )
    return drawn.getvalue().decode()
