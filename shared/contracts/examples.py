"""One example of each event: what happens to one learner on one offering, from its publication to a revocation."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.contracts.achievement import ComponentResult, Evidence
from shared.contracts.assessment import GradedAttempt, LearnerAssessed, LearnerPassed, Pass, PassWithdrawn, Withdrawal
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
from shared.contracts.enrolment import Enrolment, LearnerEnrolled, LearnerUnenrolled, OfferingPublished
from shared.contracts.envelope import Event, LearnerEvent, derived_id
from shared.contracts.example_offering import DEFINITION, OFFERING, POLICY
from shared.contracts.example_rulings import RULINGS
from shared.contracts.fanout import OfferingArrived, StatementVoided, StatementVoiding
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
from shared.contracts.learners import (
    Asked,
    Carried,
    LearnerCarried,
    LearnerDisclosed,
    LearnerErased,
    LearnerLinked,
    Link,
)
from shared.contracts.once import Use, UseTried
from shared.contracts.platform import (
    IdentityCheck,
    IdentityChecked,
    LearnerRegistered,
    LearnerUnregistered,
    LearningRecognised,
    Recognition,
    Registration,
    Result,
    ResultReported,
    ResultVoided,
    Verdict,
    VerdictReported,
    Voiding,
)

_START = datetime(2026, 9, 1, 8, tzinfo=UTC)


def _id(kind: type[Event]) -> str:
    return derived_id("example", kind.TYPE)


def _envelope(kind: type[Event], source: str, day: int) -> dict[str, Any]:
    return {
        "id": _id(kind),
        "source": source,
        "time": _START + timedelta(days=day),
        "tenant": "ou",
        "platform": "courses.ou.example",
        "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    }


def _about(kind: type[LearnerEvent], source: str, day: int, data: Any) -> LearnerEvent:
    return kind(**_envelope(kind, source, day), learner_ref="a3f81c09", data=data)


_PLATFORM, _ENROLMENT, _ASSESSMENT, _ISSUANCE = (
    "https://courses.ou.example",
    "microcred/enrolment",
    "microcred/assessment",
    "microcred/issuance",
)
_PLACE = Registration(offering=OFFERING, term="Autumn 2026")
_EVIDENCE = Evidence(url="https://ou.example/portfolio/7", name="Report", genre="report")
_CREDENTIAL: dict[str, Any] = {"offering": OFFERING, "credential_id": derived_id("example", "credential")}
_REASON: dict[str, Any] = {**_CREDENTIAL, "code": "issued-in-error", "note": "case 4711 of the exam board", "by": "lms"}
_ENTRY: dict[str, Any] = {"status_list": derived_id("example", "status list"), "status_index": 94_567}
_END = _START + timedelta(days=760)
_STORY: tuple[Event, ...] = (
    OfferingPublished(**_envelope(OfferingPublished, _ENROLMENT, 0), data=DEFINITION),
    _about(LearnerRegistered, _PLATFORM, 1, _PLACE),
    _about(
        LearnerEnrolled,
        _ENROLMENT,
        1,
        Enrolment(offering=OFFERING, registration_id=_id(LearnerRegistered), term="Autumn 2026"),
    ),
    _about(OfferingArrived, _ASSESSMENT, 1, _PLACE),
    _about(
        LearningRecognised,
        _PLATFORM,
        2,
        Recognition(offering=OFFERING, component="quiz", reason="Equivalent Outside Activity", evidence=(_EVIDENCE,)),
    ),
    _about(
        IdentityChecked,
        _PLATFORM,
        30,
        IdentityCheck(
            offering=OFFERING, component="report", attempt="report/1", verified=True, method="supervised on site"
        ),
    ),
    _about(
        ResultReported,
        _PLATFORM,
        30,
        Result(
            offering=OFFERING, component="report", attempt="report/1", score=42.5, max_score=50, evidence=(_EVIDENCE,)
        ),
    ),
    StatementVoided(
        **_envelope(StatementVoided, _ENROLMENT, 30),
        data=StatementVoiding(statement="fd41c918-b88b-4b20-a0a5-a4c32391aaa0"),
    ),
    _about(VerdictReported, _PLATFORM, 31, Verdict(offering=OFFERING, passed=True)),
    _about(
        LearnerAssessed,
        _ASSESSMENT,
        30,
        GradedAttempt(
            offering=OFFERING,
            component="report",
            result_id=_id(ResultReported),
            score_percent=85,
            grade_percent=51,
            policy_version=POLICY.version,
        ),
    ),
    _about(
        LearnerPassed,
        _ASSESSMENT,
        30,
        Pass(
            offering=OFFERING,
            grade_percent=51,
            policy_version=POLICY.version,
            ordinal=1,
            pass_mark=50,
            components=(
                ComponentResult(component="quiz", title="Weekly quizzes"),
                ComponentResult(component="report", score_percent=85),
            ),
            evidence=(_EVIDENCE,),
            started=_START + timedelta(days=1),
            ended=_START + timedelta(days=30),
            term="Autumn 2026",
        ),
    ),
    _about(
        CredentialIssued,
        _ISSUANCE,
        30,
        IssuedCredential(
            offering=OFFERING,
            credential_id=derived_id("example", "credential"),
            pass_id=_id(LearnerPassed),
            status_list=derived_id("example", "status list"),
            status_index=94_567,
        ),
    ),
    _about(SuspensionDecided, _ISSUANCE, 32, Decision(**_REASON)),
    _about(CredentialSuspended, _ISSUANCE, 32, Revocation(**_CREDENTIAL, reason="issued-in-error")),
    _about(ReinstatementDecided, _ISSUANCE, 33, Decision(**_REASON)),
    _about(CredentialReinstated, _ISSUANCE, 33, Revocation(**_CREDENTIAL, reason="issued-in-error")),
    _about(RenewalDecided, _ISSUANCE, 34, Renewal(**_REASON, valid_until=_END)),
    _about(
        CredentialRenewed, _ISSUANCE, 34, Reissue(**_CREDENTIAL, **_ENTRY, valid_until=_END, reason="issued-in-error")
    ),
    _about(CorrectionDecided, _ISSUANCE, 35, Correction(**_REASON, grade_percent=52)),
    _about(
        CredentialCorrected,
        _ISSUANCE,
        35,
        Reissue(**_CREDENTIAL, **_ENTRY, valid_until=_END, reason="issued-in-error"),
    ),
    _about(RevocationDecided, _ISSUANCE, 36, Decision(**_REASON)),
    _about(ReawardDecided, _ISSUANCE, 37, Decision(**_REASON)),
    UseTried(
        **_envelope(UseTried, _ISSUANCE, 38),
        data=Use(once=derived_id("example", "code"), attempt="9f2c41d07be64b1e8a53", allowed=True),
    ),
    _about(ResultVoided, _PLATFORM, 40, Voiding(offering=OFFERING, result_id=_id(ResultReported))),
    _about(
        PassWithdrawn,
        _ASSESSMENT,
        40,
        Withdrawal(offering=OFFERING, pass_id=_id(LearnerPassed), reason="result voided"),
    ),
    _about(
        CredentialRevoked,
        _ISSUANCE,
        40,
        Revocation(offering=OFFERING, credential_id=derived_id("example", "credential"), reason="result voided"),
    ),
    _about(LearnerUnregistered, _PLATFORM, 50, _PLACE),
    _about(LearnerDisclosed, _ENROLMENT, 51, Asked(by="registry")),
    _about(LearnerLinked, _ENROLMENT, 52, Link(by="registry", into="b7c20d1e")),
    _about(LearnerCarried, _ENROLMENT, 52, Carried(into="b7c20d1e")),
    _about(LearnerErased, _ENROLMENT, 53, Asked(by="registry")),
    _about(LearnerUnenrolled, _ENROLMENT, 50, Enrolment(offering=OFFERING, registration_id=_id(LearnerUnregistered))),
)

EXAMPLES: Mapping[type[Event], Event] = {type(event): event for event in (*_STORY, *RULINGS)}
"""The example of each event."""
