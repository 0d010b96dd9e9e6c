"""Which logs a worker's topics are: a topic that was deleted and made again has the old name and another id."""

import asyncio
import random
import time
from collections.abc import Callable, Collection, Mapping, Sequence

import structlog

from shared.kit.errors import LogReplaced
from shared.kit.topics_admin import BrokerUnavailable, TopicsAdmin

_PATIENCE_S = 120.0
_log = structlog.get_logger(__name__)


class TopicIds:
    """The ids of a worker's topics, as they were when it started; `stopping` ends the patience with a broker."""

    def __init__(
        self, admin: TopicsAdmin, topics: Sequence[str], stopping: Callable[[], bool], foreign: Collection[str] = ()
    ) -> None:
        """Ask nobody before `learn`; `foreign` topics are somebody else's, and so is the cure."""
        self._admin = admin
        self._foreign = foreign
        self._topics = topics
        self._stopping = stopping
        self.known: Mapping[str, str] = {}

    async def learn(self) -> None:
        """Note the ids as they are now.

        Raises:
            TopicMissing: one of the topics is not there.
            BrokerUnavailable: no broker answered for two minutes.

        """
        self.known = await self._patiently()

    async def check(self) -> None:
        """Return when they are still the same; raises `LogReplaced`, and what `learn` raises."""
        self._compare(await self._patiently())

    async def check_at_once(self) -> None:
        """Do the same without patience."""
        self._compare(await self._ask())

    def _compare(self, ids: Mapping[str, str]) -> None:
        for topic, now in ids.items():
            if now != self.known[topic]:
                raise LogReplaced(topic, self.known[topic], now, foreign=topic in self._foreign)

    async def _ask(self) -> Mapping[str, str]:
        return await asyncio.to_thread(self._admin.ids, self._topics)

    async def _patiently(self) -> Mapping[str, str]:
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            try:
                return await self._ask()
            except BrokerUnavailable as error:
                if self._stopping() or time.monotonic() > deadline:
                    raise
                _log.warning("worker.waits_for_the_broker", reason=str(error))
            await asyncio.sleep(random.uniform(0.5, 1.5))  # noqa: S311 - jitter, not a secret
