"""A rebuild as a process of the service, and what it tells made readable."""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import Any, Self

import orjson
from rich.console import Console
from rich.progress import Progress, TaskID  # noqa: TC002 - read where a newcomer looks for it

from deploy.cli.progress import bar

_PATIENCE_S = 20.0
_LAST_LINES = 5


class Rebuild:
    """`python -m services.NAME.main --role rebuild`; use with `with`."""

    def __init__(self, service: str, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start nothing yet."""
        self._command = [sys.executable, "-m", f"services.{service}.main", "--role", "rebuild", *arguments]
        self._environment = environment
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed at the end of `with`
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start it."""
        self._process = subprocess.Popen(
            self._command, env=dict(self._environment), stdout=subprocess.PIPE, stderr=self._log
        )
        return self

    def __exit__(self, *_: object) -> None:
        """End it, if it still runs: it goes on when it is started again."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._log.close()

    def lines(self) -> Iterator[dict[str, Any]]:
        """Yield what it tells until it ends."""
        if self._process is None or self._process.stdout is None:
            return
        for line in self._process.stdout:
            if line.startswith(b'{"rebuild"'):
                yield orjson.loads(line)

    def status(self) -> int:
        """Return how it ended."""
        return self._process.wait() if self._process is not None else 0

    def last_words(self) -> str:
        """Return the end of its log."""
        self._log.seek(0)
        return " ".join(self._log.read().decode(errors="replace").splitlines()[-_LAST_LINES:])


class Story:
    """Tells a rebuild to a person: a bar while it folds, a line for everything else."""

    def __init__(self, console: Console, service: str, asked: str) -> None:
        """Tell of this service on this console; `asked` are the options that were given."""
        self.failure = ""
        self._console = console
        self._again = f"microcred rebuild {service} {asked}".rstrip()
        self._service = service
        self._stack = ExitStack()
        self._bar: tuple[Progress, TaskID] | None = None

    def tell(self, line: Mapping[str, Any]) -> None:
        """Tell one step."""
        step = line["rebuild"]
        if step == "replay":
            self._progress(line["done"], line["of"], line["per_s"], line["left_s"])
            return
        self._stack.close()
        self._bar = None
        teller = getattr(self, f"_{step.replace('-', '_')}", None)
        if teller is not None:
            teller(line)

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False, soft_wrap=True)

    def _progress(self, done: int, of: int, per_s: int, left_s: float | None) -> None:
        if self._bar is None:
            progress = self._stack.enter_context(bar(self._console))
            self._bar = progress, progress.add_task("folding the log", total=of, told="")
        progress, task = self._bar
        left = f", about {left_s:,.0f} s left" if left_s else ""
        progress.update(task, completed=done, total=of, told=f"{done:,} of {of:,}, {per_s:,} a second{left}")

    def _begun(self, line: Mapping[str, Any]) -> None:
        if line["dropped"]:
            self._say(f"dropped, since nobody needs them any more: {', '.join(line['dropped'])}")
        how = "going on with" if line["goes_on"] else "making"
        self._say(f"{how} {', '.join(f'{name} (generation {number})' for name, number in line['of'].items())}")

    def _parity(self, line: Mapping[str, Any]) -> None:
        counts = f"{line['same']:,} the same"
        if others := {name: line[name] for name in ("only_old", "only_new", "different") if line[name]}:
            counts += "".join(f", {number:,} {name.replace('_', ' ')}" for name, number in others.items())
        self._say(f"compared {line['collection']}: {counts}")
        for each in line["examples"]:
            where = f" at {each['field']}" if each["field"] else ""
            self._say(f"  {each['id']}{where}: old {each['old']}, new {each['new']}")

    def _hold(self, _: Mapping[str, Any]) -> None:
        self._say("the workers wait for the switch")

    def _differs(self, line: Mapping[str, Any]) -> None:
        self._say(
            f"the new {', '.join(line['collections'])} differ from the old: nothing was switched, both are kept.\n"
            f"To use the new ones all the same: {self._again} --accept-differences\n"
            f"To drop them: microcred rebuild {self._service} --discard"
        )

    def _discarded(self, line: Mapping[str, Any]) -> None:
        self._say(f"dropped: {', '.join(line['dropped']) or 'nothing'}")

    def _done(self, line: Mapping[str, Any]) -> None:
        now = ", ".join(f"{name} (generation {number})" for name, number in line["current"].items())
        self._say(
            f"switched. Live now: {now}.\n"
            f"The earlier ones are kept; to go back: microcred rebuild {self._service} --rollback. "
            "The next rebuild drops them."
        )

    def _failed(self, line: Mapping[str, Any]) -> None:
        self.failure = line["reason"]
