"""What a credential says to a person, read from its document: for the page, the badge image and the certificate."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.issuance.jsonld.terms import listed
from shared.contracts.envelope import utc

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill, a learning outcome, a level or an amount of work that the achievement is aligned with."""

    name: str
    url: str
    about: str


@dataclass(frozen=True, slots=True)
class Result:
    """One result: what was measured, and how it went."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the credential rests on."""

    name: str
    about: str
    url: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All of it; a text that the credential does not have is empty. `image` is a URL or a data: URI."""

    url: str
    name: str
    issuer: str
    issuer_url: str
    achievement: str
    description: str
    criteria: str
    criteria_url: str
    language: str
    image: str
    image_caption: str
    credits: str
    skills: tuple[Skill, ...]
    results: tuple[Result, ...]
    evidence: tuple[Evidence, ...]
    valid_from: datetime
    valid_until: datetime | None


def facts_of(document: Document) -> Facts:
    """Return what one of our own credentials says."""
    subject = document["credentialSubject"]
    achievement, issuer = subject["achievement"], document["issuer"]
    image = achievement.get("image", {})
    criteria = achievement["criteria"]
    ends = document.get("validUntil")
    return Facts(
        url=document["id"],
        name=document.get("name", achievement["name"]),
        issuer=issuer.get("name", issuer["id"]),
        issuer_url=_web(issuer.get("url")),
        achievement=achievement["name"],
        description=achievement["description"],
        criteria=criteria.get("narrative", ""),
        criteria_url=_web(criteria.get("id")).partition("#criteria")[0],
        language=achievement.get("inLanguage", "en"),
        image=image if isinstance(image, str) else image.get("id", ""),
        image_caption="" if isinstance(image, str) else image.get("caption", ""),
        credits=str(achievement.get("creditsAvailable", "")),
        skills=tuple(map(_skill, achievement.get("alignment", []))),
        results=tuple(_results(subject, achievement)),
        evidence=tuple(map(_evidence, listed(document.get("evidence", [])))),
        valid_from=utc(document["validFrom"]),
        valid_until=utc(ends) if ends else None,
    )


def _skill(alignment: Document) -> Skill:
    about = [alignment.get("targetFramework"), alignment.get("targetDescription")]
    return Skill(alignment["targetName"], _web(alignment["targetUrl"]), ": ".join(filter(None, about)))


def _results(subject: Document, achievement: Document) -> Iterator[Result]:
    described = {each["id"]: each for each in achievement.get("resultDescription", [])}
    for each in listed(subject.get("result", [])):
        about = described.get(each.get("resultDescription"), {})
        value = each.get("value") or each.get("status") or each.get("achievedLevel")
        if value is not None:
            unit = " %" if about.get("resultType") == "Percent" else ""
            needed = f" (needed: {about['requiredValue']}{unit})" if unit and "requiredValue" in about else ""
            yield Result(about.get("name", "Result"), f"{value}{unit}{needed}")


def _evidence(evidence: Document) -> Evidence:
    about = [evidence.get("description"), evidence.get("narrative")]
    return Evidence(evidence.get("name", "Evidence"), " ".join(filter(None, about)), _web(evidence.get("id")))


def _web(url: object) -> str:
    """Return an address that may become a link: nothing but the web's own schemes."""
    return url if isinstance(url, str) and url.startswith(("https://", "http://")) else ""
