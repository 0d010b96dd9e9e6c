"""What was reported of a linked learner and ruled on them before the link is looked up on the log, and said again.

Nobody keeps those facts but the log (and assessment, a stranger). It is read through once for all links that wait; what
comes after a link is forwarded by the worker. Saying a fact twice is harmless: the copy has the same id.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import structlog

from services.enrolment.handlers import SOURCE
from services.enrolment.learners.domain import Learner
from services.enrolment.learners.handlers import MOVED, forwarded
from services.enrolment.learners.store import LEARNERS
from shared.contracts.envelope import Event, LearnerEvent, derived_id
from shared.contracts.learners import Carried, LearnerCarried
from shared.contracts.topics import PLATFORM_EVENTS, REPORTED, RULED, RULINGS, Topic
from shared.contracts.wire import ContractError, decode
from shared.kit.ledger import LEDGER, Record
from shared.kit.moments import moment
from shared.kit.producer import Publisher
from shared.kit.store import Reader

MOST_LINKS = 200
_EVERY_S = 2.0
_AT_ONCE = 500
_MOST_PARTITIONS = 10_000
_log = structlog.get_logger(__name__)

Scan = Callable[[Topic, Mapping[int, int], Collection[bytes]], Iterable[Record]]
"""`scan(topic, until, keys)`: the records of these keys from the beginning of a topic on, up to each offset."""
_TOPICS = (PLATFORM_EVENTS, RULINGS)
_FACTS = (*REPORTED, *RULED)


@dataclass(frozen=True, slots=True)
class Carrier:
    """Carries facts over; any number of processes may do so at once."""

    reader: Reader
    publisher: Publisher
    scan: Scan

    async def carry(self) -> int:
        """Carry all that waits, and return for how many learners."""
        documents = await self.reader.find(LEARNERS.collection, {"carrying": True}, limit=MOST_LINKS)
        if not documents:
            return 0
        waiting = {learner.key: learner for learner in map(LEARNERS.load, documents)}
        # What was folded before the links lies below these positions; what was not, the worker forwards.
        keys = {each.learner_ref.encode() for each in waiting.values()}
        for topic in _TOPICS:
            facts = facts_of(waiting, topic, self.scan(topic, await self._positions(topic), keys))
            while events := await asyncio.to_thread(_next, facts):
                await self.publisher.publish(events)
        await self.publisher.publish([carried(learner) for learner in waiting.values()])
        _log.info("links.carried", learners=sorted(waiting))
        return len(waiting)

    async def carry_for_ever(self) -> None:
        """Carry whatever comes to wait."""
        while True:
            await asyncio.sleep(_EVERY_S)
            try:
                await self.carry()
            except Exception as error:  # noqa: BLE001 - what waits is found again
                _log.error("links.postponed", error=type(error).__name__, reason=str(error))

    async def _positions(self, topic: Topic) -> dict[int, int]:
        found = await self.reader.find(LEDGER, {"topic": topic.name}, limit=_MOST_PARTITIONS)
        return {int(each["partition"]): int(each["next"]) for each in found}


def facts_of(waiting: Mapping[str, Learner], topic: Topic, records: Iterable[Record]) -> Iterator[LearnerEvent]:
    """Return the facts of linked learners as those of whom they are, of these records."""
    for record in records:
        try:
            event = decode(topic, record.value, record.headers)
        except ContractError:
            continue  # a dead letter; if it is redriven, the worker forwards it
        if isinstance(event, _FACTS) and isinstance(event, LearnerEvent) and event.source != MOVED:
            learner = waiting.get(f"{event.tenant}/{event.learner_ref}")
            if learner is not None and learner.link is not None:
                yield from forwarded(event, learner.link.into)


def carried(learner: Learner) -> LearnerCarried:
    """Return the event that ends a learner's wait."""
    assert learner.link is not None  # noqa: S101 - nobody else waits
    return LearnerCarried(
        id=derived_id(learner.key, "carried", learner.link.into),
        source=SOURCE,
        time=moment(learner.link.time),
        tenant=learner.tenant,
        learner_ref=learner.learner_ref,
        data=Carried(into=learner.link.into),
    )


def _next(facts: Iterator[LearnerEvent]) -> Sequence[Event]:
    return list(islice(facts, _AT_ONCE))
