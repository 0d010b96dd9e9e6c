"""The offering that the examples are about: it says one of everything that an offering can say."""

from datetime import date
from decimal import Decimal

from pydantic import HttpUrl

from shared.contracts.achievement import Achievement, Alignment, Credits, Level, Outcome, Validity
from shared.contracts.enrolment import Activity, CourseRun, Offering
from shared.contracts.learning import Assessing, Effort, Learning, Material
from shared.contracts.money import Costs, Money, Price
from shared.contracts.policy import Component, Policy
from shared.contracts.profile import Address, Issuer, Organisation, OtherIdentifier
from shared.contracts.standing import (
    Act,
    Backing,
    Listing,
    Override,
    Progression,
    Quality,
    QualityStatement,
    Standing,
)
from shared.contracts.terms import Terms

OFFERING = "data-literacy-2026"
POLICY = Policy(
    components=(
        Component(id="quiz", title="Weekly quizzes", weight=Decimal(40)),
        Component(id="report", weight=Decimal(60)),
    ),
    pass_mark=Decimal(50),
)
_PRICED = date(2026, 1, 1)
LEARNING = Learning(
    participation="online",
    languages=("en",),
    effort=Effort(weeks=12, hours_per_week=11),
    prerequisites="Reads tables and charts of a newspaper.",
    materials=(
        Material(
            title="Statistics at the kitchen table",
            url="https://open.ou.example/statistics",
            licence="https://creativecommons.org/licenses/by/4.0/",
            creator="Open University",
        ),
    ),
    assessing=Assessing(
        kinds=("quiz", "project"), summative=True, supervision="online", identity="assessment", evidence_visible=True
    ),
    field_of_education="0612",
)
STANDING = Standing(
    awarding_body=Organisation(
        id="https://ou.example/", name="Open University", address=Address(locality="Milton Keynes", country_code="GB")
    ),
    provider_kind="university",
    provider_regulated=True,
    quality=(
        Quality(
            kind="institution",
            title="Institutional review",
            agency=Organisation(id="https://qa.example/", name="Quality Agency", address=Address(country_code="GB")),
            url="https://qa.example/reviews/ou",
            until=date(2030, 12, 31),
            statement=QualityStatement(url="https://ou.example/quality", profile=True, processes=True, review=True),
        ),
    ),
    credit_route="direct",
    ects_conformant=True,
    level_applies=True,
    counts_towards=(
        Progression(programme="Certificate in Data", url="https://ou.example/certificate-data", since=_PRICED),
    ),
    integration="stackable",
    transcript=("learning-outcomes", "study-hours", "level", "credits"),
    earner_owns=True,
    backings=(Backing(endorser="Harbour Analytics", on=_PRICED, in_demand=True, reflects_performance=True),),
    listing=Listing(
        code="020113",
        use="Used by analysts in any industry.",
        relevance="Employers ask for people who question figures.",
        abilities="Reads, questions and presents data.",
        pathways="Leads on to the Certificate in Data.",
        community="Offered at night to people at work.",
        developer="Open University",
        review_months=24,
        need=("Harbour Analytics",),
        duplicates=False,
        acts=(Act(kind="listing", on=_PRICED, authority="Register of Micro-credentials"),),
    ),
    overrides=(Override(rule="nzqa@current/NZQA-14.4-period", reason="The register set another period."),),
)
TERMS = Terms(
    prices=(Price(amount=39_900, currency="GBP", on=_PRICED, includes="assessment"),),
    costs=Costs(
        fixed=Money(amount=2_500_000, currency="GBP", on=_PRICED),
        marginal=Money(amount=4_200, currency="GBP", on=_PRICED),
        source="The faculty's accounts of 2025.",
    ),
    opens=_PRICED,
    closes=date(2028, 12, 31),
    review_on=date(2028, 1, 1),
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
        outcomes=(
            Outcome(
                id="question",
                title="Questions data",
                statement="Asks where figures come from.",
                assessed_by=("quiz", "report"),
            ),
        ),
        credits=Credits(available=5),
        notional_hours=125,
        level=Level(level="6"),
        further_levels=(
            Level(framework="RQF", level="6", name="RQF Level 6", url="http://data.europa.eu/snb/qdr/c_c392e7a2"),
        ),
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
    learning=LEARNING,
    standing=STANDING,
    terms=TERMS,
)
