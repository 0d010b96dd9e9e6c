"""A credential as a page that a person can read, show and print."""

from collections.abc import Iterable
from html import escape
from urllib.parse import urlencode

from services.issuance.checking.report import Code
from services.issuance.facts import Evidence, Facts, Skill
from services.issuance.forms.qr import qr_code
from services.issuance.interfaces.wallet_names import by_reference
from services.issuance.pages.frame import framed, link
from services.issuance.pages.history import history
from services.issuance.provenance import Cause
from services.issuance.standing import Standing

_COLOURS = {Code.VALID: "good", Code.SUSPENDED: "open", Code.NOT_YET_VALID: "open"}
_FORMS = {
    "pdf": "Certificate (PDF)",
    "png": "Badge (PNG)",
    "svg": "Badge (SVG)",
    "json": "Credential (JSON)",
    "jwt": "Credential (JWT)",
}


def page_of(credential_id: str, facts: Facts, standing: Standing, causes: Iterable[Cause] = ()) -> str:
    """Return the page of a credential, with what led to it.

    Its files are named beside it, so that it works under any address.
    """
    language = escape(facts.language)
    results = "".join(f"<dt>{escape(each.name)}</dt><dd>{escape(each.value)}</dd>" for each in facts.results)
    criteria = _text(facts.criteria) if facts.criteria else f"<p>{link(facts.criteria_url, facts.criteria_url)}</p>"
    content = [
        _verdict(standing),
        _head(credential_id, facts),
        _section("Achievement", _text(facts.description), language),
        _section("How it is earned", criteria, language),
        _section("Results", f"<dl>{results}</dl>" if results else ""),
        _section("Skills and level", _list(map(_skill, facts.skills)), language),
        _section("Evidence", _list(map(_evidence, facts.evidence)), language),
        _section("Take it along", _forms(credential_id)),
        _section("Put it into a wallet", _wallet(facts) if standing.code is Code.VALID else ""),
        _section("Check it", _check(facts)),
        _section("How it came about", history(causes)),
        _section("For the institution", _provenance(credential_id)),
    ]
    return framed(
        f"{facts.name}, {facts.issuer}", "\n".join(filter(None, content)), meta=_meta(facts), footer=escape(facts.url)
    )


def _verdict(standing: Standing) -> str:
    colour = _COLOURS.get(standing.code, "bad")
    return f'<p class="verdict {colour}" data-code="{standing.code}">{escape(standing.words)}</p>'


def _head(credential_id: str, facts: Facts) -> str:
    alternative = facts.image_caption or f"Badge: {facts.achievement}"
    ends = f", valid until {facts.valid_until:%d %B %Y}" if facts.valid_until else ""
    earned = f"<p>Credits: {escape(facts.credits)}</p>" if facts.credits else ""
    return (
        f'<div class="head"><img class="badge" src="{escape(credential_id)}.png" width="176" height="176" '
        f'alt="{escape(alternative)}"><div><h1 lang="{escape(facts.language)}">{escape(facts.name)}</h1>'
        f"<p>Issued by {link(facts.issuer_url, facts.issuer)}</p>"
        f"<p>Valid since {facts.valid_from:%d %B %Y}{ends}</p>{earned}</div></div>"
    )


def _section(title: str, content: str, language: str = "en") -> str:
    return f'<section><h2>{title}</h2><div lang="{language}">{content}</div></section>' if content else ""


def _text(text: str) -> str:
    return f'<p class="text">{escape(text)}</p>' if text else ""


def _list(items: Iterable[str]) -> str:
    entries = "".join(f"<li>{each}</li>" for each in items)
    return f"<ul>{entries}</ul>" if entries else ""


def _skill(skill: Skill) -> str:
    about = f"<br>{escape(skill.about)}" if skill.about else ""
    return f"{link(skill.url, skill.name)}{about}"


def _evidence(evidence: Evidence) -> str:
    about = f"<br>{escape(evidence.about)}" if evidence.about else ""
    return f"{link(evidence.url, evidence.name)}{about}"


def _forms(credential_id: str) -> str:
    links = [
        f'<li><a href="{escape(credential_id)}.{kind}" download>{title}</a></li>' for kind, title in _FORMS.items()
    ]
    return f'<ul class="take">{"".join(links)}</ul>'


def _check(facts: Facts) -> str:
    query = escape(urlencode({"url": facts.url}))
    return (
        f'<p class="check"><a href="../verify?{query}">Check this credential step by step</a></p>'
        "<p>This code leads to this page, where it is said whether the credential stands.</p>"
        f'<div class="qr">{qr_code(facts.url, "QR code of the address of this page")}</div>'
    )


def _wallet(facts: Facts) -> str:
    offer = by_reference(f"{facts.url}/offer")
    return (
        f'<p class="check"><a href="{escape(offer)}">Open the wallet on this device</a></p>'
        "<p>On another device the wallet reads this code. It gets the credential as it stands here.</p>"
        f'<div class="qr">{qr_code(offer, "QR code that offers this credential to a wallet")}</div>'
    )


def _provenance(credential_id: str) -> str:
    return (
        f'<p class="check"><a href="../v1/credentials/{escape(credential_id)}/provenance">The same with every '
        "place on the log, mark and decision</a>, for whoever has a token of the institution that issued it.</p>"
    )


def _meta(facts: Facts) -> str:
    """Return what others show when the page is shared (the Open Graph protocol)."""
    shared = {
        "og:type": "website",
        "og:title": facts.name,
        "og:description": f"Issued by {facts.issuer}. {facts.description}"[:300],
        "og:url": facts.url,
        "og:image": f"{facts.url}.png",
        "og:image:type": "image/png",
        "og:image:alt": facts.image_caption or f"Badge: {facts.achievement}",
    }
    tags = "".join(f'<meta property="{name}" content="{escape(value)}">\n' for name, value in shared.items())
    return f'{tags}<meta name="robots" content="noindex">\n'
