"""Reading a topic of Open edX: from records to canonical events, and the personal data that was stripped of them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Literal, NamedTuple

from fastavro.types import Schema
from pydantic import ValidationError

from services.enrolment.bridge.lookup import Lookup
from services.enrolment.bridge.registry import Schemas
from services.enrolment.bridge.seal import Seal
from services.enrolment.door.courses import CourseUnknown, KnownCourses
from services.enrolment.door.identity import Identities
from services.enrolment.door.translation import Sorted
from services.enrolment.platforms.avro import datum, name_of, split
from services.enrolment.platforms.door import Account, Sender, Translated
from services.enrolment.platforms.openedx.envelope import Envelope, envelope_of
from services.enrolment.platforms.openedx.events import Translate, translation_of
from services.enrolment.platforms.openedx.report import Report
from shared.contracts.wire import CLOCK_SKEW, ContractError, EventFromFuture, MalformedEvent
from shared.kit.foreign import Reading
from shared.kit.ledger import Record

UnknownCourses = Literal["dead-letter", "pass-over"]


class Source(NamedTuple):
    """For whom a topic speaks: its institution and platform, and who gives out the accounts that it names."""

    tenant: str
    platform: str
    home: str
    unknown_courses: UnknownCourses = "dead-letter"


class _Opened(NamedTuple):
    """A record of a signal that is heard, before it is decoded."""

    envelope: Envelope
    translate: Translate
    schema: int
    raw: bytes


class _Decoded(NamedTuple):
    """The same, decoded."""

    envelope: Envelope
    translate: Translate
    payload: Mapping[str, Any]


class OpenEdxCodec:
    """Reads one topic of an Open edX event bus."""

    def __init__(self, source: Source, schemas: Schemas, lookup: Lookup, identities: Identities, seal: Seal) -> None:
        """Read for this source."""
        self._source = source
        self._schemas = schemas
        self._lookup = lookup
        self._identities = identities
        self.seal = seal.seal
        self.opened = seal.opened

    async def read(self, records: Sequence[Record]) -> Sequence[Reading]:
        """Return what each record says, or why it cannot be taken; whom it names is in the vault by then."""
        opened = [_opened(record) for record in records]
        schemas = await self._find_schemas(opened)
        translated = await self._translated([_decoded(each, schemas) for each in opened])
        done = Sorted()
        for each in translated:
            if isinstance(each, Translated):
                done.add(each)
        refs = {event.learner_ref for event in done.events} | done.people.keys()
        done.move(await self._lookup.standing(self._source.tenant, refs))
        await self._lookup.keep(self._source.tenant, done.people)
        events = iter(done.events)
        return [
            tuple(islice(events, len(each.events))) if isinstance(each, Translated) else each for each in translated
        ]

    async def _find_schemas(
        self, opened: Sequence[_Opened | Translated | ContractError]
    ) -> dict[tuple[int, str], Schema | ContractError]:
        found: dict[tuple[int, str], Schema | ContractError] = {}
        for each in opened:
            if isinstance(each, _Opened) and (key := (each.schema, each.envelope.type)) not in found:
                try:
                    found[key] = await self._schemas.of(*key)
                except ContractError as error:
                    found[key] = error
        return found

    async def _translated(
        self, decoded: Sequence[_Decoded | Translated | ContractError]
    ) -> list[Translated | ContractError]:
        tenant = self._source.tenant
        courses = KnownCourses(self._source.platform, lambda name: self._lookup.recall(tenant, name))
        refs: dict[Account, str] = {}

        def learner_ref(account: Account) -> str:
            known = refs.get(account)
            if known is None:
                known = refs[account] = self._identities.learner_ref(tenant, account)
            return known

        sender = Sender(tenant, self._source.platform, courses, learner_ref)
        while True:
            found = [self._translate(each, sender) if isinstance(each, _Decoded) else each for each in decoded]
            if not courses.missing:
                return found
            courses.learn(await self._lookup.deliveries(tenant, courses.missing))

    def _translate(self, decoded: _Decoded, sender: Sender) -> Translated | ContractError:
        try:
            return decoded.translate(Report(decoded.envelope, decoded.payload, sender, self._source.home))
        except CourseUnknown as error:
            return Translated() if self._source.unknown_courses == "pass-over" else error
        except ContractError as error:
            return error
        except ValidationError as error:
            return _reason_of(error)


def _opened(record: Record) -> _Opened | Translated | ContractError:
    try:
        envelope = envelope_of(record.headers)
        translate = translation_of(envelope.type)
        if translate is None:
            return Translated()
        _refuse_the_future(envelope, record.timestamp)
        number, raw = split(record.value)
    except ContractError as error:
        return error
    return _Opened(envelope, translate, number, raw)


def _decoded(
    opened: _Opened | Translated | ContractError, schemas: Mapping[tuple[int, str], Schema | ContractError]
) -> _Decoded | Translated | ContractError:
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
