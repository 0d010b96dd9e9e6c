"""The verifier's ports as this service fills them: own credentials at once, strangers' in the sandbox."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import orjson

from services.issuance.checking.presented import ACCEPT
from services.issuance.checking.report import Outcome, Report
from services.issuance.checking.stated import Reading, as_badge
from services.issuance.checking.verifier import Ports, check, check_jwt
from services.issuance.credential import Names, slots_of
from services.issuance.did import KnownIssuers
from services.issuance.domain import Credential
from services.issuance.errors import CredentialNotFound, StatusListNotFound, StatusUnknown
from services.issuance.fetching.errand import Errand
from services.issuance.fetching.fetcher import Fetcher
from services.issuance.fetching.issuers import WEB, WebIssuers
from services.issuance.fetching.own import OwnFirst
from services.issuance.fetching.revocations import WebRevocations
from services.issuance.fetching.status_lists import WebStatusLists
from services.issuance.jsonld.sandbox import Sandbox
from services.issuance.jsonld.skeleton import Skeleton, prepared, values_of, with_values
from services.issuance.keys.ring import KeyRing
from services.issuance.lists import StatusLists
from services.issuance.proofs.proof import hash_of_prepared
from services.issuance.proofs.suites import SUITES
from services.issuance.proofs.vcjwt import opened
from services.issuance.store import Registry
from shared.kit.clock import now

Document = dict[str, Any]
_REPLACED = "Its issuer corrected it and issued it anew under the same address: only the newer one stands."


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks credentials for whoever asks."""

    names: Names
    keys: KeyRing
    registry: Registry
    lists: StatusLists
    sandbox: Sandbox
    fetcher: Fetcher
    plain: bool = False
    """Whether did:web on this machine is asked without TLS."""

    async def check(self, document: Document, reads: Reading = as_badge, *, endorsements: bool = True) -> Report:
        """Return how each step of the check went; `reads` and `endorsements` as `verifier.check` has them.

        Raises:
            CheckerBusy: too many strangers' documents wait already.

        """
        report = await check(document, self.errand.ports, reads, endorsements=endorsements)
        return await self._explained(report, document)

    async def check_jwt(self, text: str, reads: Reading = as_badge, *, endorsements: bool = True) -> Report:
        """Return how each step of the check of a JWT went (see `check`)."""
        report = await check_jwt(text, self.errand.ports, reads, endorsements=endorsements)
        return await self._explained(report, opened(text).document) if _fails(report) else report

    async def _explained(self, report: Report, document: Document) -> Report:
        """Return the report with better words where the credential does not stand because it was corrected."""
        if not _fails(report) or not await self._is_replaced(document):
            return report
        *others, status = report.steps
        return replace(report, steps=(*others, replace(status, words=_REPLACED)))

    @property
    def errand(self) -> "Checker":
        """Itself, for one check: what that may ask of strangers' servers is counted."""
        return replace(self, fetcher=Errand(self.fetcher))

    @property
    def ports(self) -> Ports:
        """What checking needs from outside."""
        return Ports(
            self._hash_of,
            self._key_of,
            self._bits_of,
            now,
            suspension_of=self._suspension_of,
            is_revoked=WebRevocations(self.fetcher, self.plain).is_revoked,
            refreshed=self._refreshed,
        )

    async def _refreshed(self, url: str) -> bytes:
        return await OwnFirst(self.names, self.registry, self.fetcher).fetch(url, accept=ACCEPT)

    async def _key_of(self, issuer: str, method: str) -> bytes:
        if issuer.startswith(WEB) and self.names.tenant_of(issuer) is None:
            return await WebIssuers(self.fetcher, self.plain).key_of(issuer, method)
        return await KnownIssuers(self.names, self.keys, self.registry).key_of(issuer, method)

    async def _hash_of(self, document: Document, proof: Document) -> bytes:
        if not await self._is_ours(document):
            return await self.sandbox.hash_of(document, proof)
        unsecured = {key: value for key, value in document.items() if key != "proof"}
        slots = slots_of(unsecured)
        constant = with_values(unsecured, slots, dict.fromkeys(slots, ""))
        return hash_of_prepared(
            _prepared(orjson.dumps(constant)),
            values_of(unsecured, slots),
            created=proof["created"],
            method=proof["verificationMethod"],
            suite=SUITES[proof["cryptosuite"]],
        )

    async def _is_ours(self, document: Document) -> bool:
        """Tell whether the document is, member by member, one that was issued here."""
        current = await self._current(document)
        return current is not None and bool(orjson.loads(current.document) == document)

    async def _is_replaced(self, document: Document) -> bool:
        """Tell whether the document stands in a status list where the credential stood before it was corrected."""
        current = await self._current(document)
        status = document.get("credentialStatus")
        entry = str(status.get("id")) if isinstance(status, dict) else ""
        before = current.replaced if current else ()
        return entry in {f"{self.names.status_list(one.status_list)}#{one.index}" for one in before}

    async def _current(self, document: Document) -> Credential | None:
        own, name = self.names.credential(""), document.get("id")
        if not isinstance(name, str) or not name.startswith(own):
            return None
        try:
            _, credential = await self.registry.credential(name.removeprefix(own))
        except CredentialNotFound:
            return None
        return credential

    async def _bits_of(self, list_url: str, issuer: str, purpose: str) -> bytes:
        own, below = self.names.status_list(""), "/suspension"
        if not list_url.startswith(own):
            lists = WebStatusLists(self.fetcher, self._hash_of, self._key_of, now)
            return await lists.bits_of(list_url, issuer, purpose)
        list_id = list_url.removeprefix(own).removesuffix(below)
        try:
            published = await self.lists.published(list_id, "suspension" if list_url.endswith(below) else "revocation")
        except StatusListNotFound as error:
            raise StatusUnknown(str(error)) from error
        if self.names.issuer(published.tenant) != issuer:
            raise StatusUnknown("its status list belongs to another issuer")
        return published.bits

    async def _suspension_of(self, list_url: str, issuer: str) -> bytes | None:
        own = self.names.status_list("")
        if not list_url.startswith(own):
            return None
        beside = self.names.status_list(list_url.removeprefix(own), "suspension")
        return await self._bits_of(beside, issuer, "suspension")


def _fails(report: Report) -> bool:
    """Tell whether it is the status that takes a credential's standing."""
    return report.steps[-1].outcome is Outcome.FAILED


@lru_cache(maxsize=1024)
def _prepared(constant: bytes) -> Skeleton:
    document = orjson.loads(constant)
    return prepared(document, slots_of(document))
