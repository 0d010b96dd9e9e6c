"""Find in a server's log the one line that says why it ended."""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress

TELLING = ("error", "exception", "fatal", "fail", "cannot")


def cause(log: str) -> str:
    """Return the telling line of a log: mongod's own errors, else the last that sounds like one, else the last."""
    lines = [line for line in log.splitlines() if line.strip()]
    named = list(_mongod_errors(lines))
    sounding = [line for line in lines if any(word in line.lower() for word in TELLING)]
    return (named or sounding or lines or ["its log is empty"])[-1]


def _mongod_errors(lines: Iterable[str]) -> Iterator[str]:
    # mongod writes JSON, one object a line, with the severity in "s".
    for line in lines:
        with suppress(ValueError, AttributeError):
            entry = json.loads(line)
            if entry.get("s") in {"E", "F"}:
                detail = entry.get("attr", {}).get("error", "")
                yield f"{entry.get('msg')} {detail.get('errmsg', '') if isinstance(detail, dict) else detail}"
