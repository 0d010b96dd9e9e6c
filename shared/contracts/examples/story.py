"""One example of each event of a learner's place on an offering, from the publication to the place's end."""

from datetime import timedelta

from shared.contracts.achievement import ComponentResult, Evidence
from shared.contracts.assessment import (
    Cause,
    GradedAttempt,
    LearnerAssessed,
    LearnerPassed,
    Pass,
    PassWithdrawn,
    Withdrawal,
)
from shared.contracts.enrolment import Enrolment, LearnerEnrolled, LearnerUnenrolled, OfferingPublished
from shared.contracts.envelope import Event
from shared.contracts.examples.envelopes import ASSESSMENT, ENROLMENT, PLATFORM, START, about, envelope, id_of
from shared.contracts.examples.offering import DEFINITION, OFFERING, POLICY
from shared.contracts.fanout import OfferingArrived, StatementVoided, StatementVoiding
from shared.contracts.learners import (
    Asked,
    Carried,
    LearnerCarried,
    LearnerDisclosed,
    LearnerErased,
    LearnerLinked,
    Link,
)
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

_PLACE = Registration(offering=OFFERING, term="Autumn 2026")
_EVIDENCE = Evidence(url="https://ou.example/portfolio/7", name="Report", genre="report")
STORY: tuple[Event, ...] = (
    OfferingPublished(**envelope(OfferingPublished, ENROLMENT, 0), data=DEFINITION),
    about(LearnerRegistered, PLATFORM, 1, _PLACE),
    about(
        LearnerEnrolled,
        ENROLMENT,
        1,
        Enrolment(offering=OFFERING, registration_id=id_of(LearnerRegistered), term="Autumn 2026"),
    ),
    about(OfferingArrived, ASSESSMENT, 1, _PLACE),
    about(
        LearningRecognised,
        PLATFORM,
        2,
        Recognition(offering=OFFERING, component="quiz", reason="Equivalent Outside Activity", evidence=(_EVIDENCE,)),
    ),
    about(
        IdentityChecked,
        PLATFORM,
        30,
        IdentityCheck(
            offering=OFFERING, component="report", attempt="report/1", verified=True, method="supervised on site"
        ),
    ),
    about(
        ResultReported,
        PLATFORM,
        30,
        Result(
            offering=OFFERING, component="report", attempt="report/1", score=42.5, max_score=50, evidence=(_EVIDENCE,)
        ),
    ),
    StatementVoided(
        **envelope(StatementVoided, ENROLMENT, 30),
        data=StatementVoiding(statement="fd41c918-b88b-4b20-a0a5-a4c32391aaa0"),
    ),
    about(VerdictReported, PLATFORM, 31, Verdict(offering=OFFERING, passed=True)),
    about(
        LearnerAssessed,
        ASSESSMENT,
        30,
        GradedAttempt(
            offering=OFFERING,
            component="report",
            result_id=id_of(ResultReported),
            score_percent=85,
            grade_percent=51,
            policy_version=POLICY.version,
        ),
    ),
    about(
        LearnerPassed,
        ASSESSMENT,
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
            started=START + timedelta(days=1),
            ended=START + timedelta(days=30),
            term="Autumn 2026",
            causes=(
                Cause(event_id=id_of(LearnerRegistered), type=LearnerRegistered.TYPE, time=START + timedelta(days=1)),
                Cause(
                    event_id=id_of(ResultReported),
                    type=ResultReported.TYPE,
                    time=START + timedelta(days=30),
                    component="report",
                ),
            ),
        ),
    ),
    about(ResultVoided, PLATFORM, 40, Voiding(offering=OFFERING, result_id=id_of(ResultReported))),
    about(
        PassWithdrawn,
        ASSESSMENT,
        40,
        Withdrawal(offering=OFFERING, pass_id=id_of(LearnerPassed), reason="result voided"),
    ),
    about(LearnerUnregistered, PLATFORM, 50, _PLACE),
    about(LearnerDisclosed, ENROLMENT, 51, Asked(by="registry")),
    about(LearnerLinked, ENROLMENT, 52, Link(by="registry", into="b7c20d1e")),
    about(LearnerCarried, ENROLMENT, 52, Carried(into="b7c20d1e")),
    about(LearnerErased, ENROLMENT, 53, Asked(by="registry")),
    about(LearnerUnenrolled, ENROLMENT, 50, Enrolment(offering=OFFERING, registration_id=id_of(LearnerUnregistered))),
)
