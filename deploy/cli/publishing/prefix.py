"""Hashes of the beginnings of a file, each byte read once while positions grow."""

import hashlib
from pathlib import Path

_PIECE = 1024 * 1024  # bytes


class PrefixHash:
    """Answers the SHA-256 of a file's first bytes."""

    def __init__(self, path: Path) -> None:
        """Nothing is read yet."""
        self._path = path
        self._read = 0
        self._digest = hashlib.sha256()

    def at(self, position: int) -> str:
        """Return the hash of the first `position` bytes, in hex; of all of them where the file is shorter."""
        if position < self._read:
            self._read, self._digest = 0, hashlib.sha256()
        with self._path.open("rb") as file:
            file.seek(self._read)
            while self._read < position and (piece := file.read(min(_PIECE, position - self._read))):
                self._digest.update(piece)
                self._read += len(piece)
        return self._digest.hexdigest()
