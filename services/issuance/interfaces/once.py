"""Using something once, in whatever process the request came in: append the try, and see what the worker made of it."""

from dataclasses import dataclass
from datetime import datetime

from services.issuance.commands import Log
from services.issuance.errors import UseUndecided
from services.issuance.handlers import SOURCE
from services.issuance.interfaces.uses import USES, Uses
from shared.contracts.envelope import derived_id
from shared.contracts.once import Use, UseTried
from shared.kit.prefer import comes_true
from shared.kit.store import Reader


@dataclass(frozen=True, slots=True)
class Once:
    """The tries of an institution's wallets."""

    log: Log
    reader: Reader
    tenant: str
    now: datetime

    async def has(self, once: str, attempt: str, *, allowed: bool = True) -> bool:
        """Tell whether this attempt has what may be used once.

        Raises:
            UseUndecided: the worker has not come to it in time.
            PublishFailed: the log did not take it in time.

        """
        if not (uses := await self._uses(once)).settled:
            use = Use(once=once, attempt=attempt, allowed=allowed)
            id_ = derived_id("use", once, attempt)
            await self.log.append(UseTried(id=id_, source=SOURCE, time=self.now, tenant=self.tenant, data=use))
            if not allowed:
                return False
            if not await comes_true(lambda: self._is_settled(once), self.log.patience_s):
                raise UseUndecided("the worker has not come to it yet")
            uses = await self._uses(once)
        return uses.winner == attempt

    async def _is_settled(self, once: str) -> bool:
        return (await self._uses(once)).settled

    async def _uses(self, once: str) -> Uses:
        document = await self.reader.get(USES.collection, f"{self.tenant}/{once}")
        return USES.load(document) if document else Uses()
