"""Reading a topic of Open edX: from records to canonical events, and the personal data that was stripped of them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple, Protocol

from fastavro.types import Schema
from pydantic import ValidationError

from services.enrolment.bridge.registry import Schemas
from services.enrolment.bridge.seal import Seal
from services.enrolment.courses import CourseUnknown, Delivery, KnownCourses
from services.enrolment.platforms.avro import datum, name_of, split
from services.enrolment.platforms.door import Account, Sender, Translated
from services.enrolment.platforms.openedx import Report, Translate, translation_of
from services.enrolment.platforms.openedx_envelope import Envelope, envelope_of
from shared.contracts.wire import CLOCK_SKEW, ContractError, EventFromFuture, MalformedEvent
from shared.kit.foreign import Reading, Told
from shared.kit.ledger import Record

UnknownCourses = Literal["dead-letter", "pass-over"]


class Source(NamedTuple):
    """For whom a topic speaks: its institution and platform, and who gives out the accounts that it names."""

    tenant: str
    platform: str
    home: str
    unknown_courses: UnknownCourses = "dead-letter"


class Catalogue(Protocol):
    """What an institution's offerings are delivered by."""

    async def deliveries(self, tenant: str, names: Sequence[str]) -> Mapping[str, Sequence[Delivery]]:
        """Return what each of these names means; one that means nothing has an empty sequence."""
        ...


class PersonSeen(NamedTuple):
    """Personal data that stood in a record: for the vault, and nowhere else."""

    tenant: str
    learner_ref: str
    data: Mapping[str, Any]


class _Opened(NamedTuple):
    """A record of a signal that is heard, before it is decoded."""

    envelope: Envelope
    translate: Translate
    schema: int
    raw: bytes


class OpenEdxCodec:
    """Reads one topic of an Open edX event bus."""

    def __init__(
        self,
        source: Source,
        schemas: Schemas,
        catalogue: Catalogue,
        learner_ref: Callable[[str, Account], str],
        seal: Seal,
    ) -> None:
        """Read for this source; `learner_ref(tenant, account)` says who an account is to us."""
        self._source = source
        self._schemas = schemas
        self._catalogue = catalogue
        self._learner_ref = lambda account: learner_ref(source.tenant, account)
        self.seal = seal.seal
        self.opened = seal.opened

    async def read(self, records: Sequence[Record]) -> Sequence[Reading]:
        """Return what each record says, or why it cannot be taken."""
        opened = [_opened(record) for record in records]
        schemas = await self._find_schemas(opened)
        reports = [_decoded(each, schemas) for each in opened]
        known: Mapping[str, Sequence[Delivery]] = {}
        while True:
            courses = KnownCourses(known, self._source.platform)
            sender = Sender(self._source.tenant, self._source.platform, courses, self._learner_ref)
            readings = [self._told(each, sender) for each in reports]
            if not courses.missing:
                return readings
            names = sorted({*known, *courses.missing})
            known = await self._catalogue.deliveries(self._source.tenant, names)

    async def _find_schemas(
        self, opened: Sequence["_Opened | Reading"]
    ) -> dict[tuple[int, str], Schema | ContractError]:
        found: dict[tuple[int, str], Schema | ContractError] = {}
        for each in opened:
            if isinstance(each, _Opened) and (key := (each.schema, each.envelope.type)) not in found:
                try:
                    found[key] = await self._schemas.of(*key)
                except ContractError as error:
                    found[key] = error
        return found

    def _told(self, report: "_Decoded | Reading", sender: Sender) -> Reading:
        if not isinstance(report, _Decoded):
            return report
        try:
            translated = report.translate(Report(report.envelope, report.payload, sender, self._source.home))
        except CourseUnknown as error:
            return Told() if self._source.unknown_courses == "pass-over" else error
        except ContractError as error:
            return error
        except ValidationError as error:
            return _reason_of(error)
        return self._kept(translated)

    def _kept(self, translated: Translated) -> Told:
        people = translated.people.items()
        return Told(
            translated.events, tuple(PersonSeen(self._source.tenant, learner, data) for learner, data in people)
        )


class _Decoded(NamedTuple):
    """A record of a signal that is heard."""

    envelope: Envelope
    translate: Translate
    payload: Mapping[str, Any]


def _opened(record: Record) -> _Opened | Reading:
    try:
        envelope = envelope_of(record.headers)
        translate = translation_of(envelope.type)
        if translate is None:
            return Told()
        _refuse_the_future(envelope, record.timestamp)
        number, raw = split(record.value)
    except ContractError as error:
        return error
    return _Opened(envelope, translate, number, raw)


def _decoded(
    opened: _Opened | Reading, schemas: Mapping[tuple[int, str], Schema | ContractError]
) -> _Decoded | Reading:
    if not isinstance(opened, _Opened):
        return opened
    signal = opened.envelope.type
    schema = schemas[opened.schema, signal]
    if isinstance(schema, ContractError):
        return schema
    if name_of(schema) != f"{signal}.CloudEvent":
        return MalformedEvent("ce_type", f"the record was written with the schema of another signal than {signal}")
    try:
        return _Decoded(opened.envelope, opened.translate, datum(schema, opened.raw))
    except ContractError as error:
        return error


def _refuse_the_future(envelope: Envelope, timestamp: int) -> None:
    # The record's own timestamp is the clock, as on our own topics.
    if timestamp > 0 and envelope.time > datetime.fromtimestamp(timestamp / 1000, UTC) + CLOCK_SKEW:
        raise EventFromFuture("ce_time", f"{envelope.time.isoformat()} is later than the record that says it")


def _reason_of(error: ValidationError) -> MalformedEvent:
    # Neither the value nor what quotes it: it may name somebody.
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    return MalformedEvent(".".join(map(str, first["loc"])), first["msg"].removeprefix("Value error, "))
