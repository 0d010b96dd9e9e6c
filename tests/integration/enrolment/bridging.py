"""A platform's topic on a real broker, an offering that its courses deliver, and the bridge beside them."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from confluent_kafka import KafkaException, Producer
from confluent_kafka.admin import NewTopic

from services.enrolment.bridge.worker import bridge_worker
from services.enrolment.settings import Settings
from services.enrolment.store import OFFERINGS
from shared.contracts.topics import ENROLMENT_BRIDGE, PLATFORM_EVENTS, dead_letters_of
from shared.kit.secret import ensure_secret
from shared.kit.worker import Worker
from shared.testing.openedx import Published
from shared.testing.openedx_data import BLOCK, COURSE
from shared.testing.topic_reader import Stored, read_topic
from tests.integration.kit.rig import Rig

OURS = (PLATFORM_EVENTS.name, ENROLMENT_BRIDGE.name, dead_letters_of("enrolment"))
THEIR_PARTITIONS = 3
HOME = "https://lms.example.org"
_ADMIN_S = 15.0


class Bridged(Rig):
    """An installation with one topic of a platform, which bears no prefix of ours and has partitions of its own."""

    def __init__(self, bootstrap: str, mongo_url: str, name: str, folder: Path, **more: Any) -> None:
        super().__init__(bootstrap, mongo_url, name, OURS, **more)
        self.theirs = f"{name}-learning-lifecycle"
        self._folder = folder

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        wanted = [NewTopic(self.theirs, THEIR_PARTITIONS, 1)]
        for future in self.admin.create_topics(wanted, request_timeout=_ADMIN_S).values():
            await asyncio.to_thread(future.result, _ADMIN_S)
        await self.offer()
        return self

    async def __aexit__(self, *error: object) -> None:
        await super().__aexit__(*error)
        with suppress(KafkaException):
            self.admin.delete_topics([self.theirs])

    async def offer(self, offering: str = "data", course: str = COURSE, **more: Any) -> None:
        """Publish an offering that a run delivers, as the enrolment worker would lay it down."""
        activities = [{"id": BLOCK, "component": "exam"}] if course == COURSE else []
        runs = [{"course": course, "whole": "whole", "activities": activities, **more}]
        state = OFFERINGS.new(f"ou/{offering}")
        state = type(state)("ou", offering, 1, "e", "v", {"offering": offering, "runs": runs})
        document = {"_id": state.key, **OFFERINGS.dump(state)}
        await self.store.transact(lambda unit: unit.write(OFFERINGS.collection, [document], ()))

    def settings(self, **more: Any) -> Settings:
        secret = ensure_secret(self._folder / "secret")
        topics = {self.theirs: {"tenant": "ou", "platform": "openedx", "home": HOME}}
        return Settings(token_secret_file=secret, **{"openedx_topics": topics, **more})

    def worker(self, **more: Any) -> Worker:
        return bridge_worker(self.settings(**more), self.store)

    def send(self, records: Iterable[Published]) -> int:
        """Append records to the platform's topic, by their keys; return how many."""
        producer, sent = Producer({"bootstrap.servers": self.bootstrap, "linger.ms": 20}), 0
        for sent, each in enumerate(records, 1):
            producer.produce(self.theirs, each.value, each.key, headers=list(each.headers))
            if sent % 1_000 == 0:
                producer.poll(0)
        assert producer.flush(30) == 0
        return sent

    async def taken(self) -> int:
        """Return how many of the platform's records the ledger has passed."""
        return sum((await self.ledger(self.theirs)).values())

    async def said(self, topic: str, at_least: int = 0) -> Sequence[Stored]:
        return await asyncio.to_thread(read_topic, self.bootstrap, self.prefix + topic, at_least=at_least)
