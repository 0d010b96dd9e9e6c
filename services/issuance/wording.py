"""Values as they stand in documents: texts, numbers, moments, languages."""

import re
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from functools import lru_cache
from typing import Any

from shared.contracts.envelope import utc

_CENT = Decimal("0.01")
#: The control characters of Unicode (general category Cc) but the line feed, and what is no character of XML 1.1.
_UNREADABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_LANGUAGE = re.compile(r"([a-z]{2,4})(?:-([A-Za-z]{4}))?(?:-([A-Za-z]{2}|\d{3}))?(?:-.*)?")


@lru_cache(maxsize=4096, typed=True)
def percent(grade: float | Decimal) -> str:
    """Return a grade as text, cut to two decimals: 39.996 must not read as the 40 that was needed."""
    return format(Decimal(str(grade)).quantize(_CENT, rounding=ROUND_DOWN).normalize(), "f")


def number(amount: float) -> int | float:
    """Return an amount as a JSON number, to two decimals, and whole where it is."""
    rounded = round(amount, 2)
    return int(rounded) if rounded.is_integer() else rounded


@lru_cache(maxsize=4096)
def timestamp(moment: datetime) -> str:
    """Return a moment as XML Schema dateTimeStamp in UTC."""
    # One moment stands in many places of a credential and of its award.
    return utc(moment).isoformat().replace("+00:00", "Z")


def duration(hours: float) -> str:
    """Return hours as an ISO 8601 duration, to the minute."""
    whole, minutes = divmod(round(hours * 60), 60)
    return f"PT{whole}H{minutes}M" if minutes else f"PT{whole}H"


def language(tag: str) -> str:
    """Return a language tag as Open Badges 3.0 writes it: language, script and region, each in its usual case."""
    match = _LANGUAGE.fullmatch(tag)
    if match is None:
        return tag.partition("-")[0]
    primary, script, region = match.groups()
    return "-".join(filter(None, [primary, script and script.title(), region and region.upper()]))


def legible(text: str) -> str:
    """Return a text without control characters but the line feed, and without U+FFFE and U+FFFF.

    Canonicalisers differ in how they write them: by RDF 1.2 N-Quads, section 4, as escapes, which not all do.
    """
    return _UNREADABLE.sub(" ", text)


def given(**members: Any) -> dict[str, Any]:
    """Return the members that say something: JSON-LD signs neither null nor an empty array. Texts become legible."""
    return {
        name: legible(value) if isinstance(value, str) else value
        for name, value in members.items()
        if value is not None and value not in ([], {})
    }
