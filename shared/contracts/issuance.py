"""What issuance publishes: credentials issued and revoked, on `issued`."""

from typing import Annotated, Literal

from pydantic import Field

from shared.contracts.envelope import Contract, Identifier, LearnerEvent


class IssuedCredential(Contract):
    """A signed credential: its URL is `<public URL>/credentials/<credential_id>`."""

    offering: Identifier
    credential_id: Identifier
    pass_id: Identifier
    status_list: Identifier
    status_index: Annotated[int, Field(ge=0)]


class Revocation(Contract):
    """A credential that does not stand any more, and why."""

    offering: Identifier
    credential_id: Identifier
    reason: Annotated[str, Field(min_length=1, max_length=200)]


class CredentialIssued(LearnerEvent):
    """A credential was signed for a pass; `time` is its validFrom."""

    type: Literal["microcred.credential.issued.v1"] = "microcred.credential.issued.v1"
    data: IssuedCredential


class CredentialRevoked(LearnerEvent):
    """A credential was revoked: its bit in the status list is set."""

    type: Literal["microcred.credential.revoked.v1"] = "microcred.credential.revoked.v1"
    data: Revocation
