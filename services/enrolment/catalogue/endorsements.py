"""Endorsements at the door: they stand on credentials as they were signed, so they must be ones that Open Badges takes.

Checked at the door only: what stands on the log was taken once, and is not judged again.
"""

from collections.abc import Sequence
from typing import Any

from shared.openbadges.schema import endorsement_fault


def require_official(endorsements: Sequence[dict[str, Any]]) -> None:
    """Refuse an endorsement that the official schema of Open Badges 3.0 refuses.

    Raises:
        ValueError: with its place, and what the schema says.

    """
    for place, signed in enumerate(endorsements):
        if fault := endorsement_fault(signed):
            where = f"endorsements.{place}.{fault.path}".rstrip(".")
            raise ValueError(f"{where}: {fault.reason}; have it signed as an EndorsementCredential of Open Badges 3.0")
