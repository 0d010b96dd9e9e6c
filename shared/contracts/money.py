"""Money: whole minor units of one currency on one day; amounts in two currencies are never one sum."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from shared.contracts.envelope import Contract
from shared.contracts.texts import Text, Title

Currency = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Z]{3}$"),
    Field(description="A currency, as ISO 4217 writes it."),
]
MinorUnits = Annotated[
    int, Field(ge=0, le=10**12, description="Whole minor units: 12050 is 120.50 euro, or 12050 yen.")
]


class Money(Contract):
    """An amount in minor units, its currency, and the day from which it holds."""

    amount: MinorUnits
    currency: Currency
    on: date


class Price(Money):
    """What a learner pays; `includes` says what for, such as assessment or recognition."""

    includes: Title | None = None


class Costs(Contract):
    """What an offering costs its provider: once, and for each learner more; `source` says who found that out, and how.

    What is not given is not known. Nothing is inferred from a price.
    """

    fixed: Money | None = None
    marginal: Money | None = None
    source: Text | None = None
