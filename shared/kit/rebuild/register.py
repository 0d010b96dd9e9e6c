"""The generation document in the database, and the collections that it says nobody needs any more."""

import asyncio
from collections.abc import Callable

from shared.kit.generations import CACHED_S, GENERATION
from shared.kit.ledger import LEDGER
from shared.kit.rebuild.plan import blank, swept
from shared.kit.store import Document, Unit, WholeStore

_DROP_AFTER_S = 2 * CACHED_S
"""HTTP may still read where the document of this long ago told it to."""

Change = Callable[[Document], Document]


class Register:
    """Changes the generation document, one transaction for each change."""

    def __init__(self, store: WholeStore) -> None:
        """Keep it in this database."""
        self._store = store

    async def read(self) -> Document:
        """Return the document as it stands."""
        return await self._store.get(LEDGER, GENERATION) or blank()

    async def change(self, change: Change) -> Document:
        """Change the document, and return it as it is then; what `change` raises leaves it as it was."""
        return await self._store.transact(lambda unit: changed(unit, change))

    async def sweep(self) -> list[str]:
        """Drop what nobody needs any more, and return the names."""
        names: list[str] = (await self.read()).get("drop", [])
        if names:
            await asyncio.sleep(_DROP_AFTER_S)
        for name in names:
            await self._store.drop(name)
            await self.change(lambda document, name=name: swept(document, name))  # type: ignore[misc]
        return names


async def changed(unit: Unit, change: Change) -> Document:
    """Change the document within a transaction, and return it."""
    found = (await unit.load(LEDGER, [GENERATION])).get(GENERATION)
    after = change(found or blank())
    if after != found:
        await unit.write(LEDGER, *(((), [after]) if found else ([after], ())))
    return after
