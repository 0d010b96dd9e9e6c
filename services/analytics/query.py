"""What may be asked of the funnel, over HTTP."""

from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from services.analytics.domain import By, View
from services.analytics.errors import PeriodReversed
from shared.contracts.envelope import Identifier

Month = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]


class FunnelQuery(BaseModel):
    """The query of every address that shows a funnel; an empty value is none, as forms send it."""

    model_config = ConfigDict(frozen=True)

    by: By = Field("offering", description="what one row is: an offering, or a month of enrolment")
    offering: Identifier | None = Field(None, description="only this offering", examples=["BBB-2014J"])
    since: Month | None = Field(None, alias="from", description="first month of enrolment", examples=["2026-01"])
    until: Month | None = Field(None, alias="to", description="last month of enrolment", examples=["2026-12"])

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_none(cls, value: Any) -> Any:
        return value or None


def view_of(query: Annotated[FunnelQuery, Query()]) -> View:
    """Return the view that is asked for.

    Raises:
        PeriodReversed: when `from` is after `to`.

    """
    if query.since and query.until and query.since > query.until:
        raise PeriodReversed(query.since, query.until)
    return View(query.by, query.offering, query.since, query.until)


Asked = Annotated[View, Depends(view_of)]
