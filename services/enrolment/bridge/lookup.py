"""What the bridge asks of the database beside its chunk's transaction: courses, learners, the vault; patiently.

None of it is an effect that could be lost or doubled: it is read, or kept in the vault, which keeps nothing twice.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

import structlog

from services.enrolment.door.course_shelf import CourseShelf
from services.enrolment.door.courses import Delivery
from services.enrolment.errors import FieldError
from services.enrolment.learners.domain import Standing
from services.enrolment.learners.store import MOST_AT_ONCE, Standings
from services.enrolment.vault.box import Vault
from shared.kit.errors import StoreUnavailable

T = TypeVar("T")
PATIENCE_S = 120.0
_AT_ONCE = 100
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Lookup:
    """What one process looks up, and where it keeps people."""

    shelf: CourseShelf
    standings: Standings
    vault: Vault
    patience_s: float = PATIENCE_S

    def recall(self, tenant: str, name: str) -> Sequence[Delivery] | None:
        """Return what is remembered of a course's name, or None."""
        return self.shelf.recall(tenant, name)

    async def deliveries(self, tenant: str, names: Collection[str]) -> Mapping[str, Sequence[Delivery]]:
        """Return what each of these names means.

        Raises:
            StoreUnavailable: the database stayed away for longer than patience lasts.

        """
        found: dict[str, Sequence[Delivery]] = {}
        for some in _slices(sorted(names), _AT_ONCE):
            found |= await self._patiently(lambda some=some: self._looked_up(tenant, some))  # type: ignore[misc]
        return found

    async def keep(self, tenant: str, people: Mapping[str, Mapping[str, Any]]) -> None:
        """Return when the vault has these people; raises as `deliveries` does."""
        if people:
            await self._patiently(lambda: self.vault.keep(tenant, people))

    async def standing(self, tenant: str, refs: Collection[str]) -> Mapping[str, Standing]:
        """Return under which reference those learners go that are linked or erased; raises as `deliveries` does."""
        found: dict[str, Standing] = {}
        for some in _slices(sorted(refs), MOST_AT_ONCE):
            found |= await self._patiently(lambda some=some: self.standings.of(tenant, some))  # type: ignore[misc]
        return found

    async def _looked_up(self, tenant: str, names: Sequence[str]) -> Mapping[str, Sequence[Delivery]]:
        try:
            return await self.shelf.look_up(tenant, names)
        except FieldError:  # more offerings than one query may be about
            if len(names) == 1:
                return {names[0]: ()}
        half = len(names) // 2
        first, second = await self._looked_up(tenant, names[:half]), await self._looked_up(tenant, names[half:])
        return {**first, **second}

    async def _patiently(self, work: Callable[[], Awaitable[T]]) -> T:
        deadline = time.monotonic() + self.patience_s
        while True:
            try:
                return await work()
            except StoreUnavailable as error:
                if time.monotonic() > deadline:
                    raise
                _log.warning("bridge.waits_for_the_database", reason=str(error))
            await asyncio.sleep(random.uniform(0.2, 1.0))  # noqa: S311 - jitter, not a secret


def _slices(names: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    rest = iter(names)
    while some := list(islice(rest, size)):
        yield some
