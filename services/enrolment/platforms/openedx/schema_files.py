"""What Open edX writes its signals with, as committed: facts of the wire format, made from the classes that write them.

`python -m shared.testing.openedx` writes them anew.
"""

import json
from functools import cache
from pathlib import Path

from fastavro.types import Schema

from services.enrolment.platforms.avro import parsed

VERSION = "10.5.0"
"""Of `openedx-events`."""
FOLDER = Path(__file__).parent / "schemas" / f"openedx-events-{VERSION}"


@cache
def committed(signal: str) -> Schema | None:
    """Return the schema of a signal, or None where none is committed."""
    if not signal.replace(".", "").replace("_", "").isalnum():
        return None
    path = FOLDER / f"{signal}.avsc"
    return parsed(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None
