"""What an offering certifies, as a document: Open Badges 3.0 Achievement (section B.1).

What Open Badges 3.0 has no member for (notional hours, the unit of credits, the level of a framework) is said as an
alignment of a type of our own, `ext:`, so that no verifier has to know a context of ours (docs/decisions/0030).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import orjson

from services.issuance.profile import image, organisation, other_identifiers
from services.issuance.wording import duration, given, language, number, percent
from shared.contracts.achievement import Achievement, Alignment, Credits, Level, Outcome, Related

Document = dict[str, Any]

_ECTS = (
    "https://education.ec.europa.eu/education-levels/higher-education/european-credit-transfer-and-accumulation-system"
)
_VOLUME = "http://data.europa.eu/snb/model/elm/volumeOfLearning"
_EQF = "http://data.europa.eu/snb/eqf/"


@dataclass(frozen=True, slots=True)
class Graded:
    """What results refer to: the grade that was needed, and the components (id, title) that it is made of."""

    pass_mark: str
    components: tuple[tuple[str, str | None], ...]


def grade_id(url: str) -> str:
    """Return the name of the grade's description."""
    return f"{url}#grade"


def status_id(url: str) -> str:
    """Return the name of the description of whether it was completed."""
    return f"{url}#status"


def component_id(url: str, component: str) -> str:
    """Return the name of a component's description."""
    return f"{url}#component-{quote(component, safe='')}"


def achievement_document(about: Achievement, url: str, graded: Graded) -> Document:
    """Return what is certified; `url` is its id."""
    return given(
        id=url,
        type=["Achievement"],
        achievementType=about.achievement_type,
        name=about.name,
        description=about.description,
        criteria=given(id=about.criteria_url or f"{url}#criteria", narrative=about.criteria),
        inLanguage=language(about.language),
        image=image(about.image, about.image_caption),
        humanCode=about.human_code,
        version=about.version,
        fieldOfStudy=about.field_of_study,
        specialization=about.specialization,
        tag=list(dict.fromkeys(given(**{str(n): tag for n, tag in enumerate(about.tags)}).values())),
        creator=organisation(about.creator) if about.creator else None,
        creditsAvailable=number(about.credits.available) if about.credits else None,
        alignment=_once(_alignments(about, url)),
        related=[_related(each) for each in about.related],
        otherIdentifier=other_identifiers(about.other_identifiers),
        resultDescription=_descriptions(url, graded),
        endorsement=list(about.endorsements),
    )


def _alignments(about: Achievement, url: str) -> Iterable[Document]:
    yield from map(_skill, about.alignments)
    yield from (_outcome(each, about.name, url) for each in about.outcomes)
    yield from map(_level, [*([about.level] if about.level else []), *about.further_levels])
    if about.credits:
        yield _credits(about.credits, url)
    if about.notional_hours:
        yield _alignment(
            f"{number(about.notional_hours)} notional hours of learning",
            _VOLUME,
            targetCode=duration(about.notional_hours),
            targetFramework="European Learning Model",
            targetType="ext:VolumeOfLearning",
        )


def _alignment(name: str, url: str, **members: str | None) -> Document:
    return given(type=["Alignment"], targetName=name, targetUrl=url, **members)


def _skill(skill: Alignment) -> Document:
    framework = " ".join(filter(None, [skill.target_framework, skill.target_framework_version])) or None
    return _alignment(
        skill.target_name,
        str(skill.target_url),
        targetCode=skill.target_code,
        targetDescription=skill.target_description,
        targetFramework=framework,
        targetType=skill.target_type,
    )


def _outcome(outcome: Outcome, achievement: str, url: str) -> Document:
    return _alignment(
        outcome.title,
        outcome.url or f"{url}#outcome-{outcome.id}",
        targetCode=outcome.code or outcome.id,
        targetDescription=outcome.statement,
        targetFramework=f"Learning outcomes of {achievement}",
        targetType="CFItem",
    )


def _level(level: Level) -> Document:
    european = level.framework == "EQF"
    return _alignment(
        level.name or f"{level.framework} level {level.level}",
        level.url or f"{_EQF}{level.level}",
        targetCode=level.level,
        targetFramework="European Qualifications Framework" if european else level.framework,
        targetType="ext:EQFLevel" if european else "ext:QualificationLevel",
    )


def _credits(awarded: Credits, url: str) -> Document:
    own = _ECTS if awarded.unit == "ECTS" else f"{url}#credits"
    amount = str(number(awarded.available))
    return _alignment(
        f"{amount} {awarded.unit} credits",
        awarded.unit_url or own,
        targetCode=amount,
        targetFramework=awarded.unit,
        targetType="ext:CreditUnit",
    )


def _related(other: Related) -> Document:
    tongue = language(other.language) if other.language else None
    return given(id=other.id, type=["Related"], inLanguage=tongue, version=other.version)


def _descriptions(url: str, graded: Graded) -> list[Document]:
    grade = _percent(grade_id(url), "Grade", requiredValue=graded.pass_mark)
    status = given(
        id=status_id(url), type=["ResultDescription"], name="Status", resultType="Status", requiredValue="Completed"
    )
    parts = [_percent(component_id(url, each), title or each) for each, title in graded.components]
    return [grade, status, *parts]


def _percent(name: str, title: str, **members: str) -> Document:
    return given(
        id=name,
        type=["ResultDescription"],
        name=title,
        resultType="Percent",
        valueMin="0",
        valueMax=percent(100),
        **members,
    )


def _once(documents: Iterable[Document]) -> Sequence[Document]:
    """Return each document once: two that say the same are one statement, and no canonical form tells them apart."""
    return list({orjson.dumps(each): each for each in documents}.values())
