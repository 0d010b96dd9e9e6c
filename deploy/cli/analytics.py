"""Reading the funnel from the analytics service, by offering and month."""

from typing import Any

from deploy.cli.client import Http
from deploy.cli.funnel import STAGES, Funnel, Stages


def read_funnel(http: Http) -> Funnel:
    """Return the funnel as it stands: the offerings first, then the months of each."""
    offerings = [row["key"] for row in _rows(http, {"by": "offering"})]
    return {
        (offering, row["key"]): _stages(row["counts"])
        for offering in offerings
        for row in _rows(http, {"by": "month", "offering": offering})
    }


def read_total(http: Http) -> Stages:
    """Return all of it in one row."""
    return _stages(_read(http, {"by": "offering"})["total"]["counts"])


def _rows(http: Http, query: dict[str, str]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = _read(http, query)["rows"]
    return rows


def _read(http: Http, query: dict[str, str]) -> dict[str, Any]:
    answer: dict[str, Any] = http.call("GET", "/v1/funnel", params=query).json()
    return answer


def _stages(counts: dict[str, int]) -> Stages:
    return Stages(**{stage: counts[stage] for stage in STAGES})
