"""Our own credentials, wherever an address names one: taken from the registry, not asked for over the network."""

from dataclasses import dataclass

from services.issuance.credential import Names
from services.issuance.errors import CredentialNotFound, FetchFailed
from services.issuance.fetching.fetcher import DOCUMENT_BYTES, Fetcher
from services.issuance.store import Registry


@dataclass(frozen=True, slots=True)
class OwnFirst:
    """A fetcher that asks another one only for what is kept elsewhere."""

    names: Names
    registry: Registry
    elsewhere: Fetcher

    async def fetch(self, url: str, *, accept: str, max_bytes: int = DOCUMENT_BYTES) -> bytes:
        """Return what stands at a URL (see `Fetcher.fetch`)."""
        own = self.names.credential("")
        if not url.startswith(own):
            return await self.elsewhere.fetch(url, accept=accept, max_bytes=max_bytes)
        try:
            _, found = await self.registry.credential(url.removeprefix(own).partition(".")[0])
        except CredentialNotFound as error:
            raise FetchFailed(str(error)) from error
        return found.document
