"""What all pages have around them: the head, the style, and the headers that let nothing but these in."""

import base64
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template

_STYLE = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
_STYLE_HASH = base64.b64encode(sha256(_STYLE.encode()).digest()).decode()
#: No script at all; the one style is named by its hash (Content Security Policy Level 3).
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src 'self' data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<link rel="icon" href="data:,">
$meta<style>$style</style>
</head>
<body>
<main>
$content
</main>
$footer</body>
</html>
""")


def framed(title: str, content: str, *, meta: str = "", footer: str = "") -> str:
    """Return a page; `title` is text, the rest is HTML."""
    footer = f"<footer>{footer}</footer>\n" if footer else ""
    return _PAGE.substitute(title=escape(title), style=_STYLE, content=content, meta=meta, footer=footer)


def link(url: str, text: str) -> str:
    """Return a link as HTML; without an address only its text."""
    return f'<a href="{escape(url)}" rel="noreferrer">{escape(text)}</a>' if url else escape(text)
