"""What an award contributes to status lists, as counters that the kit keeps in the award's own transaction. Pure.

An index is set where its counter is above 0. So a list is made of small documents, and whoever publishes it learns
from one number whether anything changed.
"""

from collections.abc import Iterable
from typing import Literal

from services.issuance.domain import Award
from shared.kit.bindings import Bucket

Purpose = Literal["revocation", "suspension"]
BITS = "status_bits"
CHANGES = "status_changes"


def bits(award: Award) -> Iterable[tuple[Bucket, str]]:
    """Yield each entry of an award that is set in a list; what a correction replaced is revoked."""
    if not (award.decisions or award.withdrawn):
        return
    for credential in award.credentials:
        revoked = [*credential.replaced, *([credential.entry] if credential.revoked else [])]
        for entry in revoked:
            yield _bucket(entry.status_list, "revocation", entry.index), "set"
        if credential.suspended and not credential.revoked:
            yield _bucket(credential.status_list, "suspension", credential.status_index), "set"


def facts(award: Award) -> Iterable[tuple[Bucket, str]]:
    """Yield every list of an award, as often as anything was decided about it: that number never falls."""
    number = len(award.decisions) + len(award.withdrawn)
    if number:
        for credential in award.credentials:
            for entry in (credential.entry, *credential.replaced):
                yield from number * [((("list", entry.status_list),), "facts")]


def _bucket(list_id: str, purpose: Purpose, index: int) -> Bucket:
    return ("list", list_id), ("purpose", purpose), ("index", str(index))
