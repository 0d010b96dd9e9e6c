"""A credential as a page that a person can read: rendered here, without scripts, everything escaped."""

import base64
from hashlib import sha256
from html import escape
from string import Template
from typing import Any

from services.issuance.domain import Credential

Document = dict[str, Any]

_STYLE = """
:root { color-scheme: light dark; font: 1.05rem/1.5 system-ui, sans-serif; }
body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; }
dt { font-weight: 600; margin-top: 1rem; }
dd { margin: 0; white-space: pre-line; overflow-wrap: anywhere; }
.revoked { border-left: .4rem solid; padding-left: .8rem; font-weight: 600; }
"""
_STYLE_HASH = base64.b64encode(sha256(_STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_PAGE = Template("""<!doctype html>
<html lang="$language">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$name</title>
<style>$style</style>
</head>
<body>
<main>
<h1>$name</h1>
$status
<dl>
$facts
</dl>
</main>
</body>
</html>
""")


def page_of(credential: Credential, document: Document) -> str:
    """Return the page of a credential; `document` is the credential's own, read."""
    achievement = document["credentialSubject"]["achievement"]
    issuer = document["issuer"]
    skills = [_link(each["targetUrl"], each["targetName"]) for each in achievement.get("alignment", [])]
    facts = {
        "Issued by": _link(issuer["url"], issuer["name"]) if "url" in issuer else escape(issuer["name"]),
        "Achievement": escape(achievement["description"]),
        "How it is earned": escape(achievement["criteria"]["narrative"]),
        "Grade": escape(f"{document['credentialSubject']['result'][0]['value']} %"),
        "Skills": "<br>".join(skills),
        "Valid since": escape(f"{credential.valid_from:%d %B %Y}"),
        "Credential": escape(document["id"]),
    }
    return _PAGE.substitute(
        language=escape(achievement["inLanguage"]),
        name=escape(document["name"]),
        style=_STYLE,
        status=_status(credential),
        facts="\n".join(f"<dt>{name}</dt><dd>{fact}</dd>" for name, fact in facts.items() if fact),
    )


def _status(credential: Credential) -> str:
    if credential.revoked is None and credential.suspended is not None:
        since = f"{credential.suspended.time:%d %B %Y}"
        return f'<p class="revoked">Suspended since {escape(since)}: {escape(credential.suspended.reason)}.</p>'
    if credential.revoked is None:
        return "<p>This credential stands.</p>"
    day = f"{credential.revoked.time:%d %B %Y}"
    return f'<p class="revoked">Revoked on {escape(day)}: {escape(credential.revoked.reason)}.</p>'


def _link(url: str, text: str) -> str:
    return f'<a href="{escape(url)}" rel="noreferrer">{escape(text)}</a>'
