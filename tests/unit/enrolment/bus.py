"""An Open edX event bus for tests: records made with its own classes, through the codec and back."""

import asyncio
from collections.abc import Sequence
from typing import Any

from services.enrolment.bridge.codec import OpenEdxCodec, Source
from services.enrolment.bridge.lookup import Lookup
from services.enrolment.bridge.registry import CommittedSchemas, Schemas
from services.enrolment.bridge.seal import Seal
from services.enrolment.door.course_shelf import CourseShelf
from services.enrolment.door.identity import Identities
from services.enrolment.learners.store import Standings
from services.enrolment.platforms.door import Account
from services.enrolment.vault.box import VAULT, Vault
from services.enrolment.vault.ring import KeyRing
from shared.contracts.envelope import Event
from shared.contracts.wire import ContractError
from shared.kit.foreign import Reading
from shared.kit.ledger import Record
from shared.testing.memory import MemoryStore
from shared.testing.openedx import Published, record
from shared.testing.openedx_data import BLOCK, COURSE
from tests.unit.enrolment.door.test_courses import offer, run

SECRET = b"s" * 32
HOME = "https://lms.example.org"
TIMESTAMP = 1_772_445_000_000
"""Of every record: ten minutes after `WHEN`, in milliseconds since 1970."""
NAME = "OpenU+DIGSKILL15"
OTHER_RUN = "course-v1:OpenU+DIGSKILL15+2026_T2"
PARTS = "course-v1:OpenU+PARTS+2026_T1"
"""Delivers an offering in which the grade of the whole counts for nothing."""


class Bus:
    """A topic, its codec, and a catalogue with one offering that two runs deliver."""

    def __init__(self, schemas: Schemas | None = None, **source: Any) -> None:
        self.store = MemoryStore()
        self.vault = Vault(self.store, KeyRing({"first": b"k" * 32}, "first"))
        activities = {BLOCK: "exam"}
        runs = [run(NAME, COURSE, whole="whole", activities=activities), run(NAME, OTHER_RUN, whole="whole")]
        offer(self.store, "data", runs)
        offer(self.store, "parts", [run("OU+PARTS", PARTS)])
        self.identities = Identities(SECRET)
        lookup = Lookup(CourseShelf(self.store), Standings(self.store), self.vault)
        named = Source("ou", "openedx", HOME, **source)
        self.codec = OpenEdxCodec(named, schemas or CommittedSchemas(), lookup, self.identities, Seal(SECRET))

    def learner(self, number: int = 4711) -> str:
        return self.identities.learner_ref("ou", Account(HOME, str(number)))

    def knows(self, number: int = 4711) -> dict[str, Any] | None:
        """Return what the vault holds of a learner."""
        return asyncio.run(self.vault.open("ou", self.learner(number)))

    def people(self) -> int:
        return len(self.store.collections.get(VAULT, {}))

    def reads(self, *records: Record) -> Sequence[Reading]:
        return asyncio.run(self.codec.read(records))

    def says(self, name: str, **given: Any) -> Event:
        """Return the one event that a signal becomes."""
        (told,) = self.reads(on_topic(record(name, **given)))
        assert not isinstance(told, ContractError), told
        (event,) = told
        return event

    def says_nothing(self, name: str, **given: Any) -> bool:
        return list(self.reads(on_topic(record(name, **given)))) == [()]

    def refuses(self, given: Record) -> ContractError:
        (told,) = self.reads(given)
        assert isinstance(told, ContractError), told
        return told


def on_topic(published: Published, offset: int = 0, **changed: Any) -> Record:
    return Record(offset, TIMESTAMP, published.key, published.value, published.headers)._replace(**changed)


def with_header(published: Published, name: str, *values: bytes) -> Published:
    """Return the record with these values of a header, none of them to leave it out."""
    others = tuple(pair for pair in published.headers if pair[0] != name)
    return published._replace(headers=(*others, *((name, value) for value in values)))
