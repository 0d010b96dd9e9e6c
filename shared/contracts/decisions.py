"""What institutions decide about credentials, on `decisions`: said by issuance's HTTP side, heard by its worker."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shared.contracts.assessment import Grade
from shared.contracts.envelope import Contract, Identifier, Instant, LearnerEvent

ReasonCode = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z-]{0,62}[a-z]$"),
    Field(description="Why, in a word that may be shown to everybody.", examples=["issued-in-error"]),
]
Note = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=r"^[^@\x00-\x1f]+$"),
    Field(description="More about it, for the institution's own records; nothing that tells who the learner is."),
]


class Decision(Contract):
    """A decision about one credential, why, and which client of the institution made it."""

    offering: Identifier
    credential_id: Identifier
    code: ReasonCode
    note: Note | None = None
    by: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Renewal(Decision):
    """A credential is valid for longer; without `valid_until` without an end."""

    valid_until: Instant | None = None


class Correction(Decision):
    """A credential says something else from now on: what its offering says now, and the grade if it is given."""

    grade_percent: Grade | None = None


class RevocationDecided(LearnerEvent):
    """A credential is to be revoked, for good."""

    type: Literal["microcred.revocation.decided.v1"] = "microcred.revocation.decided.v1"
    data: Decision


class SuspensionDecided(LearnerEvent):
    """A credential is to be suspended until it is reinstated."""

    type: Literal["microcred.suspension.decided.v1"] = "microcred.suspension.decided.v1"
    data: Decision


class ReinstatementDecided(LearnerEvent):
    """A suspended credential is to stand again."""

    type: Literal["microcred.reinstatement.decided.v1"] = "microcred.reinstatement.decided.v1"
    data: Decision


class RenewalDecided(LearnerEvent):
    """A credential is to be signed anew with another end; `time` becomes its validFrom."""

    type: Literal["microcred.renewal.decided.v1"] = "microcred.renewal.decided.v1"
    data: Renewal


class CorrectionDecided(LearnerEvent):
    """A credential is to be signed anew with what is right; `time` becomes its validFrom."""

    type: Literal["microcred.correction.decided.v1"] = "microcred.correction.decided.v1"
    data: Correction


class ReawardDecided(LearnerEvent):
    """A new credential is to be issued in place of a revoked one; `time` becomes its validFrom."""

    type: Literal["microcred.reaward.decided.v1"] = "microcred.reaward.decided.v1"
    data: Decision
