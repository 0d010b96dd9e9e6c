"""A file with one CloudEvent a line, in the JSON format."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import orjson

from deploy.cli.publishing.prefix import PrefixHash
from deploy.cli.publishing.rows import Fault, Row, fault_of, topic_of
from shared.contracts.envelope import Event
from shared.contracts.wire import MAX_BYTES, ContractError, decode, refuse_the_future


class JsonLines:
    """CloudEvents, one a line; positions are bytes. Empty lines are passed over."""

    def __init__(self, path: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """`now` tells which events lie in the future."""
        self._path = path
        self._now = now
        self._hash = PrefixHash(path)

    def size(self) -> int:
        """Return the size of the file."""
        return self._path.stat().st_size

    def fingerprint(self, position: int) -> str:
        """Return the hash of the bytes before a position."""
        return self._hash.at(position)

    def rows(self, position: int = 0) -> Iterator[Row]:
        """Yield a row for each line that is not empty."""
        with self._path.open("rb") as file:
            line = sum(1 for _ in _lines_before(file.readline, position))
            # A line is never read beyond what the wire takes, however long it is.
            while text := file.readline(MAX_BYTES + 1):
                whole = text.endswith(b"\n") or len(text) <= MAX_BYTES
                if not whole:
                    _skip_line(file.readline)
                line += 1
                if text.strip():
                    content = self._read(text.strip()) if whole else Fault("event", f"longer than {MAX_BYTES} bytes")
                    yield Row(line, file.tell(), content)

    def _read(self, text: bytes) -> Event | Fault:
        try:
            event = decode(topic_of(_type_of(text)), text)
            refuse_the_future(event, self._now())
        except ContractError as error:
            return fault_of(error)
        return event


def _type_of(text: bytes) -> object:
    try:
        parsed = orjson.loads(text)
    except ValueError:
        return None  # decoding says what is wrong with it
    return parsed.get("type") if isinstance(parsed, dict) else None


def _lines_before(read_line: Callable[[int], bytes], position: int) -> Iterator[None]:
    at = 0
    while at < position and (text := read_line(MAX_BYTES)):
        at += len(text)
        if text.endswith(b"\n"):
            yield


def _skip_line(read_line: Callable[[int], bytes]) -> None:
    while (text := read_line(MAX_BYTES)) and not text.endswith(b"\n"):
        pass
