"""The canonical format: CloudEvents 1.0 in JSON, as `platform.events` carries them."""

from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from services.enrolment.errors import ForeignEvent
from shared.contracts.envelope import LearnerEvent
from shared.contracts.topics import PLATFORM_EVENTS, REPORTED
from shared.contracts.wire import MalformedEvent, adapter_of, reason_of

# Not all that stands on the topic: what institutions decide about learners needs another scope than reporting.
_REPORTED = replace(PLATFORM_EVENTS, events=REPORTED)
_EVENTS = adapter_of(REPORTED)


def canonical(raw: Any, *, tenant: str, platform: str | None, traceparent: str | None = None) -> LearnerEvent:
    """Return the event of a JSON object; what it leaves out of tenant, platform and trace is the caller's.

    Raises:
        ContractError: what is wrong with it, by field.

    """
    if not isinstance(raw, dict):
        raise MalformedEvent("event", "an event is a JSON object")
    caller = {"tenant": tenant, "platform": platform}
    for field, own in caller.items():
        given = raw.get(field)
        if own is not None and given is not None and given != own:
            raise ForeignEvent(field, f"the token speaks for {own}; leave {field} out or send a token for the other")
    attributes = {name: value for name, value in raw.items() if value is not None}
    try:
        event: LearnerEvent = _EVENTS.validate_python({"traceparent": traceparent, **caller, **attributes})
    except ValidationError as error:
        raise reason_of(error, _REPORTED) from error
    return event
