"""Where one of our own credentials stands at a moment, and the words for it."""

from dataclasses import dataclass
from datetime import datetime

from services.issuance.checking.report import Code
from services.issuance.domain import Credential
from services.issuance.facts import Facts


@dataclass(frozen=True, slots=True)
class Standing:
    """A code, and what it means; it stands if the code is `valid`."""

    code: Code
    words: str


def standing_of(credential: Credential, facts: Facts, now: datetime) -> Standing:
    """Return where a credential stands: what its issuer decided comes before its dates."""
    if credential.revoked:
        words = f"Revoked on {_day(credential.revoked.time)}: {credential.revoked.reason}."
        return Standing(Code.REVOKED, words)
    if credential.suspended:
        words = f"Suspended since {_day(credential.suspended.time)}: {credential.suspended.reason}."
        return Standing(Code.SUSPENDED, words)
    if facts.valid_from > now:
        return Standing(Code.NOT_YET_VALID, f"Not valid yet: it begins on {_day(facts.valid_from)}.")
    if facts.valid_until and facts.valid_until <= now:
        return Standing(Code.EXPIRED, f"Expired: it ended on {_day(facts.valid_until)}.")
    return Standing(Code.VALID, "This credential stands.")


def _day(moment: datetime) -> str:
    return f"{moment:%d %B %Y}"
