"""What a change of status over VC-API decides about a credential. Pure. Source: VCALM, section on updating status."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.issuance.domain import Credential, Kind
from services.issuance.errors import CredentialRefused, DecisionRefused
from services.issuance.interfaces.vc_examples import STATUS
from services.issuance.names import Names


class StatusEntry(BaseModel):
    """The entry that is to change; index and list may be left out, since a credential has one entry only."""

    model_config = ConfigDict(extra="forbid")

    id: str | None = Field(None, max_length=2000)
    type: Literal["BitstringStatusListEntry", "BitstringStatusList"]
    statusPurpose: Literal["revocation", "suspension"]  # noqa: N815 - VC-API's own names
    statusListIndex: str | None = Field(None, max_length=9)  # noqa: N815
    statusListCredential: str | None = Field(None, max_length=2000)  # noqa: N815


class StatusRequest(BaseModel):
    """Which credential, which entry, and whether it is to be set; `credentialId` is its address or the end of it."""

    model_config = ConfigDict(json_schema_extra={"example": STATUS})

    credentialId: str = Field(min_length=1, max_length=2000)  # noqa: N815
    credentialStatus: StatusEntry  # noqa: N815
    status: bool


def change_of(asked: StatusRequest, credential: Credential, names: Names) -> Kind | None:
    """Return what has to be decided so that the entry says what is asked, or None where it says so already.

    Raises:
        CredentialRefused: the entry is not the credential's.
        DecisionRefused: a revocation is to be taken back.

    """
    _require_own(asked.credentialStatus, credential, names)
    if asked.credentialStatus.statusPurpose == "revocation":
        if credential.revoked and not asked.status:
            raise DecisionRefused("the credential is revoked, and that is for good: reaward it instead")
        return "revoke" if asked.status and not credential.revoked else None
    if (credential.suspended is not None) == asked.status:
        return None
    return "suspend" if asked.status else "reinstate"


def _require_own(entry: StatusEntry, credential: Credential, names: Names) -> None:
    own = {names.status_list(credential.status_list), names.status_list(credential.status_list, entry.statusPurpose)}
    if entry.statusListCredential is not None and entry.statusListCredential not in own:
        raise CredentialRefused("credentialStatus.statusListCredential", "is not the list that the credential names")
    if entry.statusListIndex is not None and entry.statusListIndex != str(credential.status_index):
        raise CredentialRefused("credentialStatus.statusListIndex", "is not the credential's own")
