"""The envelope that every event travels in: CloudEvents 1.0 with four extensions of ours.

The extensions are `tenant`, `platform`, `learnerref` and `traceparent`; CloudEvents 1.0 (section 3, "Naming
conventions") allows only lower-case letters and digits there, hence `learnerref` on the wire and `learner_ref` here.
"""

import hashlib
from abc import abstractmethod
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

#: Every derived id of this project is a UUIDv5 (RFC 9562, section 5.5) below this name space.
NAMESPACE = UUID("6f1f7d0e-6d0c-5c55-9b7e-2f6a4e6b8c11")
_NAMESPACE = NAMESPACE.bytes

Identifier = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9._:@+~%/-]+$"),
    Field(description="A name in characters that are safe in a URL and in a key."),
]
Tenant = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$"),
    Field(description="The institution: one DNS label, since its issuer's did:web is named after it."),
]
LearnerRef = Annotated[
    str,
    StringConstraints(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9._~-]+$"),
    Field(description="The opaque reference of a learner; never a name or an address."),
]


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is UTC:
        return moment
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:  # at either end of the calendar
        raise ValueError("the moment lies outside the years 1 to 9999 in UTC") from error


Instant = Annotated[
    AwareDatetime,
    AfterValidator(_in_utc),
    Field(description="A moment with its offset from UTC; we write UTC."),
]
TraceParent = Annotated[
    str,
    StringConstraints(pattern=r"^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"),
    Field(description="The trace that the event belongs to (W3C Trace Context, section 3.2)."),
]


def derived_id(*causes: object) -> str:
    """Return the id of what follows from these causes: the same causes, the same id (UUIDv5 below `NAMESPACE`)."""
    # What `uuid.uuid5` does (RFC 9562, section 5.5), without making an object of it: this stands on the way of every
    # event.
    digest = bytearray(hashlib.sha1(_NAMESPACE + "\n".join(map(str, causes)).encode(), usedforsecurity=False).digest())
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest[:16].hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class Contract(BaseModel):
    """Base of all that is written on the log: immutable, open to unknown optional fields, closed to NaN."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True, allow_inf_nan=False)


class Event(Contract):
    """One fact, in a CloudEvents 1.0 envelope; subclasses fix `type` and `data`."""

    TYPE: ClassVar[str] = ""

    specversion: Literal["1.0"] = "1.0"
    id: Identifier
    source: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    type: str
    time: Instant
    datacontenttype: Literal["application/json"] = "application/json"
    tenant: Tenant
    platform: Identifier | None = None
    traceparent: TraceParent | None = None
    data: Any

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Note the type name where it can be read without an instance."""
        super().__pydantic_init_subclass__(**kwargs)
        named = cls.model_fields["type"].default
        cls.TYPE = named if isinstance(named, str) else ""

    @property
    @abstractmethod
    def key(self) -> str:
        """The record key: events of one key stay in order."""

    def encode(self) -> bytes:
        """Return the event in structured mode (CloudEvents JSON format), without absent attributes."""
        return self.__pydantic_serializer__.to_json(self, by_alias=True, exclude_none=True)


class LearnerEvent(Event):
    """An event about one learner, keyed by the learner."""

    learner_ref: LearnerRef = Field(alias="learnerref")

    @property
    def key(self) -> str:
        """The learner: all that happens to one learner stays in order."""
        return self.learner_ref


def caused_by(event: Event, source: str) -> dict[str, Any]:
    """Return the envelope attributes that an outcome takes over from its cause."""
    return {
        "source": source,
        "time": event.time,
        "tenant": event.tenant,
        "platform": event.platform,
        "traceparent": event.traceparent,
    }


def utc(moment: str | datetime) -> datetime:
    """Return a moment in UTC, from ISO 8601 text or an aware datetime."""
    value = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return value.astimezone(UTC)
