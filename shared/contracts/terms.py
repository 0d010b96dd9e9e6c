"""On which terms an offering is to be had: price, what it costs to provide, from when to when, and its next review."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from shared.contracts.envelope import Contract
from shared.contracts.money import Costs, Price


class Terms(Contract):
    """The terms of an offering; both days of its period are part of it."""

    prices: Annotated[tuple[Price, ...], Field(max_length=20)] = ()
    costs: Costs | None = None
    opens: date | None = None
    closes: date | None = None
    review_on: date | None = None

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.opens and self.closes and self.closes < self.opens:
            raise ValueError(f"closes {self.closes} is before opens {self.opens}; swap them or leave one out")
        return self
