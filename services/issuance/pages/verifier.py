"""The page that checks a credential for whoever was shown one, and says in words how each step went."""

from html import escape

from services.issuance.checking.report import Outcome, Report, Step
from services.issuance.pages.frame import framed

_FORM = """<h1>Is this credential genuine?</h1>
<p>Give us what you were shown: we check who signed it, whether it was changed, and whether it still stands.</p>
<form method="post" action="verify" enctype="multipart/form-data">
<label for="file">A file <span class="hint">(a badge in PNG or SVG, or the credential as JSON or JWT)</span></label>
<input id="file" name="file" type="file" accept=".json,.jsonld,.jwt,.jws,.png,.svg,image/png,image/svg+xml">
<label for="url">Or its address <span class="hint">(also what its QR code says)</span></label>
<input id="url" name="url" type="url" value="{url}" placeholder="https://">
<label for="text">Or its text <span class="hint">(copied from elsewhere)</span></label>
<textarea id="text" name="text" spellcheck="false"></textarea>
<button type="submit">Check it</button>
</form>"""
_TITLES = {
    "format": "Is it a credential at all?",
    "schema": "Does it say what a badge must say?",
    "proof": "Was it changed?",
    "issuer": "Who issued it?",
    "dates": "Is it valid today?",
    "status": "Does it still stand?",
}
_OUTCOMES = {
    Outcome.PASSED: ("good", "All right"),
    Outcome.FAILED: ("bad", "Not all right"),
    Outcome.UNKNOWN: ("open", "Not known"),
    Outcome.SKIPPED: ("open", "Not looked at"),
}
_TITLE = "Check a credential"


def asking_page(url: str = "", complaint: str = "") -> str:
    """Return the page that asks for a credential, and says why the last one could not be read."""
    told = f'<p class="verdict bad" role="alert">{escape(complaint)}</p>\n' if complaint else ""
    return framed(_TITLE, told + _FORM.format(url=escape(url)))


def report_page(report: Report, name: str) -> str:
    """Return what a check found out; `name` is what the credential calls itself."""
    called = f"<p>It calls itself: <strong>{escape(name[:300])}</strong></p>" if name else ""
    steps = "".join(_item(step, f"<strong>{_TITLES[step.step]}</strong> ") for step in report.steps)
    colour, verdict = _verdict(report)
    content = (
        f'<h1>What we found</h1>\n<p class="verdict {colour}" role="status">{verdict}</p>\n{called}\n<ol>{steps}</ol>\n'
        f"{_endorsements(report)}"
        '<p class="check"><a href="verify">Check another one</a></p>'
    )
    return framed(_TITLE, content)


def _item(step: Step, title: str = "") -> str:
    colour, outcome = _OUTCOMES[step.outcome]
    return f'<li data-code="{step.code}">{title}<span class="{colour}">{outcome}.</span> {escape(step.words)}</li>'


def _endorsements(report: Report) -> str:
    if not report.endorsements:
        return ""
    told = "".join(map(_item, report.endorsements))
    return f"<h2>What others say of it</h2>\n<p>It stands or falls without them.</p>\n<ul>{told}</ul>\n"


def _verdict(report: Report) -> tuple[str, str]:
    if report.verified:
        return "good", "This credential is genuine and stands."
    if any(step.outcome is Outcome.FAILED for step in report.steps):
        return "bad", "Do not rely on this credential: see below what is wrong with it."
    return "open", "This credential could not be checked wholly: see below what is not known."
