"""What is being started, and how far it is: a live table for people, a line for each change in a log."""

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.table import Table


class Board:
    """States of parts by name; use it with `with`."""

    def __init__(self, console: Console) -> None:
        """Show on this console."""
        self._console = console
        self._live = Live(console=console, auto_refresh=False) if console.is_terminal else None
        self._states: dict[str, str] = {}
        self._began = time.monotonic()

    def say(self, part: str, state: str) -> None:
        """Show the new state of a part."""
        if self._states.get(part) == state:
            return
        self._states[part] = state
        if self._live is None:
            self._console.print(f"{self._elapsed()} {part}: {state}", soft_wrap=True)
        else:
            self._live.update(self._table(), refresh=True)

    def _table(self) -> Table:
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        for part, state in self._states.items():
            colour = "green" if state.startswith("ready") else "yellow"
            table.add_row(part, f"[{colour}]{state}[/]")
        return table

    def ready(self, part: str) -> None:
        """Show that a part is ready, and after how long."""
        self.say(part, f"ready after {self._elapsed().strip()}")

    def _elapsed(self) -> str:
        return f"{time.monotonic() - self._began:5.1f} s"

    def __enter__(self) -> Self:
        """Begin to show."""
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the last state standing."""
        if self._live is not None:
            self._live.stop()
