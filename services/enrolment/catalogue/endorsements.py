"""Endorsements at the door: they stand on credentials as they were signed, so they must be ones that Open Badges takes.

Checked at the door only: what stands on the log was taken once, and is not judged again.
"""

from collections.abc import Sequence
from typing import Any

from shared.contracts.profile import endorsement_in
from shared.openbadges.schema import endorsement_fault


def require_official(endorsements: Sequence[dict[str, Any]], jwts: Sequence[str] = ()) -> None:
    """Refuse an endorsement that the official schema of Open Badges 3.0 refuses.

    Raises:
        ValueError: with its place, and what the schema says.

    """
    placed = [(f"endorsements.{place}", signed) for place, signed in enumerate(endorsements)]
    placed += [(f"endorsement_jwts.{place}", endorsement_in(jwt)) for place, jwt in enumerate(jwts)]
    for place, signed in placed:
        if fault := endorsement_fault(signed):
            where = f"{place}.{fault.path}".rstrip(".")
            raise ValueError(f"{where}: {fault.reason}; have it signed as an EndorsementCredential of Open Badges 3.0")
