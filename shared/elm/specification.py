"""What an offering certifies, as a specification of the European Learning Model.

A level may stand on a `Qualification` only (profile EDC), and so may an accreditation and whether it is a part of
something. Without a level it is a `LearningAchievementSpecification`, and the awarding body carries its accreditation.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from shared.contracts.achievement import Level
from shared.contracts.credit import unit_named
from shared.contracts.enrolment import Offering
from shared.contracts.profile import Profile
from shared.contracts.standing import Quality
from shared.elm import concepts
from shared.elm.organisation import accreditation, organisation
from shared.elm.words import given, hours, note, page, points, said

Document = dict[str, Any]
_ESCO_SKILL = "http://data.europa.eu/esco/skill/"


@dataclass(frozen=True, slots=True)
class Specified:
    """An offering, and the address below which its parts are named."""

    offering: Offering
    root: str

    def name(self, part: str) -> str:
        """Return the name of a part."""
        return f"{self.root}#{quote(part, safe='-')}"

    @property
    def language(self) -> str:
        """The language that it is described in."""
        return self.offering.achievement.language

    @property
    def levels(self) -> tuple[Level, ...]:
        """Its levels, in whatever framework."""
        about = self.offering.achievement
        return (*([about.level] if about.level else []), *about.further_levels)

    @property
    def is_qualification(self) -> bool:
        """Whether it has a level."""
        return bool(self.levels)

    @property
    def quality(self) -> tuple[Quality, ...]:
        """Who assures its quality."""
        return self.offering.standing.quality if self.offering.standing else ()

    def awarding_body(self) -> Document:
        """Return the awarding body, which may be another than the issuer."""
        profile, name = self._body()
        carried = [
            self._accreditation(each, place) for place, each in enumerate(self.quality) if not self._is_own(each)
        ]
        return organisation(profile, name, self.language, carried)

    def issuer(self) -> Document:
        """Return the issuer."""
        return organisation(self.offering.issuer, self.name("issuer"), self.language)

    def document(self) -> Document:
        """Return the specification."""
        about, learning, standing = self.offering.achievement, self.offering.learning, self.offering.standing
        qualified = self.is_qualification
        integration = standing.integration if standing else None
        return given(
            id=self.name("specification"),
            type="Qualification" if qualified else "LearningAchievementSpecification",
            title=said(about.name, self.language),
            description=said(about.description, self.language),
            additionalNote=note(self.name("criteria"), about.criteria, self.language),
            supplementaryDocument=list(self._pages()),
            dcType=concepts.short_programme(),
            language=list(self._languages()),
            volumeOfLearning=hours(about.notional_hours) if about.notional_hours else None,
            mode=concepts.mode(learning.participation) if learning and learning.participation else None,
            thematicArea=concepts.isced(learning.field_of_education)
            if learning and learning.field_of_education
            else None,
            creditPoint=self.credit("credit"),
            entryRequirement=note(self.name("entry"), learning.prerequisites if learning else None, self.language),
            learningOutcome=list(self._outcomes()),
            provenBy=self.assessments(),
            isPartOf=list(self._programmes()),
            eqfLevel=next((concepts.eqf(each.level) for each in self.levels if each.framework == "EQF"), None),
            nqfLevel=[_national(each, self.language) for each in self.levels if each.framework != "EQF"],
            isPartialQualification=integration != "stand-alone" if qualified and integration else None,
            accreditation=[self._accreditation(q, n) for n, q in enumerate(self.quality) if self._is_own(q)],
        )

    def credit(self, part: str) -> Document | None:
        """Return the credit points in the unit that they are awarded in."""
        credits_ = self.offering.achievement.credits
        if credits_ is None:
            return None
        system = concepts.credit_system(unit_named(credits_.unit))
        return {"id": self.name(part), "type": "CreditPoint", "framework": system, "point": points(credits_.available)}

    def assessments(self) -> list[Document]:
        """Return a specification of assessment for each kind, since each has one type."""
        learning = self.offering.learning
        kinds = learning.assessing.kinds if learning and learning.assessing else ()
        return [self._assessment(kind) for kind in dict.fromkeys(kinds)]

    def _assessment(self, kind: str) -> Document:
        learning, type_ = self.offering.learning, concepts.assessment(kind)
        return given(
            id=self.name(f"assessment-{kind}"),
            type="LearningAssessmentSpecification",
            title={"en": type_["prefLabel"]["en"]},
            dcType=type_,
            mode=concepts.mode(learning.participation) if learning and learning.participation else None,
        )

    def _body(self) -> tuple[Profile, str]:
        standing = self.offering.standing
        if standing and standing.awarding_body:
            return standing.awarding_body, standing.awarding_body.id
        return self.offering.issuer, self.name("issuer")

    def _is_own(self, quality: Quality) -> bool:
        return self.is_qualification and quality.kind != "institution"

    def _accreditation(self, quality: Quality, place: int) -> Document:
        profile, name = self._body()
        return accreditation(quality, self.name(f"accreditation-{place}"), profile, name, self.language)

    def _pages(self) -> Iterator[Document]:
        about, learning = self.offering.achievement, self.offering.learning
        if criteria := page(self.name("criteria-page"), about.criteria_url, self.language):
            yield criteria
        for place, each in enumerate(learning.materials if learning else ()):
            if material := page(self.name(f"material-{place}"), each.url, self.language, each.title):
                yield material

    def _languages(self) -> Iterator[Document]:
        learning = self.offering.learning
        for tag in (learning.languages if learning else ()) or (self.language,):
            if known := concepts.language(tag):
                yield known

    def _outcomes(self) -> Iterator[Document]:
        about = self.offering.achievement
        for each in about.outcomes:
            name = each.url or self.name(f"outcome-{each.id}")
            told = note(f"{self.name(f'outcome-{each.id}-statement')}", each.statement, self.language)
            yield given(id=name, type="LearningOutcome", title=said(each.title, self.language), additionalNote=told)
        # Skills are the achievement's, not an outcome's: each is an outcome of its own.
        for place, skill in enumerate(about.alignments):
            if str(skill.target_url).startswith(_ESCO_SKILL):
                related = concepts.esco_skill(str(skill.target_url), skill.target_name, self.language.partition("-")[0])
                yield given(
                    id=self.name(f"skill-{place}"),
                    type="LearningOutcome",
                    title=said(skill.target_name, self.language),
                    relatedESCOSkill=related,
                )

    def _programmes(self) -> Iterator[Document]:
        standing = self.offering.standing
        for place, each in enumerate(standing.counts_towards if standing else ()):
            yield given(
                id=self.name(f"programme-{place}"),
                # A qualification is a part of a qualification only (profile EDC).
                type="Qualification" if self.is_qualification else "LearningAchievementSpecification",
                title=said(each.programme, self.language),
                homepage=page(self.name(f"programme-{place}-page"), each.url, self.language),
            )


def _national(level: Level, language: str) -> Document:
    label = level.name or f"{level.framework} level {level.level}"
    return concepts.concept(
        str(level.url), f"urn:microcred:framework:{quote(level.framework, safe='')}", label, language
    )
