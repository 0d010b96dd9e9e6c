"""One service under fire: its topics, its database, its workers, and what is published for it meanwhile."""

import asyncio
import time
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pymongo.errors import PyMongoError

from services.analytics.stream import worker as analytics
from services.assessment.stream import worker as assessment
from services.enrolment.stream import worker as enrolment
from services.issuance.credential import Names
from services.issuance.keys.ring import KeyRing
from services.issuance.keys.signer import signer_from
from services.issuance.keys.status_secret import order_from, status_file
from services.issuance.stream import worker_for
from shared.kit.lags import Lag, Lags
from shared.kit.topics_admin import TopicsAdmin
from shared.kit.worker import Worker
from shared.testing.counting import counting_worker
from tests.chaos.checker.check import Ends, Subject
from tests.chaos.doomed.service import SERVICES
from tests.chaos.errors import Stalled, Unkept
from tests.chaos.feed import PAUSE_S, Feed
from tests.chaos.ground import PARTITIONS, REPLICATION, Ground
from tests.chaos.hand import PUBLIC_URL, Hand, hired
from tests.chaos.stories import Story, story_of
from tests.chaos.strikes import Place, Resumption
from tests.chaos.topics import topics_of

PATIENCE_S = 90.0
__all__ = ["SERVICES", "Scene", "scene"]
LOOK_S = 0.05
"""Seconds between two looks at how far a service is."""
_UNTOLD = ".fanout"
"""Ends the name of a topic that the service itself publishes: not fed, so not counted."""


@dataclass(slots=True)
class Scene:
    """A service with its workers; `since` is where its outputs are compared from, after a log was replaced."""

    ground: Ground
    service: str
    seed: int
    subject: Subject
    story: Story
    feed: Feed
    prefix: str
    crew: list[Hand] = field(default_factory=list)
    since: Ends | None = None
    rehired: list[str] = field(default_factory=list)
    gone: int = 0
    look_s: float = LOOK_S

    @property
    def worker(self) -> Hand:
        """The worker that has been there longest."""
        return self.crew[0]

    def hire(self) -> Hand:
        """Start one more worker."""
        hand = hired(self.ground, self.service, self.prefix)
        self.crew.append(hand)
        return hand

    async def dismiss(self, hand: Hand) -> None:
        """Stop a worker as an operator does, and wait until it is gone."""
        hand.let_go = True
        await asyncio.to_thread(hand.stop, 30)
        self.crew.remove(hand)

    def bury(self, hand: Hand) -> None:
        """Strike a worker that has died from the list."""
        self.crew.remove(hand)

    def look_after(self) -> None:
        """Start a worker anew that ended by itself, as whoever runs it would; and remember why it did."""
        for hand in list(self.crew):
            if not hand.running and not hand.let_go:
                self.rehired.append(hand.last_words)
                self.crew.remove(hand)
                self.hire()

    async def open(self) -> None:
        """Make the topics, let the quiet phases be folded, and begin to publish."""
        await asyncio.to_thread(self.make_topics, topics_of(self.subject.worker))
        self.hire()
        for phase in self.story.phases:
            await self.feed.publish(phase)
            await self.catch_up("the start")
        self.feed.go()
        # A group that has folded nothing has no offsets that an operator could delete.
        await self.until(lambda: self.feed.acknowledged > 0, PATIENCE_S, "the first burst is on the log")
        await self.catch_up("the start")

    def make_topics(self, names: Collection[str]) -> list[str]:
        """Make these topics where they are missing, and return those that were."""
        admin = TopicsAdmin(self.ground.bootstrap, prefix=self.subject.prefix)
        return admin.create(names, partitions=PARTITIONS, replication=REPLICATION)

    async def positions(self) -> Mapping[Place, int]:
        """Return how far the workers have folded each partition, by their ledger; none while the database is away."""
        try:
            return await asyncio.to_thread(self._positions)
        except PyMongoError:
            return {}

    def _positions(self) -> dict[Place, int]:
        ledger = self.ground.watching[self.subject.database]["ledger"]
        found = ledger.find({"topic": {"$exists": True}}, {"next": 1, "topic": 1, "partition": 1})
        return {(each["topic"], each["partition"]): int(each["next"]) for each in found}

    async def waiting(self) -> Mapping[Place, int]:
        """Return the position of each partition that has records to be folded."""
        positions = await self.positions()
        ends = {(row.topic, row.partition): row.end for row in await self._lags()}
        return {place: positions.get(place, 0) for place, end in ends.items() if end > positions.get(place, 0)}

    async def catch_up(self, after: str, patience_s: float = PATIENCE_S, watch: Resumption | None = None) -> float:
        """Wait until all that is acknowledged now is folded, and `watch` has seen all, and return how long that took.

        Raises:
            Stalled: it was not, within `patience_s`.

        """
        mark, begun = self.feed.acknowledged + self.gone, time.monotonic()
        while True:
            positions = await self.positions()
            if watch is not None:
                watch.see(positions, time.monotonic())
            folded = sum(next_ for (topic, _), next_ in positions.items() if not topic.endswith(_UNTOLD))
            if folded >= mark and (watch is None or watch.whole):
                return time.monotonic() - begun
            self.look_after()
            if time.monotonic() - begun > patience_s:
                words = self.crew[0].last_words if self.crew else "no worker is left"
                raise Stalled(
                    f"{self.service}: {folded} of {mark} records folded {patience_s:g} s after {after}: {words}"
                )
            await asyncio.sleep(self.look_s)

    async def until(self, happened: Callable[[], bool], seconds: float, what: str) -> float:
        """Wait until something has happened, and return how many seconds that took; raises `Unkept`."""
        begun = time.monotonic()
        while not happened():
            if time.monotonic() - begun > seconds:
                raise Unkept(f"{self.service}: not within {seconds:g} s: {what}")
            await asyncio.sleep(LOOK_S)
        return time.monotonic() - begun

    async def lag(self) -> int:
        """Return how many records the group's own offsets are behind."""
        return sum(row.end - (row.position or 0) for row in await self._lags())

    async def _lags(self) -> list[Lag]:
        lags = Lags(self.ground.bootstrap, prefix=self.prefix + ".")
        topics = [topic.name for topic in self.subject.worker.topics]
        return await asyncio.to_thread(lags.lag, f"{self.prefix}.{self.subject.worker.service}", topics)

    async def close(self) -> None:
        """Stop everything of this scene."""
        await self.feed.end()
        for hand in list(self.crew):
            await self.dismiss(hand)


def scene(ground: Ground, service: str, seed: int, *, pause_s: float = PAUSE_S, look_s: float = LOOK_S) -> Scene:
    """Return a service's scene on this ground, with topics and a database of its own."""
    prefix = f"{service[:4]}{uuid.uuid4().hex[:8]}"
    (ground.folder / prefix).mkdir()
    table = table_of(service, ground.folder / prefix / "issuer-key")
    subject = Subject(table, ground.bootstrap, prefix + ".", ground.mongo_url, f"{prefix}_{service}")
    story = story_of(service, seed)
    feed = Feed(ground.bootstrap, prefix + ".", story.stream, story.burst, seed, pause_s=pause_s)
    return Scene(ground, service, seed, subject, story, feed, prefix, look_s=look_s)


def table_of(service: str, key: Path) -> Worker:
    """Return a service's table; issuance signs with the key in this file."""
    if service == "issuance":
        # Made before the key, as on a first start: the workers find the same.
        order = order_from(status_file(key), begun=False)
        return worker_for(KeyRing.of(signer_from(key)), Names(PUBLIC_URL), order)
    tables: dict[str, Worker] = {
        "counting": counting_worker(),
        "enrolment": enrolment,
        "assessment": assessment,
        "analytics": analytics,
    }
    return tables[service]
