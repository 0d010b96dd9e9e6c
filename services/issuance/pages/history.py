"""How a credential came about, for everybody: every event and the rule by which it counted, and nothing about anybody.

No marks, no notes, no codes and no names. An event's id is shown where it is a UUID, which says nothing: platforms
choose the ids of what they report, and one of them may spell out an account (docs/decisions/0151).
"""

import re
from collections.abc import Iterable
from datetime import datetime
from html import escape

from services.issuance.provenance import Cause

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def history(causes: Iterable[Cause]) -> str:
    """Return the events that led to a credential as HTML, in their order."""
    told = list(causes)
    entries = "".join(f"<li>{_entry(each)}</li>" for each in told)
    return f"<details><summary>{len(told)} events led to it</summary><ol>{entries}</ol></details>" if told else ""


def _entry(cause: Cause) -> str:
    lines = [
        " ".join(filter(None, [f"<strong>{escape(_name(cause.type))}</strong>", _when(cause.time)])),
        f"Rule: {escape(cause.rule)}",
        _detail("Component", cause.details.get("component")),
        _detail("Policy version", cause.details.get("policy_version")),
        _left_out(cause.details.get("causes_left_out")),
        f"Event {cause.event_id}" if _UUID.fullmatch(cause.event_id) else "",
    ]
    return "<br>".join(filter(None, lines))


def _name(type_: str) -> str:
    """Return the type of an event as people read it."""
    *_, words = type_.rpartition("microcred.")
    return re.sub(r"\.v\d+$", "", words).replace(".", " ").capitalize()


def _when(time: datetime | None) -> str:
    return f'<time datetime="{time.isoformat()}">{time:%d %B %Y, %H:%M} UTC</time>' if time else ""


def _detail(name: str, text: object) -> str:
    return f"{name}: {escape(text)}" if isinstance(text, str) and text else ""


def _left_out(count: object) -> str:
    return f"It rests on {count} more events, older than those listed here." if count else ""
