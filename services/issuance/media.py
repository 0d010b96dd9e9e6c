"""Which form of a credential a client wants (RFC 9110, section 12.5.1)."""

HTML = "text/html"
CREDENTIAL = "application/vc+ld+json"
JWT = "application/vc+jwt"
PNG = "image/png"
SVG = "image/svg+xml"
PDF = "application/pdf"
_JSON = ("application/vc", "application/ld+json", "application/json")


def wanted(accept: str) -> str:
    """Return the media type to answer with: HTML for browsers, any JSON type that is asked for, else a credential."""
    ranges = [(weight, name) for weight, name in map(_weighed, accept.split(",")) if weight > 0]
    for _, name in sorted(ranges, key=lambda each: -each[0]):
        if name == HTML or name in _JSON:
            return name
        if name in {CREDENTIAL, "*/*", "application/*"}:
            return CREDENTIAL
    return CREDENTIAL


def _weighed(media_range: str) -> tuple[float, str]:
    name, *parameters = (part.strip().lower() for part in media_range.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:]), name
            except ValueError:
                return 0.0, name
    return 1.0, name
