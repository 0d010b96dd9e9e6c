"""The page as HTML, whole and readable before any script has run."""

from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlencode

from services.analytics.domain import RATES, STAGES, View
from services.analytics.projections.funnel import Funnel, Row

_FOLDER = Path(__file__).parent
_BY = {"offering": "Offering", "month": "Month of enrolment"}
_SIGN_OUT = '<form method="post" action="/dashboard/logout"><button type="submit">Sign out</button></form>'


def sign_in_page(minutes: int, complaint: str = "") -> str:
    """Return the page that asks for a token, and says why the last one did not do."""
    told = f'<p class="complaint" role="alert">{escape(complaint)}</p>' if complaint else ""
    content = _template("sign-in.html").substitute(complaint=told, minutes=minutes)
    return _template("index.html").substitute(banner="", content=content)


def funnel_page(funnel: Funnel, view: View, titles: Mapping[str, str]) -> str:
    """Return the page with the funnel as it stands."""
    offerings = {"": "All offerings"} | dict(sorted(titles.items(), key=lambda each: each[1]))
    if view.offering:
        offerings.setdefault(view.offering, view.offering)
    content = _template("funnel.html").substitute(
        offerings=_options(offerings, view.offering or ""),
        choices=_options(_BY, view.by),
        rates="".join(_rate(name, getattr(funnel.total.rates, name)) for name in RATES),
        row_name=_BY[funnel.by],
        stages="".join(f'<th scope="col" role="columnheader">{stage.capitalize()}</th>' for stage in STAGES),
        rows=_rows(funnel.rows),
        total=_rows([funnel.total]),
        query=escape(urlencode({"by": view.by, "offering": view.offering or ""})),
    )
    return _template("index.html").substitute(banner=_SIGN_OUT, content=content)


@cache
def _template(name: str) -> Template:
    return Template((_FOLDER / name).read_text(encoding="utf-8"))


def _options(choices: Mapping[str, str], chosen: str) -> str:
    return "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(title)}</option>'
        for value, title in choices.items()
    )


def _rows(rows: Iterable[Row]) -> str:
    # Roles are spelled out: on a phone the style lays rows out as a grid, and some browsers then forget the table.
    return "".join(
        f'<tr role="row"><th scope="row" role="rowheader">{escape(row.title)}</th>'
        f"{''.join(_cell(row, stage) for stage in STAGES)}</tr>"
        for row in rows
    )


def _cell(row: Row, stage: str) -> str:
    count = f"{getattr(row.counts, stage):,}"
    name = f"{stage}_of_enrolled"
    share = f"<small>{_percent(getattr(row.rates, name))} of enrolled</small>" if name in RATES else ""
    return f'<td role="cell">{count}{share}</td>'


def _rate(name: str, rate: float | None) -> str:
    return f"<div><dt>{name.replace('_', ' ').capitalize()}</dt><dd>{_percent(rate)}</dd></div>"


def _percent(rate: float | None) -> str:
    return "–" if rate is None else f"{100 * rate:.1f} %"
