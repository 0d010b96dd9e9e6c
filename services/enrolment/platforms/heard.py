"""One thing that a platform said, and the canonical events of it: in every format the same ids and bounds. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError

from services.enrolment.door.courses import UNKNOWN_YET, CourseAmbiguous, CourseUnknown
from services.enrolment.platforms.door import Account, Courses, Place, Sender
from services.enrolment.platforms.marks import Mark
from shared.contracts.envelope import LearnerEvent, derived_id
from shared.contracts.platform import ResultReported
from shared.contracts.topics import PLATFORM_EVENTS
from shared.contracts.wire import ContractError, reason_of

E = TypeVar("E", bound=LearnerEvent)


class SaysNothing(ContractError):
    """What is well-formed and about something of ours, and yet says nothing that could be taken."""


class Heard(NamedTuple):
    """What was said: by whom, in which format, under which event id, when, and about whom."""

    sender: Sender
    format: str
    id: str
    time: datetime
    learner_ref: str

    def says(self, kind: type[E], data: Mapping[str, Any], *, besides: str = "") -> E:
        """Return the event; a second one of the same saying is told apart by `besides`.

        Raises:
            ContractError: a field is out of its bounds.

        """
        sender = self.sender
        attributes = {
            "id": f"{self.id}/{besides}" if besides else self.id,
            "source": f"/{self.format}/{sender.platform or ''}",
            "time": self.time,
            "tenant": sender.tenant,
            "platform": sender.platform,
            "traceparent": sender.traceparent,
            "learnerref": self.learner_ref,
            "data": data,
        }
        try:
            return kind.model_validate(attributes)
        except ValidationError as error:
            raise reason_of(error, PLATFORM_EVENTS) from error

    def result(self, place: Place, mark: Mark, attempt: str | None = None, *, final: bool = True) -> ResultReported:
        """Return the event of a mark for a component."""
        score, maximum = mark
        data: dict[str, Any] = {"offering": place.offering, "component": place.component, "max_score": maximum}
        if score is not None:
            data["score"] = score
        if attempt is not None:
            data["attempt"] = attempt
        if not final:
            data["final"] = False
        return self.says(ResultReported, data)


@lru_cache(maxsize=16_384)
def short(name: str) -> str:
    """Return twelve hexadecimal digits that stand for a name, however long."""
    return derived_id(name).replace("-", "")[:12]


def account_at(address: str, sender: Sender) -> Account:
    """Return the account of an address, which its origin gives out; what is no address the platform gives out."""
    scheme, separator, rest = address.partition("://")
    home = f"{scheme}://{rest.partition('/')[0]}" if separator else sender.platform or sender.tenant
    return Account(home, address)


def first_known(ask: Callable[[str], Place], names: Iterable[str]) -> Place:
    """Return what the first known of these names means.

    All of them are asked for while one has not been looked up, so that they are looked up together.

    Raises:
        ContractError: none is known; what is wrong with the first that means something.

    """
    pending, wrong = False, None
    for name in names:
        try:
            place = ask(name)
        except ContractError as error:
            if wrong is None or isinstance(wrong, CourseUnknown):
                wrong = error
            continue
        if place is not UNKNOWN_YET:
            return place
        pending = True
    if wrong is None or pending:
        return UNKNOWN_YET
    raise wrong


def component(courses: Courses, names: Sequence[str], around: Iterable[str]) -> Place:
    """Return the component of an activity, by the courses around it where its name alone does not tell.

    Raises:
        ContractError: no offering has it, or more than one.

    """
    try:
        return first_known(courses.activity, names)
    except CourseAmbiguous:
        for course in around:
            try:
                return first_known(partial(_within, courses, course), names)
            except ContractError:
                continue
        raise


def _within(courses: Courses, course: str, name: str) -> Place:
    return courses.activity(name, course)
