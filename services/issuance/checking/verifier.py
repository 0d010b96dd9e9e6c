"""Checking a credential step by step, whoever issued it, in words for whoever was shown it.

Pure but for its ports, so that it serves the HTTP door and whoever else has a document and a way to find keys.
Order after Open Badges 3.0, section 9.1: form, schema, proof, issuer, refresh, dates, status, endorsements.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from services.issuance.checking.endorsing import endorsements_of
from services.issuance.checking.ports import Ports
from services.issuance.checking.refreshing import refreshed
from services.issuance.checking.report import Code, Outcome, Report, Step, stopped
from services.issuance.checking.signing import asserted, signed
from services.issuance.checking.stated import Reading, Stated, as_badge
from services.issuance.checking.statuses import status_of
from services.issuance.errors import CheckOverrun, CredentialRefused, KeyUnknown

__all__ = ["Ports", "check", "check_jwt"]

Document = dict[str, Any]
_FORM = Step("format", Outcome.PASSED, "It is a verifiable credential, and its signature covers all of it.")


async def check(document: Document, ports: Ports, reads: Reading = as_badge, *, endorsements: bool = True) -> Report:
    """Return how each step went; a step that makes no sense after a failure is skipped.

    `endorsements` tells whether what others say of it is looked at, too.

    Raises:
        CheckerBusy: strangers' documents wait already; nothing was found out.

    """
    return await _checked(document, ports, reads, endorsements=endorsements)


async def check_jwt(text: str, ports: Ports, reads: Reading = as_badge, *, endorsements: bool = True) -> Report:
    """Return how each step went for a credential as a JWT; proofs that it carries inside must hold, too.

    Raises:
        CheckerBusy: strangers' documents wait already; nothing was found out.

    """
    return await _checked(text, ports, reads, endorsements=endorsements)


async def _checked(shown: Document | str, ports: Ports, reads: Reading, *, endorsements: bool) -> Report:
    stated_by: list[Document] = []

    def reading(document: Document) -> tuple[Stated, Step]:
        stated_by.append(document)
        return reads(document)

    report = await _examined(shown, ports, reading, refreshing=True)
    if not endorsements or report.steps[2].outcome is not Outcome.PASSED:
        return report
    return replace(report, endorsements=await endorsements_of(stated_by[0], ports, _examined))


async def _examined(shown: Document | str, ports: Ports, reads: Reading, *, refreshing: bool = False) -> Report:
    """Return the six steps, without what others say of the credential."""
    try:
        found = await asserted(shown, ports)
    except (CredentialRefused, KeyUnknown) as error:
        return stopped(Step("format", Outcome.FAILED, f"This is not a credential that can be checked: {error}."))
    except CheckOverrun as error:
        return stopped(Step("format", Outcome.FAILED, f"No honest credential is built like this: {error}."))
    try:
        stated, schema = reads(found.document)
    except CredentialRefused as error:
        return stopped(_FORM, Step("schema", Outcome.FAILED, f"It does not say what it has to say: {error}."))
    proof, issuer = await signed(stated, found.assertions, ports)
    known = refreshing and proof.outcome is Outcome.PASSED
    newer = await refreshed(found.document, stated, ports, reads) if known else None
    dates, status = _dates(newer.stated if newer else stated, ports.now()), await status_of(stated, ports)
    if newer is not None:
        dates = newer.of(dates)
        if status.outcome is not Outcome.FAILED:
            status = newer.of(await status_of(newer.stated, ports))
    return Report((_FORM, schema, proof, issuer, dates, status))


def _dates(stated: Stated, now: datetime) -> Step:
    if stated.valid_from and stated.valid_until and stated.valid_until < stated.valid_from:
        return Step("dates", Outcome.FAILED, "It ends before it begins.")
    if stated.valid_from and stated.valid_from > now:
        words = f"It is not valid yet: it begins on {stated.valid_from:%d %B %Y}."
        return Step("dates", Outcome.FAILED, words, Code.NOT_YET_VALID)
    if stated.valid_until and stated.valid_until <= now:
        words = f"It has expired: it ended on {stated.valid_until:%d %B %Y}."
        return Step("dates", Outcome.FAILED, words, Code.EXPIRED)
    since = f"Valid since {stated.valid_from:%d %B %Y}." if stated.valid_from else "It does not say since when."
    return Step("dates", Outcome.PASSED, since)
