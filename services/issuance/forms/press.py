"""Where images and certificates are made: in a few threads beside the event loop, each once while it is asked for."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

from services.issuance.errors import PressBusy
from services.issuance.facts import Facts
from services.issuance.forms import png, svg
from services.issuance.forms.badge import picture_of
from services.issuance.forms.certificate import certificate


class Press:
    """Makes forms of credentials and keeps the latest, `kept_bytes` at most; `waiting` stand in line at most."""

    def __init__(self, *, hands: int = 1, waiting: int = 32, kept_bytes: int = 16 * 1024 * 1024) -> None:
        """Keep the bounds; nothing is made yet."""
        self._free = hands + waiting
        self._kept_bytes = kept_bytes
        self._size = 0
        self._kept: OrderedDict[tuple[str, bytes], bytes] = OrderedDict()
        self._pool = ThreadPoolExecutor(hands, thread_name_prefix="press")

    async def png(self, facts: Facts, document: bytes) -> bytes:
        """Return the badge as a PNG that carries the credential."""
        return await self._made("png", document, lambda: png.bake(picture_of(facts).png, document))

    async def svg(self, facts: Facts, document: bytes) -> bytes:
        """Return the badge as an SVG that carries the credential."""
        return await self._made("svg", document, lambda: svg.bake(picture_of(facts).svg, document.decode()).encode())

    async def pdf(self, facts: Facts, document: bytes) -> bytes:
        """Return the certificate as a PDF that carries the credential."""
        return await self._made("pdf", document, lambda: certificate(facts, picture_of(facts), document))

    async def _made(self, kind: str, document: bytes, make: Callable[[], bytes]) -> bytes:
        key = (kind, sha256(document).digest())
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if not self._free:
            raise PressBusy("too many certificates and images are being made; try again in a moment")
        self._free -= 1
        try:
            made = await asyncio.get_running_loop().run_in_executor(self._pool, make)
        finally:
            self._free += 1
        self._keep(key, made)
        return made

    def _keep(self, key: tuple[str, bytes], made: bytes) -> None:
        self._size += len(made) - len(self._kept.pop(key, b""))
        self._kept[key] = made
        while self._size > self._kept_bytes:
            self._size -= len(self._kept.popitem(last=False)[1])
