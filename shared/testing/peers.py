"""Other people's verifiers in Node.js (`bench/peers`), asked one thing at a time."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

FOLDER = Path(__file__).parents[2] / "bench" / "peers"


class PeersMissing(Exception):
    """The peers are not installed."""


class Peers:
    """A Node.js process with all peers; use it with `with`. `before` stands before the command, to choose a core."""

    def __init__(self, before: Sequence[str] = ()) -> None:
        """Keep what to start; nothing is started yet."""
        self._command = [*before, "node", "--no-warnings", "main.js"]

    def ask(self, what: str, **given: Any) -> Any:
        """Return the answer to one request; `answers.js` lists them."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(orjson.dumps({"ask": what, **given}) + b"\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise PeersMissing(f"the peers ended with status {self._process.wait()}: see the lines above")
        return orjson.loads(line)["answer"]

    def know(self, documents: Mapping[str, Any]) -> None:
        """Let the peers find documents by their URL; they find no others."""
        self.ask("know", documents=documents)

    def __enter__(self) -> Self:
        """Start the process.

        Raises:
            PeersMissing: `make peers` was not run.

        """
        if not (FOLDER / "node_modules").exists():
            raise PeersMissing("other people's verifiers are not installed: `make peers`")
        self._process = subprocess.Popen(
            self._command, cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=sys.stderr
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()
