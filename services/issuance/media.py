"""Which form of a credential a client wants (RFC 9110, section 12.5.1)."""

from collections.abc import Mapping

HTML = "text/html"
CREDENTIAL = "application/vc+ld+json"
JWT = "application/vc+jwt"
#: What Open Badges 3.0 calls a JWT (section 5.2); Securing Verifiable Credentials using JOSE has the other name.
TEXT = "text/plain"
PNG = "image/png"
SVG = "image/svg+xml"
PDF = "application/pdf"
_JSON = ("application/vc", "application/ld+json", "application/json")
_EVERY = {name: name for name in (HTML, CREDENTIAL, JWT, TEXT, *_JSON)}
_OF_CREDENTIAL = {**_EVERY, "*/*": CREDENTIAL, "application/*": CREDENTIAL}
_OF_JWT = {TEXT: TEXT, JWT: JWT, "*/*": TEXT, "text/*": TEXT, "application/*": JWT}


def wanted(accept: str) -> str:
    """Return the media type to answer with.

    HTML for browsers, a JWT or any JSON type where it is asked for, else a credential.
    """
    return _first(accept, _OF_CREDENTIAL, CREDENTIAL)


def wanted_of_jwt(accept: str) -> str:
    """Return which of its two names a JWT is answered with."""
    return _first(accept, _OF_JWT, TEXT)


def _first(accept: str, offered: Mapping[str, str], otherwise: str) -> str:
    ranges = [(weight, name) for weight, name in map(_weighed, accept.split(",")) if weight > 0]
    ordered = sorted(ranges, key=lambda each: -each[0])
    return next((offered[name] for _, name in ordered if name in offered), otherwise)


def _weighed(media_range: str) -> tuple[float, str]:
    name, *parameters = (part.strip().lower() for part in media_range.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:]), name
            except ValueError:
                return 0.0, name
    return 1.0, name
