"""What may be used once, on `issuance.uses`: said by issuance's HTTP side, heard by its worker.

Several processes answer wallets at the same time; the log's order says whose try came first.
"""

from typing import Literal

from pydantic import Field

from shared.contracts.envelope import Contract, Event, Identifier


class Use(Contract):
    """One try to use something that may be used once; `once` names it and does not give it away."""

    once: Identifier = Field(description="What may be used once, by a name that does not give it away.")
    attempt: Identifier = Field(description="Who tries: another try, another name.")
    allowed: bool = Field(description="Whether all else was right, such as the transaction code.")


class UseTried(Event):
    """Somebody tried to use what may be used once; the first try that was allowed has it."""

    type: Literal["microcred.use.tried.v1"] = "microcred.use.tried.v1"
    data: Use

    @property
    def key(self) -> str:
        """What is used: all tries of it stay in order."""
        return self.data.once
