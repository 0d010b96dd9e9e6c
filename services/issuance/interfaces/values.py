"""What values a verifiable credential or presentation may have, whatever it is about. Pure.

Source: Verifiable Credentials Data Model 2.0, sections 4.3 to 4.6 and 11.1; XML Schema 1.1, dateTimeStamp.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from services.issuance.errors import CredentialRefused
from services.issuance.jsonld.contexts import CREDENTIALS_V2
from services.issuance.jsonld.terms import listed
from shared.contracts.envelope import utc

Document = dict[str, Any]

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]{1,2000}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_TEXT_MEMBERS = {"@value", "@language", "@direction"}


def require_context(document: Document) -> None:
    """Refuse a document whose contexts are no list that begins with that of VC 2.0 (section 4.3)."""
    contexts = document.get("@context")
    if contexts is None:
        raise CredentialRefused("@context", "is missing")
    if not isinstance(contexts, list) or not contexts or contexts[0] != CREDENTIALS_V2:
        raise CredentialRefused("@context", f"is not a list that begins with {CREDENTIALS_V2}")
    if not all(isinstance(each, dict) or is_url(each) for each in contexts):
        raise CredentialRefused("@context", "holds something that is neither a URL nor a context")
    if len(set(map(str, contexts))) < len(contexts):
        raise CredentialRefused("@context", "names a context twice")


def require_types(node: Document, path: str, *needed: str) -> None:
    """Refuse an object without a type, or without one that it needs (section 4.5)."""
    where = _below(path, "type")
    if "type" not in node:
        raise CredentialRefused(where, "is missing")
    types = listed(node["type"])
    if not types or not all(isinstance(each, str) and each for each in types):
        raise CredentialRefused(where, "is not a text, or a list of texts")
    if needed and not set(needed) & set(types):
        raise CredentialRefused(where, f"does not contain {' or '.join(needed)}")


def require_url(value: object, path: str) -> None:
    """Refuse what is not one URL (section 4.4)."""
    if isinstance(value, list):
        raise CredentialRefused(path, "is a list: there may be one only")
    if not is_url(value):
        raise CredentialRefused(path, "is not a URL")


def is_url(value: object) -> bool:
    """Tell whether a value is an absolute URL, a URN and a DID included."""
    return isinstance(value, str) and bool(_URL.fullmatch(value))


def require_identifiers(node: Document) -> None:
    """Refuse any id that is not one URL, any type that is none, and texts whose language or direction is wrong."""
    left: list[tuple[str, Any]] = [("", node)]
    while left:
        path, each = left.pop()
        if isinstance(each, list):
            left.extend((f"{path}.{number}", one) for number, one in enumerate(each))
        elif isinstance(each, dict) and "@value" in each:
            require_text(each, path)
        elif isinstance(each, dict):
            if "id" in each:
                require_url(each["id"], _below(path, "id"))
            if "type" in each:
                require_types(each, path)
            left.extend((_below(path, name), one) for name, one in each.items() if name not in {"@context", "id"})


def require_texts(node: Document, path: str, *names: str) -> None:
    """Refuse names and descriptions that are neither a text nor texts with a language (section 4.6)."""
    for name in names:
        if name not in node:
            continue
        where = _below(path, name)
        if isinstance(node[name], str):
            continue
        texts = listed(node[name])
        if not texts or not all(isinstance(each, dict) for each in texts):
            raise CredentialRefused(where, "is neither a text nor a text with its language")
        for each in texts:
            require_text(each, where)


def require_text(value: Document, path: str) -> None:
    """Refuse a text with a language that is not well formed (section 11.1)."""
    if not isinstance(value.get("@value"), str):
        raise CredentialRefused(path, "has no text in @value")
    if more := value.keys() - _TEXT_MEMBERS:
        raise CredentialRefused(path, f"may have {', '.join(sorted(_TEXT_MEMBERS))} only, not {min(more)[:80]}")
    language = value.get("@language", "en")
    if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
        raise CredentialRefused(f"{path}.@language", "is not a language tag (BCP 47)")
    if value.get("@direction", "ltr") not in ("ltr", "rtl"):
        raise CredentialRefused(f"{path}.@direction", "is neither ltr nor rtl")


def moment_in(node: Document, name: str) -> datetime | None:
    """Return the moment that a member says, or None without it (section 4.9)."""
    if name not in node:
        return None
    value = node[name]
    try:
        return utc(value) if isinstance(value, str) and _MOMENT.fullmatch(value) else _no_moment(name)
    except (ValueError, OverflowError):
        return _no_moment(name)


def objects_in(node: Document, name: str) -> Iterator[tuple[str, Document]]:
    """Yield the path and the object of each value of a member; there is at least one, and no other kind of value."""
    if name not in node:
        return
    values = listed(node[name])
    if not values or not all(isinstance(each, dict) and each for each in values):
        raise CredentialRefused(name, "is neither an object nor a list of objects that say something")
    for number, each in enumerate(values):
        yield f"{name}.{number}" if len(values) > 1 else name, each


def _no_moment(name: str) -> datetime:
    raise CredentialRefused(name, "is not a date and time with an offset from UTC, such as 2026-03-02T09:30:00Z")


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
