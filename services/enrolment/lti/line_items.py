"""Line items of LTI's Assignment and Grade Services: the components of an offering, under other names. Pure.

A line item is never created or changed by a tool: it is what the offering's policy says (docs/decisions/0090). Context
and item stand in its address in base32, since ids of offerings and components may hold slashes; in small letters, since
tools are known to write addresses so.
"""

import binascii
from base64 import b32decode, b32encode
from collections.abc import Mapping
from typing import Any, NamedTuple

#: Components are graded in percent; a score brings its own maximum.
MAXIMUM = 100
LONGEST = 400


class LineItem(NamedTuple):
    """A component of an offering, as tools see it."""

    offering: str
    component: str
    label: str

    @property
    def path(self) -> str:
        """Where it is, below the LTI routes."""
        return f"{encoded(self.offering)}/lineitems/{encoded(self.component)}"

    def shown(self, base: str) -> dict[str, Any]:
        """Return it in the form of the specification (section 3.2, "Line item service")."""
        return {
            "id": f"{base}/{self.path}",
            "scoreMaximum": MAXIMUM,
            "label": self.label,
            "resourceId": self.component,
            "tag": "component",
        }


def line_items(definition: Mapping[str, Any]) -> list[LineItem]:
    """Return the line items of an offering as it was published, in the order of their names."""
    offering = definition["offering"]
    found = [
        LineItem(offering, each["id"], each.get("title") or each["id"]) for each in definition["policy"]["components"]
    ]
    return sorted(found)


def encoded(name: str) -> str:
    """Return an id as it stands in an address."""
    return b32encode(name.encode()).decode().rstrip("=").lower()


def decoded(text: str) -> str | None:
    """Return the id that stands so in an address, or None where none could."""
    if len(text) > LONGEST:
        return None
    try:
        name = b32decode(text.encode("ascii") + b"=" * (-len(text) % 8), casefold=True).decode()
    except (binascii.Error, ValueError):
        return None
    return name if encoded(name) == text.lower() else None
