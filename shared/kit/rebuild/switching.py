"""The switch: one transaction, and only if the new generation stands exactly where the live one does."""

import asyncio
import time
import uuid

from shared.kit.generations import HOLD_S, named
from shared.kit.ledger import LEDGER, ledger_id
from shared.kit.parking import PARKED
from shared.kit.rebuild import plan
from shared.kit.rebuild.errors import NotSwitched
from shared.kit.rebuild.live import live_positions, positions_in
from shared.kit.rebuild.register import Register, changed
from shared.kit.rebuild.replay import Replay
from shared.kit.rebuild.report import Tell
from shared.kit.store import Document, Unit, WholeStore

_TRIES = 20
_HELD_S = HOLD_S * 0.8
_REST_S = 2.0
_NEAR = 1_000


class Switch:
    """Makes the generation that process `by` has built the live one."""

    def __init__(self, store: WholeStore, replay: Replay, by: str, tell: Tell) -> None:
        """Switch in this database."""
        self._store = store
        self._register = Register(store)
        self._replay = replay
        self._by = by
        self._tell = tell

    async def switch(self) -> None:
        """Catch up, let the workers wait for a moment, and switch.

        Raises:
            NotSwitched: events came too fast, however often it was tried.
            Superseded: another process has taken the rebuild over.

        """
        for _ in range(_TRIES):
            await self._draw_near()
            await self._register.change(lambda document: plan.held(plan.mine(document, self._by), uuid.uuid4().hex))
            self._tell("hold")
            if await self._while_held():
                self._tell("switched")
                return
            await self._register.change(lambda document: plan.released(plan.mine(document, self._by)))
            await asyncio.sleep(_REST_S)
        raise NotSwitched(_TRIES)

    async def _draw_near(self) -> None:
        while True:
            targets = await live_positions(self._store, self._replay.ids)
            behind = self._replay.behind(targets)
            await self._replay.fold_to(targets)
            if behind <= _NEAR:
                return

    async def _while_held(self) -> bool:
        until = time.monotonic() + _HELD_S
        while time.monotonic() < until:
            await self._replay.fold_to(await live_positions(self._store, self._replay.ids))
            if await self._store.transact(self._switch_in):
                return True
        return False

    async def _switch_in(self, unit: Unit) -> bool:
        ours = self._replay.positions
        places = {ledger_id(self._replay.ids[topic], number): (topic, number) for topic, number in ours}
        found = await unit.load(LEDGER, list(places))
        live = positions_in(found.values(), self._replay.ids)
        if any(live.get(place, 0) != position for place, position in ours.items()):
            return False
        document = await changed(unit, lambda document: plan.switched(plan.mine(document, self._by)))
        # Each of them is changed: a chunk that was begun under the old generation meets a conflict, whichever it is.
        touched: list[Document] = [{**each, "switches": document["switches"]} for each in found.values()]
        if PARKED in document["kept"]["of"]:
            await _swap_parked(unit, touched, named(LEDGER, document["kept"]["ledger"]))
        fresh: list[Document] = [
            {"_id": each, "topic": topic, "partition": number, "next": 0, "says": b""}
            for each, (topic, number) in places.items()
            if each not in found
        ]
        await unit.write(LEDGER, fresh, touched)
        return True


async def _swap_parked(unit: Unit, live: list[Document], ledger: str) -> None:
    """Let each ledger count the keys that are parked in its own generation from now on."""
    built = await unit.load(ledger, [each["_id"] for each in live])
    for each in live:
        other = built[each["_id"]]
        each["parked"], other["parked"] = other.get("parked", 0), each.get("parked", 0)
    await unit.write(ledger, (), list(built.values()))
