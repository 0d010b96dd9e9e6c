"""The secret that all services share: a file of its own, readable by its owner only, never a default."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

MIN_BYTES = 32
CURE = "make one with `microcred token` (see `microcred token --help`)"


def read_secret(path: Path) -> bytes:
    """Return the secret without the line's end.

    Raises:
        ValueError: when the file is missing, unreadable or too short; the message says how to make one.

    """
    try:
        secret = path.read_bytes().rstrip(b"\r\n")
    except OSError as error:
        raise ValueError(f"cannot read {path} ({error.strerror}); {CURE}") from error
    if len(secret) < MIN_BYTES:
        raise ValueError(f"{path} holds {len(secret)} bytes, at least {MIN_BYTES} are needed; {CURE}")
    return secret


def ensure_secret(path: Path) -> Path:
    """Make the file with a fresh secret and mode 600, unless it is there; who comes second finds the first's.

    Raises:
        ValueError: when what is there already is no secret.

    """
    if not path.exists():
        lay_down(path, secrets.token_urlsafe(48) + "\n")
    read_secret(path)
    return path


def lay_down(path: Path, text: str, *, replaces: bool = False) -> None:
    """Write a whole file of mode 600, or nothing; what is there already stays, unless this `replaces` it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if replaces:
            draft.replace(path)
        else:
            _link_unless_there(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _link_unless_there(draft: Path, path: Path) -> None:
    # A link never replaces what is there, and never shows half a file: two processes end with the same secret.
    try:
        os.link(draft, path)
    except FileExistsError:
        return


def derived(secret: bytes, purpose: str) -> bytes:
    """Return the key for one purpose (RFC 5869, expand step with one block): leaking one does not give another away."""
    return hmac.new(secret, purpose.encode() + b"\x01", hashlib.sha256).digest()
