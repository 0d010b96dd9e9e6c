"""Sending events through the enrolment service: learners' events in batches, offerings one by one, all in order."""

from collections.abc import Iterator, Sequence
from http import HTTPStatus
from itertools import groupby
from typing import Any
from urllib.parse import quote

from deploy.cli.client import Http, detail_of
from deploy.cli.errors import RequestRefused
from deploy.cli.publishing.rows import Fault
from shared.contracts.enrolment import OfferingPublished
from shared.contracts.envelope import Event

FAULTY = (HTTPStatus.UNPROCESSABLE_ENTITY,)
BATCH_TYPE = "application/cloudevents-batch+json"


class HttpSender:
    """Sends by `POST /v1/events` and `PUT /v1/offerings/{id}`."""

    def __init__(self, http: Http) -> None:
        """Send to this service."""
        self._http = http

    def send(self, events: Sequence[Event]) -> dict[int, Fault]:
        """Send events in order; raises `RequestRefused` or `Unreachable`."""
        refused: dict[int, Fault] = {}
        for first, run in _runs(events):
            offering = run[0]
            faults = self._put(offering) if isinstance(offering, OfferingPublished) else self._post(run)
            refused |= {first + index: fault for index, fault in faults.items()}
        return refused

    def _post(self, events: Sequence[Event]) -> dict[int, Fault]:
        body = b"[" + b",".join(event.encode() for event in events) + b"]"
        answer = self._http.call(
            "POST", "/v1/events", accept=FAULTY, content=body, headers={"Content-Type": BATCH_TYPE}
        )
        content = answer.json()
        if "refused" not in content:
            raise RequestRefused("POST /v1/events", answer.status_code, detail_of(answer))
        return {int(each["index"]): Fault(each["field"], each["reason"]) for each in content["refused"]}

    def _put(self, event: OfferingPublished) -> dict[int, Fault]:
        name = quote(event.data.offering, safe="/")
        body = event.data.model_dump(mode="json", exclude_none=True, exclude={"offering"})
        answer = self._http.call("PUT", f"/v1/offerings/{name}", accept=FAULTY, json=body)
        if answer.is_success:
            return {}
        return {0: _first_fault(answer.json())}


def _runs(events: Sequence[Event]) -> Iterator[tuple[int, list[Event]]]:
    """Yield stretches that one request can carry, each with the index of its first event."""
    first = 0
    for single, stretch in groupby(events, lambda event: isinstance(event, OfferingPublished)):
        members = list(stretch)
        for run in ([each] for each in members) if single else (members,):
            yield first, run
            first += len(run)


def _first_fault(problem: Any) -> Fault:
    first: dict[str, str] = next(iter(problem.get("errors", ())), {})
    return Fault(
        first.get("field", ""), first.get("reason") or problem.get("detail") or problem.get("title", "refused")
    )
