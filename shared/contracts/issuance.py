"""What issuance publishes: credentials issued and revoked, on `issued`."""

from typing import Annotated, Literal

from pydantic import Field

from shared.contracts.envelope import Contract, Identifier, Instant, LearnerEvent


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


class Reissue(Contract):
    """A credential that was signed anew under its own id: of two with one id that with the newer validFrom counts."""

    offering: Identifier
    credential_id: Identifier
    valid_until: Instant | None = None
    status_list: Identifier
    status_index: Annotated[int, Field(ge=0)]
    reason: Annotated[str, Field(min_length=1, max_length=200)]


class CredentialSuspended(LearnerEvent):
    """A credential does not stand for the time being: its bit in the suspension list is set."""

    type: Literal["microcred.credential.suspended.v1"] = "microcred.credential.suspended.v1"
    data: Revocation


class CredentialReinstated(LearnerEvent):
    """A suspended credential stands again."""

    type: Literal["microcred.credential.reinstated.v1"] = "microcred.credential.reinstated.v1"
    data: Revocation


class CredentialRenewed(LearnerEvent):
    """A credential was signed anew with another end; `time` is its validFrom."""

    type: Literal["microcred.credential.renewed.v1"] = "microcred.credential.renewed.v1"
    data: Reissue


class CredentialCorrected(LearnerEvent):
    """A credential was signed anew with what is right, its earlier form revoked; `time` is its validFrom."""

    type: Literal["microcred.credential.corrected.v1"] = "microcred.credential.corrected.v1"
    data: Reissue
