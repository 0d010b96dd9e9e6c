"""A credential that its issuer refreshed: the newer one, when it is the same credential in its issuer's own words.

Asked once, and only of what was proved already: a forger could name any address. Where the newer one cannot be had, or
is not to be believed, the one that was shown counts. Why its status counts all the same: docs/decisions/0130. Pure but
for the ports. Sources: Open Badges 3.0, section 9.1; 1EdTech Credential Refresh Service 1.0.
"""

from dataclasses import dataclass, replace
from typing import Any

from services.issuance.checking.ports import Ports
from services.issuance.checking.presented import presented_text
from services.issuance.checking.report import Outcome, Step
from services.issuance.checking.signing import asserted, signed
from services.issuance.checking.stated import Reading, Stated, is_same_id
from services.issuance.errors import CheckOverrun, CredentialRefused, FetchFailed, KeyUnknown
from services.issuance.jsonld.terms import listed

Document = dict[str, Any]
REFRESH = "1EdTechCredentialRefresh"


@dataclass(frozen=True, slots=True)
class Newer:
    """A refreshed credential, and where it stands."""

    stated: Stated
    url: str

    def of(self, step: Step) -> Step:
        """Return a step that is about the newer one, with words that say so."""
        words = f"Its issuer refreshed it: read the newer one at {self.url[:200]}. There: {step.words}"
        return replace(step, words=words)


async def refreshed(document: Document, stated: Stated, ports: Ports, reads: Reading) -> Newer | None:
    """Return the newer credential that a refresh service gives, or None."""
    url = _service_of(document)
    if url is None:
        return None
    try:
        shown = await presented_text(await ports.refreshed(url))
        if shown.document == document:
            return None
        found = await asserted(shown.jwt if shown.document is None else shown.document, ports)
        newer, _ = reads(found.document)
        proof, _ = await signed(newer, found.assertions, ports)
    except (FetchFailed, CredentialRefused, KeyUnknown, CheckOverrun):
        return None
    believed = proof.outcome is Outcome.PASSED and _is_newer(newer, stated)
    return Newer(newer, url) if believed and _standing(newer) != _standing(stated) else None


def _service_of(document: Document) -> str | None:
    for each in listed(document.get("refreshService", [])):
        if isinstance(each, dict) and REFRESH in listed(each.get("type")) and isinstance(each.get("id"), str):
            return str(each["id"])
    return None


def _is_newer(newer: Stated, stated: Stated) -> bool:
    """Tell whether it is the same credential, and not an older one (Open Badges 3.0, section 10)."""
    same = newer.issuer_id == stated.issuer_id and is_same_id(newer.id, stated.id)
    return same and _begins(newer) >= _begins(stated)


def _standing(stated: Stated) -> tuple[object, ...]:
    """Return what decides whether a credential stands: where that is the same, a copy is told as nothing newer."""
    return stated.valid_from, stated.valid_until, stated.statuses


def _begins(stated: Stated) -> float:
    return stated.valid_from.timestamp() if stated.valid_from else 0.0
