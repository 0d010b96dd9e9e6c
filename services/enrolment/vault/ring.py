"""The key-encryption keys of the vault: one a line, `id:key` with 32 bytes in base64url; the last one wraps.

They stand in a file of mode 600 that is made on the first start, or in the environment. Old ones stay until nothing
is wrapped by them any more.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_bytes
from typing import Self

from services.enrolment.vault.errors import KeysRefused
from shared.kit.secret import lay_down

FIRST = "first"
_BYTES = 32
_LINE = re.compile(r"([a-z0-9][a-z0-9.-]{0,60}):([A-Za-z0-9_-]{43}=?)")


@dataclass(frozen=True, slots=True)
class KeyRing:
    """All keys by id, and which one wraps what is new."""

    keys: Mapping[str, bytes] = field(repr=False)
    newest: str

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the ring of lines, or of words.

        Raises:
            KeysRefused: there is none, one is malformed, or two share an id; the key itself is never repeated.

        """
        keys: dict[str, bytes] = {}
        for number, line in enumerate(text.split(), 1):
            parts = _LINE.fullmatch(line)
            if parts is None:
                raise KeysRefused(f"key {number} is not `id:key` with 32 bytes in base64url")
            name, key = parts[1], urlsafe_b64decode(parts[2].rstrip("=") + "=")
            if name in keys:
                raise KeysRefused(f"two keys are called {name}: give each its own id")
            keys[name] = key
        if not keys:
            raise KeysRefused("there is no key: restore the file, or remove it if the vault is empty")
        return cls(keys, name)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return the ring of a file, which is made with one fresh key if it is not there.

        Raises:
            KeysRefused: it can neither be read nor made.

        """
        try:
            if not path.exists():
                lay_down(path, _fresh(FIRST))
            return cls.of(path.read_text(encoding="ascii"))
        except (OSError, ValueError) as error:
            raise KeysRefused(f"{path}: {error}") from error
        except KeysRefused as error:
            raise KeysRefused(f"{path}: {error}") from error


def rotate(path: Path, name: str) -> None:
    """Add a fresh key, which wraps from the next start on.

    Raises:
        KeysRefused: the file cannot be read, the name is taken or no name.

    """
    ring = KeyRing.read(path)
    if name in ring.keys:
        raise KeysRefused(f"{path} has a key {name} already: take another name")
    text = path.read_text(encoding="ascii").rstrip("\n") + "\n" + _fresh(name)
    KeyRing.of(text)
    lay_down(path, text, replaces=True)


def _fresh(name: str) -> str:
    return f"{name}:{urlsafe_b64encode(token_bytes(_BYTES)).rstrip(b'=').decode()}\n"
