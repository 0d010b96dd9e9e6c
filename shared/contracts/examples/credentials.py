"""One example of each event about a credential, and of each decision about one."""

from datetime import timedelta
from typing import Any

from shared.contracts.assessment import LearnerPassed
from shared.contracts.decisions import (
    Correction,
    CorrectionDecided,
    Decision,
    ReawardDecided,
    ReinstatementDecided,
    Renewal,
    RenewalDecided,
    RevocationDecided,
    SuspensionDecided,
)
from shared.contracts.envelope import Event, derived_id
from shared.contracts.examples.envelopes import ISSUANCE, START, about, envelope, id_of
from shared.contracts.examples.offering import OFFERING
from shared.contracts.issuance import (
    CredentialCorrected,
    CredentialIssued,
    CredentialReinstated,
    CredentialRenewed,
    CredentialRevoked,
    CredentialSuspended,
    IssuedCredential,
    Reissue,
    Revocation,
)
from shared.contracts.once import Use, UseTried

_CREDENTIAL: dict[str, Any] = {"offering": OFFERING, "credential_id": derived_id("example", "credential")}
_REASON: dict[str, Any] = {**_CREDENTIAL, "code": "issued-in-error", "note": "case 4711 of the exam board", "by": "lms"}
_ENTRY: dict[str, Any] = {"status_list": derived_id("example", "status list"), "status_index": 94_567}
_END = START + timedelta(days=760)
CREDENTIALS: tuple[Event, ...] = (
    about(
        CredentialIssued,
        ISSUANCE,
        30,
        IssuedCredential(
            offering=OFFERING,
            credential_id=derived_id("example", "credential"),
            pass_id=id_of(LearnerPassed),
            status_list=derived_id("example", "status list"),
            status_index=94_567,
        ),
    ),
    about(SuspensionDecided, ISSUANCE, 32, Decision(**_REASON)),
    about(CredentialSuspended, ISSUANCE, 32, Revocation(**_CREDENTIAL, reason="issued-in-error")),
    about(ReinstatementDecided, ISSUANCE, 33, Decision(**_REASON)),
    about(CredentialReinstated, ISSUANCE, 33, Revocation(**_CREDENTIAL, reason="issued-in-error")),
    about(RenewalDecided, ISSUANCE, 34, Renewal(**_REASON, valid_until=_END)),
    about(
        CredentialRenewed, ISSUANCE, 34, Reissue(**_CREDENTIAL, **_ENTRY, valid_until=_END, reason="issued-in-error")
    ),
    about(CorrectionDecided, ISSUANCE, 35, Correction(**_REASON, grade_percent=52)),
    about(
        CredentialCorrected,
        ISSUANCE,
        35,
        Reissue(**_CREDENTIAL, **_ENTRY, valid_until=_END, reason="issued-in-error"),
    ),
    about(RevocationDecided, ISSUANCE, 36, Decision(**_REASON)),
    about(ReawardDecided, ISSUANCE, 37, Decision(**_REASON)),
    UseTried(
        **envelope(UseTried, ISSUANCE, 38),
        data=Use(once=derived_id("example", "code"), attempt="9f2c41d07be64b1e8a53", allowed=True),
    ),
    about(
        CredentialRevoked,
        ISSUANCE,
        40,
        Revocation(offering=OFFERING, credential_id=derived_id("example", "credential"), reason="result voided"),
    ),
)
