"""A rebuild from its beginning to the switch. It may be killed at any moment, and goes on when it is run again.

All that it decides stands in the generation document and in the ledger documents of the generation that it makes;
nothing has to be undone at an end of any kind.
"""

import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from shared.kit.generations import named
from shared.kit.indexes import indexes_of
from shared.kit.ledger import LEDGER
from shared.kit.rebuild import plan
from shared.kit.rebuild.checking import Check
from shared.kit.rebuild.errors import NothingBuilt
from shared.kit.rebuild.live import live_positions, positions_of, require_whole
from shared.kit.rebuild.register import Change, Register
from shared.kit.rebuild.replay import Log, Pace, opened
from shared.kit.rebuild.report import Estimate, Tell
from shared.kit.rebuild.scope import Scope, scope_of
from shared.kit.rebuild.switching import Switch
from shared.kit.rebuild.view import View
from shared.kit.rebuild.wish import Wish
from shared.kit.store import Document, WholeStore
from shared.kit.worker import Worker

DONE, DIFFERS = 0, 3
"""Exit statuses; 1 is a failure, 2 settings that do not do."""

LogOf = Callable[[Sequence[str]], Awaitable[Log]]


@dataclass(frozen=True, slots=True)
class Rebuilder:
    """Rebuilds the read models of one worker; `most` records in a chunk, `release` is that of this code."""

    worker: Worker
    store: WholeStore
    log_of: LogOf
    tell: Tell
    release: str
    most: int = 2_000

    async def run(self, wish: Wish) -> int:
        """Do it, and return the exit status.

        Raises:
            RebuildError: what keeps it from its end, with the cure.
            LogReplaced: the log is not the one that the read models were made from.

        """
        register = Register(self.store)
        if wish.discard:
            await register.change(plan.discarded)
            self.tell("discarded", dropped=await register.sweep())
            return DONE
        begin = self._begin(wish, uuid.uuid4().hex)
        before = await register.read()
        building = begin(before)["building"]  # refused before anything is done
        goes_on = building["ledger"] == (before.get("building") or {}).get("ledger")
        if wish.accept_differences and not goes_on:
            raise NothingBuilt
        scope = scope_of(self.worker, building["model"])
        log = await self.log_of([topic.name for topic in scope.worker.topics])
        require_whole(log.firsts, await positions_of(self.store, named(LEDGER, building["ledger"]), log.ids))
        await live_positions(self.store, log.ids)
        document = await register.change(begin)
        dropped = await register.sweep()
        self.tell("begun", of=document["building"]["of"], goes_on=goes_on, dropped=dropped)
        return await self._build(document, scope, log, wish)

    def _begin(self, wish: Wish, by: str) -> Change:
        if wish.rollback:
            return partial(plan.rolling_back, release=self.release, by=by)
        collections = scope_of(self.worker, wish.model).collections
        return partial(plan.begun, model=wish.model, collections=collections, release=self.release, by=by)

    async def _build(self, document: Document, scope: Scope, log: Log, wish: Wish) -> int:
        by = document["building"]["by"]
        view = View(self.store, document["building"], by)
        await view.prepare(indexes_of(scope.worker))
        replay = await opened(scope, view, log, Pace(self.most, Estimate(self.tell)))
        try:
            await replay.fold_to(await live_positions(self.store, log.ids))
            self.tell("caught-up")
            if not wish.rollback:
                found = await Check(self.store, scope, view, replay, document["current"], self.tell).compare()
                if not (all(each.whole for each in found) or wish.accept_differences):
                    self.tell("differs", collections=[each.collection for each in found if not each.whole])
                    return DIFFERS
            await Switch(self.store, replay, by, self.tell).switch()
        finally:
            replay.close()
        now = await Register(self.store).read()
        self.tell("done", current=now["current"], kept=now["kept"]["of"])
        return DONE
