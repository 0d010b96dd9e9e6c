"""The key ring, read again while the service runs: `microcred keys rotate` needs no restart.

A fold stays pure by it: a new key signs from a moment on that lies far ahead (15 minutes, `microcred keys`), so every
process has it long before anything is dated so.
"""

import asyncio

import structlog

from services.issuance.errors import KeyFileRefused
from services.issuance.keys.entries import RING
from services.issuance.keys.folder import KeyFolder, Remote
from services.issuance.keys.ring import Key

EVERY_S = 2.0
_log = structlog.get_logger(__name__)


class RingWatch:
    """Holds the ring of a folder, and brings it up to what the folder says; `ring` is the same object for ever."""

    def __init__(self, folder: KeyFolder, remote: Remote | None = None) -> None:
        """Read the ring.

        Raises:
            KeyFileRefused: as `KeyFolder.keys`.

        """
        self._folder = folder
        self._remote = remote
        # Looked at before it is read: what changes in between is read again, never missed.
        self._seen = folder.stamp()
        self._told = ""
        self.ring = folder.ring(remote)

    async def look_for_ever(self) -> None:
        """Look again and again."""
        while True:
            await asyncio.sleep(EVERY_S)
            await self.look()

    async def look(self) -> None:
        """Take the ring over if it was changed; one that cannot be trusted changes nothing, and the log says why."""
        try:
            stamp = await asyncio.to_thread(self._folder.stamp)
            if stamp == self._seen:
                return
            keys = await asyncio.to_thread(self._folder.keys, self._remote, self.ring.keys)
            self._require_growth(keys, there=stamp is not None)
        except Exception as error:  # noqa: BLE001 - the ring as it was stands, and is looked at again in a moment
            if self._told != str(error):
                self._told = str(error)
                _log.error("keys.unread", error=type(error).__name__, reason=str(error))
            return
        self.ring.take(keys)
        self._seen, self._told = stamp, ""
        _log.info("keys.read_again", keys=len(keys))

    def _require_growth(self, keys: tuple[Key, ...], *, there: bool) -> None:
        now = {(key.id, key.signer.public_key) for key in keys}
        lost = [key.id for key in self.ring.keys if (key.id, key.signer.public_key) not in now]
        if lost or not there:
            raise KeyFileRefused(
                f"key ring {self._folder.folder / RING} has lost {', '.join(lost) or 'its file'}: restore it, for it "
                "says who signed what"
            )
