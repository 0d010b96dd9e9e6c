"""Servers that belong together: they come up side by side, and are stopped all at once."""

import signal
from collections.abc import Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from deploy.local.server import Server


class ServerGroup:
    """Members that can also be stopped, killed and started one by one; use `with`, or `start` and `stop`."""

    def __init__(self, members: Sequence[Server]) -> None:
        """Touch nothing before `start`."""
        self._members = members

    def start(self) -> None:
        """Start all side by side, and return when they are one; raises a `LocalError` and leaves nothing running."""
        with ExitStack() as running:
            running.callback(self.stop)
            for member in self._members:
                member.launch()
            for member in self._members:
                member.wait_ready()
            self._join()
            running.pop_all()

    def stop(self) -> None:
        """Ask all to end before waiting for any: the last of a quorum that is stopped one by one waits minutes."""
        self.signal(signal.SIGTERM)
        for member in self._members:
            member.stop()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to every member that runs."""
        for member in self._members:
            if member.launched:
                member.process.signal(number)

    def _join(self) -> None:
        """Do what makes members that answer one; most need nothing."""

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()
