"""The official JSON Schema of Open Badges 3.0, as the check that a credential passes or fails."""

from typing import Any

from services.issuance.errors import CredentialRefused
from shared.openbadges.schema import credential_fault

Document = dict[str, Any]


def require_official(document: Document) -> None:
    """Refuse a credential that the official schema refuses.

    Raises:
        CredentialRefused: with the path of the member at fault.

    """
    if fault := credential_fault(document):
        raise CredentialRefused(*fault)
