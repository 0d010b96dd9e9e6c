"""`ring.json`: which key signs from when on, for whom, and which sign no more; it holds nothing secret.

It only grows: a key that signs no more stays, since what it signed is verified for ever.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from secrets import token_hex
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from services.issuance.errors import KeyFileRefused
from shared.contracts.envelope import Tenant

FIRST = "first"
RING = "ring.json"


class Entry(BaseModel):
    """One key; `public_key` is a Multikey or an RSA key's JWK, `signs_from` None for what signed since ever."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,100}$")]
    public_key: str | dict[str, str]
    signs_from: AwareDatetime | None = None
    tenant: Tenant | None = None
    kept: Literal["file", "remote"] = "file"
    retired: AwareDatetime | None = None
    compromised: AwareDatetime | None = None


_ENTRIES = TypeAdapter(list[Entry])


def read_entries(folder: Path) -> list[Entry]:
    """Return what `ring.json` in a folder says; nothing if there is none.

    Raises:
        KeyFileRefused: it cannot be read.

    """
    path = folder / RING
    try:
        return _ENTRIES.validate_json(path.read_bytes()) if path.exists() else []
    except (OSError, ValidationError) as error:
        raise KeyFileRefused(f"key ring {path} cannot be read: restore it, for it says who signed what") from error


def write_entries(folder: Path, entries: Sequence[Entry]) -> None:
    """Write `ring.json` anew; whoever reads it meanwhile finds the old one or the new one."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".{RING}.{token_hex(8)}"
    with draft.open("xb") as file:
        file.write(_ENTRIES.dump_json(list(entries), indent=2, exclude_none=True) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / RING)
