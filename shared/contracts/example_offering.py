"""The offering that the examples are about: it says one of everything that an offering can say."""

from decimal import Decimal

from pydantic import HttpUrl

from shared.contracts.achievement import Achievement, Alignment, Credits, Level, Outcome, Validity
from shared.contracts.enrolment import Activity, CourseRun, Offering
from shared.contracts.policy import Component, Policy
from shared.contracts.profile import Address, Issuer, OtherIdentifier

OFFERING = "data-literacy-2026"
POLICY = Policy(
    components=(
        Component(id="quiz", title="Weekly quizzes", weight=Decimal(40)),
        Component(id="report", weight=Decimal(60)),
    ),
    pass_mark=Decimal(50),
)
DEFINITION = Offering(
    offering=OFFERING,
    achievement=Achievement(
        name="Data Literacy",
        description="Reads, questions and presents data.",
        criteria="A weighted mean of 50 % or more in quizzes and report.",
        criteria_url="https://ou.example/data-literacy/criteria",
        image="https://ou.example/data-literacy.png",
        image_caption="Three bars of a chart.",
        human_code="DL-1",
        tags=("data", "charts"),
        alignments=(
            Alignment(
                target_name="analyse data",
                target_url=HttpUrl("http://data.europa.eu/esco/skill/2b92a5b2-6758-4ee3-9fb4-b6387a55cc8f"),
                target_framework="ESCO",
                target_framework_version="1.2.0",
            ),
        ),
        outcomes=(Outcome(id="question", title="Questions data", statement="Asks where figures come from."),),
        credits=Credits(available=5),
        notional_hours=125,
        level=Level(level="6"),
        validity=Validity(months=36),
    ),
    issuer=Issuer(
        name="Open University",
        url=HttpUrl("https://ou.example/"),
        email="awards@ou.example",
        address=Address(locality="Milton Keynes", country_code="GB"),
        other_identifiers=(OtherIdentifier(identifier="https://ror.org/05mzfcs16", identifier_type="ext:ROR"),),
    ),
    policy=POLICY,
    runs=(
        CourseRun(
            platform="courses.ou.example",
            course="course-v1:OU+DL",
            run="course-v1:OU+DL+2026",
            activities=(Activity(id="https://courses.ou.example/xblock/report", component="report"),),
        ),
    ),
)
