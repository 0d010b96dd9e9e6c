"""Which key signs for whom and from when on: public facts only; the keys themselves stay behind their signers.

The key follows from the institution and from the validFrom of what is signed, never from the clock: a replay makes the
same bytes. The ring may grow while the service runs (`watch.py`): a key that signs from later on changes nothing that
was signed before.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol, Self, TypeVar, runtime_checkable

from services.issuance.errors import NoKey
from services.issuance.keys.multikey import ED25519, P256, RS256
from services.issuance.keys.signer import Signer

T = TypeVar("T")


@runtime_checkable
class Settling(Protocol):
    """A signer that has to be waited for."""

    async def settle(self) -> bool:
        """Fetch what was asked for; tell whether it was anything."""
        ...


ALWAYS = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Key:
    """One key: it signs what is valid from `signs_from` on, until a later key takes over.

    Without `tenant` it signs for every institution that had no key of its own at that moment. A key is `retired` when
    it may be destroyed; one that is `compromised` signs nothing, and nothing that it signed is believed.
    """

    id: str
    signer: Signer
    signs_from: datetime = ALWAYS
    tenant: str | None = None
    retired: datetime | None = None
    compromised: datetime | None = None


@dataclass(slots=True, eq=False)
class KeyRing:
    """All keys of this service, also those that sign no more: what they signed must be verified for ever."""

    keys: tuple[Key, ...]
    _able: dict[str, tuple[Key, ...]] = field(default_factory=dict, repr=False)
    _former: tuple[Settling, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, signer: Signer) -> Self:
        """Return the ring of one key, for all institutions and since ever."""
        return cls((Key("first", signer),))

    def take(self, keys: tuple[Key, ...]) -> None:
        """Go on with these keys; a signer that was asked already is waited for, though the ring has it no more."""
        now = _settling(keys)
        left = tuple(one for one in _settling(self.keys) if not any(one is other for other in now))
        self.keys, self._able, self._former = keys, {}, (*self._former, *left)

    def signer_at(self, tenant: str, moment: datetime) -> Signer:
        """Return the signer of what an institution says at a moment, by a key that makes proofs.

        Raises:
            NoKey: every key that could is retired or compromised.

        """
        able = self._able_of(tenant)
        if len(able) == 1:
            return able[0].signer
        # What is older than every key that is left is signed by the first of them.
        chosen = _chosen(able, tenant, moment) or min(able, key=lambda key: key.signs_from, default=None)
        if chosen is None:
            raise NoKey(f"{tenant} has no key that may sign: make one with `microcred keys rotate`")
        return chosen.signer

    def jwt_signer_at(self, tenant: str, moment: datetime) -> Signer:
        """Return the signer of an institution's JWTs: an RSA key if it has one by then, else what makes its proofs.

        RS256 is what Open Badges 3.0 asks for at the least (section 8.2).

        Raises:
            NoKey: every key that could is retired or compromised.

        """
        chosen = _chosen([key for key in self.keys_of(tenant) if _signs(key, RS256)], tenant, moment)
        return chosen.signer if chosen else self.signer_at(tenant, moment)

    def _able_of(self, tenant: str) -> tuple[Key, ...]:
        # Kept for each institution: this is asked for every credential.
        if tenant not in self._able:
            self._able[tenant] = tuple(key for key in self.keys_of(tenant) if _signs(key, ED25519, P256))
        return self._able[tenant]

    async def settle(self) -> bool:
        """Fetch what signers that are elsewhere were asked for; tell whether all has to be signed again.

        Raises:
            SignerAway, SignerRefused: one of them did not sign.

        """
        return any([await signer.settle() for signer in (*_settling(self.keys), *self._former)])

    async def settled(self, make: Callable[[], T]) -> T:
        """Return what `make` signs; it is called again when a signer that is elsewhere had to be asked first.

        Raises:
            SignerAway, SignerRefused: one of them did not sign.

        """
        while True:
            made = make()
            if not await self.settle():
                return made

    def keys_of(self, tenant: str) -> Sequence[Key]:
        """Return the keys that an institution's credentials may be signed with, the first one first."""
        ours = (key for key in self.keys if key.tenant in {None, tenant})
        return sorted(ours, key=lambda key: (key.tenant is not None, key.signs_from))


def _signs(key: Key, *algorithms: str) -> bool:
    return key.compromised is None and key.retired is None and key.signer.algorithm in algorithms


def _chosen(able: Iterable[Key], tenant: str, moment: datetime) -> Key | None:
    """Return the latest key of an institution's own by a moment, or of those for all."""
    since = [key for key in able if key.signs_from <= moment]
    own = [key for key in since if key.tenant == tenant]
    return max(own or since, key=lambda key: key.signs_from, default=None)


def _settling(keys: Sequence[Key]) -> tuple[Settling, ...]:
    return tuple(key.signer for key in keys if isinstance(key.signer, Settling))
