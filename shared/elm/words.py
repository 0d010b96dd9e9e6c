"""Values as the European Learning Model writes them: texts with their language, durations, notes, amounts."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from shared.contracts.money import Money

Document = dict[str, Any]
_WHOLE = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split())  # noqa: SIM905
_THOUSANDTHS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())  # noqa: SIM905


def given(**members: Any) -> Document:
    """Return the members that say something."""
    return {name: value for name, value in members.items() if value not in (None, [], (), {}, "")}


def said(text: str | None, language: str) -> Document | None:
    """Return a text in its language."""
    return {language.partition("-")[0]: text} if text else None


def note(name: str, text: str | None, language: str) -> Document | None:
    """Return a note, if there is a text."""
    return {"id": name, "type": "Note", "noteLiteral": said(text, language)} if text else None


def page(name: str, url: str | None, language: str, title: str | None = None) -> Document | None:
    """Return a document on the web, if there is an address."""
    if not url:
        return None
    return given(id=name, type="WebResource", title=said(title, language), contentURL=url)


def hours(amount: float) -> str:
    """Return hours as an xsd:duration: `PT60H`. `P60M` would be sixty months."""
    whole, minutes = divmod(round(amount * 60), 60)
    return f"PT{whole}H{minutes}M" if minutes else f"PT{whole}H"


def weeks(amount: int) -> str:
    """Return weeks as an xsd:duration, which counts in days."""
    return f"P{amount * 7}D"


def points(amount: float) -> str:
    """Return credit points: the model wants a text, not a number."""
    return format(Decimal(str(amount)).normalize(), "f")


def moment(at: datetime) -> str:
    """Return a moment as an xsd:dateTime in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def midnight(day: date) -> str:
    """Return the beginning of a day, since the model knows moments only."""
    return f"{day.isoformat()}T00:00:00Z"


def value(money: Money) -> str:
    """Return an amount in the currency's main unit, as the text of an xsd:decimal."""
    places = 0 if money.currency in _WHOLE else 3 if money.currency in _THOUSANDTHS else 2
    return format(Decimal(money.amount).scaleb(-places), "f")
