"""The last resort of a stop: a process that does not end by itself is ended."""

import os
import threading


class Watchdog:
    """Ends the process a while after it was armed, from a thread: also when the event loop hangs.

    That is safe at any moment: what was not committed is read again by whoever gets the partitions.
    """

    def __init__(self) -> None:
        """Begin unarmed."""
        self._timer: threading.Timer | None = None

    def arm(self, seconds: float) -> None:
        """End the process with status 1 after this time."""
        self._timer = threading.Timer(seconds, os._exit, (1,))
        self._timer.daemon = True
        self._timer.start()

    def disarm(self) -> None:
        """Let the process end by itself."""
        if self._timer is not None:
            self._timer.cancel()
