"""What can go wrong in enrolment; a refused event is a `ContractError` and names its field.

ContractError (shared.contracts.wire)     422
├── NotJson (platforms.statement)         400  a body that is no JSON at all
└── ForeignEvent                          422  names another institution or platform than the caller's token
EnrolmentError
├── UnsupportedMediaType                  415  a body that is announced as something else than JSON
├── OfferingUnknown                       404  the institution has no such offering
├── LineItemUnknown                       404  no offering or component stands behind an address of LTI
├── RegistryUnavailable                        the schema registry did not answer: retried, then the process ends
├── VersionUnknown                        404  it has no such version, or does not keep it any more
└── FieldError                            422  a fault of one field of the request
    ├── BatchSize                              a batch without events, or with too many
    ├── OtherOffering                          the body names another offering than the address
    ├── NameTaken                              an offering named like what stands below an offering
    ├── RuleSetUnknown                         a rule set that there is not
    └── WhoseEnrolments                        enrolments were asked for without learner and offering
VaultError (services.enrolment.vault.errors)
├── Gone                                 410  the learner was erased
└── Unreadable                           503  what is kept does not open: an alarm
"""

from collections.abc import Iterable, Mapping
from http import HTTPStatus

from services.enrolment.platforms.xapi.statement import NotJson
from services.enrolment.vault.errors import Gone, Unreadable
from shared.contracts.wire import ContractError


class ForeignEvent(ContractError):
    """An event that names another institution or platform than the caller's token."""


class EnrolmentError(Exception):
    """Base of this service's errors."""


class UnsupportedMediaType(EnrolmentError):
    """A body that is announced as something else than JSON."""

    def __init__(self, given: str, known: str) -> None:
        """Name what was announced and what is taken."""
        super().__init__(f"Content-Type {given or '(none)'} is not taken: send {known}")


class FieldError(EnrolmentError):
    """A fault of one field of the request."""

    def __init__(self, field: str, reason: str) -> None:
        """Name the field at fault and the cure."""
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class BatchSize(FieldError):
    """A batch without events, or with too many."""

    def __init__(self, size: int, most: int) -> None:
        """Name the size and the limit."""
        super().__init__("body", f"a batch has 1 to {most} events, this one {size}; split it")


class OtherOffering(FieldError):
    """The body names another offering than the address."""

    def __init__(self, named: str, addressed: str) -> None:
        """Name both."""
        super().__init__("offering", f"{named} is not {addressed}, which is addressed; leave it out or repeat that")


class WhoseEnrolments(FieldError):
    """Enrolments were asked for without saying whose."""

    def __init__(self) -> None:
        """Name both filters."""
        super().__init__("learner", "name a learner, an offering, or both")


class NameTaken(FieldError):
    """An offering named like what stands below an offering."""

    def __init__(self, offering: str) -> None:
        """Name the offering."""
        super().__init__("offering", f"{offering} names what belongs to another offering; end it in another word")


class RuleSetUnknown(FieldError):
    """A rule set that there is not."""

    def __init__(self, named: str, known: Iterable[str]) -> None:
        """Name it, and those that there are."""
        super().__init__("rule_sets", f"{named} is no rule set; there are {', '.join(known)}")


class OfferingUnknown(EnrolmentError):
    """The institution has no such offering."""

    def __init__(self, offering: str) -> None:
        """Name the offering."""
        super().__init__(f"offering {offering} has not been published; PUT /v1/offerings/{offering} publishes it")


class VersionUnknown(EnrolmentError):
    """The offering has no such version, or it is not kept any more."""

    def __init__(self, offering: str, version: str) -> None:
        """Name both."""
        super().__init__(
            f"offering {offering} has no version {version}; GET /v1/offerings/{offering}/versions lists them"
        )


class LineItemUnknown(EnrolmentError):
    """No offering or component stands behind an address of LTI."""


class RegistryUnavailable(EnrolmentError):
    """The schema registry did not answer, or not as a registry does."""


class LearnerUnknown(EnrolmentError):
    """Nothing is known of the learner."""

    def __init__(self, learner_ref: str) -> None:
        """Name the learner."""
        super().__init__(f"nothing was ever reported of {learner_ref}: look for another way of writing it")


class LinkRefused(EnrolmentError):
    """Two learners cannot be made one in this way."""


STATUSES: Mapping[type[Exception], int] = {
    NotJson: HTTPStatus.BAD_REQUEST,
    ContractError: HTTPStatus.UNPROCESSABLE_ENTITY,
    UnsupportedMediaType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    FieldError: HTTPStatus.UNPROCESSABLE_ENTITY,
    OfferingUnknown: HTTPStatus.NOT_FOUND,
    LineItemUnknown: HTTPStatus.NOT_FOUND,
    LearnerUnknown: HTTPStatus.NOT_FOUND,
    LinkRefused: HTTPStatus.CONFLICT,
    Gone: HTTPStatus.GONE,
    Unreadable: HTTPStatus.SERVICE_UNAVAILABLE,
    VersionUnknown: HTTPStatus.NOT_FOUND,
}
