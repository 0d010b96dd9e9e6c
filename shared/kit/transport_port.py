"""What the transport asks of the engine: `app.port`."""

from collections.abc import Mapping
from typing import Protocol

from faust.types import TP

from shared.kit.flights import Flights


class Port(Protocol):
    """The engine, as its transport sees it."""

    flights: Flights

    async def resume(self, earliest: Mapping[TP, int]) -> Mapping[TP, int]:
        """Say again what the ledger holds for these partitions, and return the position of each."""
        ...

    async def idle(self, timeout_s: float) -> bool:
        """Wait until no chunk is in hand, but not for longer than this; tell whether it is so."""
        ...

    def out_of_range(self, positions: Mapping[TP, int]) -> None:
        """End the worker: the log does not reach to these positions."""
        ...

    def failed(self, error: BaseException) -> None:
        """End the worker; may be called from any thread."""
        ...
