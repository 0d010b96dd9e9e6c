"""The secret that entries of status lists are ordered by: a file beside the keys, made on the first start.

It holds the secret on its first line. Where credentials were issued before there was one, a second line says from
which moment on it holds: `since 2026-11-26T12:00:00Z`. Neither line may ever change: a rebuild gives every credential
the entry that it has.
"""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe

from services.issuance.errors import KeyFileRefused
from services.issuance.order import Order
from services.issuance.wording import timestamp
from shared.kit.secret import MIN_BYTES, lay_down

LEAD = timedelta(minutes=15)
"""Events are at most five minutes ahead of the clock; until then older processes may still be issuing, too."""
_OTHERS = 0o077
_SINCE = "since "


def status_file(key_file: Path) -> Path:
    """Return the file that is meant where none is named: beside the first key."""
    return key_file.with_name(f"{key_file.name}.status-secret")


def order_from(path: Path, *, begun: bool, now: datetime | None = None) -> Order:
    """Return the order of entries; the file is made if there is none.

    `begun` tells whether credentials may have been issued here without a secret: it then holds from a moment on that
    lies `LEAD` ahead.

    Raises:
        KeyFileRefused: others may read the file, it holds no secret, or it cannot be read or made.

    """
    try:
        if not path.exists():
            moment = (now or datetime.now(UTC)).replace(microsecond=0) + LEAD
            lay_down(path, f"{token_urlsafe(48)}\n" + (f"{_SINCE}{timestamp(moment)}\n" if begun else ""))
        mode, content = stat.S_IMODE(path.stat().st_mode), path.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileRefused(f"status secret {path} cannot be read or made: {error}") from error
    if mode & _OTHERS:
        raise KeyFileRefused(f"status secret {path} has mode {mode:03o}, so others may read it: chmod 600 {path}")
    return _read(content, path)


def _read(content: str, path: Path) -> Order:
    secret, *more = content.splitlines() or [""]
    if len(secret) < MIN_BYTES:
        raise KeyFileRefused(f"status secret {path}: at least {MIN_BYTES} characters are needed; restore it")
    if not more:
        return Order(secret.encode())
    try:
        [line] = more
        since = datetime.strptime(line, f"{_SINCE}%Y-%m-%dT%H:%M:%S%z")
    except ValueError as error:
        raise KeyFileRefused(
            f"status secret {path}: its second line is not like {_SINCE}2026-01-01T00:00:00Z"
        ) from error
    return Order(secret.encode(), since)
