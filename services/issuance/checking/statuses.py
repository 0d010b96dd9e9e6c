"""The step `status`: whether its issuer took a credential back. Pure but for the ports.

Sources: Bitstring Status List 1.0, section 2.1; 1EdTech Revocation List Status Method 1.0.
"""

from services.issuance.checking.openbadge import Status
from services.issuance.checking.ports import Ports
from services.issuance.checking.report import Code, Outcome, Step
from services.issuance.checking.stated import Stated
from services.issuance.errors import StatusUnknown, StatusUnreachable
from services.issuance.status import is_set

MOST = 4
"""Entries of one credential that are looked up: one for each purpose, and more than any issuer has."""
_BITSTRING = "BitstringStatusListEntry"
_REVOCATIONS = "1EdTechRevocationList"
_REVOKED = Step("status", Outcome.FAILED, "Its issuer revoked it: it does not stand any more.", Code.REVOKED)
_SUSPENDED = Step(
    "status",
    Outcome.FAILED,
    "Its issuer suspended it: it does not stand for the time being, and may stand again later.",
    Code.SUSPENDED,
)


async def status_of(stated: Stated, ports: Ports) -> Step:
    """Return whether a credential stands, as far as its issuer's lists tell."""
    if not stated.statuses:
        return Step("status", Outcome.SKIPPED, "It names no status list: its issuer keeps no way to revoke it.")
    if len(stated.statuses) > MOST:
        words = f"It has more than {MOST} entries in status lists, which are not all looked up."
        return Step("status", Outcome.UNKNOWN, words, Code.STATUS_UNKNOWN)
    try:
        for status in stated.statuses:
            if (fallen := await _fallen(status, stated, ports)) is not None:
                return fallen
    except StatusUnknown as error:
        cause = Code.STATUS_UNREACHABLE if isinstance(error, StatusUnreachable) else Code.STATUS_UNKNOWN
        return Step("status", Outcome.UNKNOWN, f"Whether it was revoked cannot be found out: {error}.", cause)
    return Step("status", Outcome.PASSED, "Its issuer has neither revoked nor suspended it.")


async def _fallen(status: Status, stated: Stated, ports: Ports) -> Step | None:
    """Return how one entry takes a credential's standing, or None."""
    if status.type == _REVOCATIONS:
        if status.id is None or stated.id is None:
            raise StatusUnknown("its list of revocations has no address, or it has no id that could stand there")
        return _REVOKED if await ports.is_revoked(status.id, stated.issuer_id, stated.id) else None
    url, index, purpose = _entry(status)
    if is_set(await ports.bits_of(url, stated.issuer_id, purpose), index):
        return _REVOKED if purpose == "revocation" else _SUSPENDED
    beside = await ports.suspension_of(url, stated.issuer_id) if purpose == "revocation" else None
    return _SUSPENDED if beside is not None and is_set(beside, index) else None


def _entry(status: Status) -> tuple[str, int, str]:
    known = status.type == _BITSTRING and status.purpose in {"revocation", "suspension"}
    if not known or status.index is None or status.list_url is None:
        raise StatusUnknown(f"its status is of a kind that is not known here ({status.type}, {status.purpose})")
    return status.list_url, int(status.index), str(status.purpose)
