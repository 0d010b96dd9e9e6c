"""Concepts of the European Learning Model's controlled vocabularies, by their IRIs.

What has no IRI that we have read of is a concept of a vocabulary of our own, as the Commission's own samples do it.
Sources: ELM 3 application profile EDC; the vocabularies of the Publications Office that it names.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from shared.contracts.credit import ECTS, unit_named
from shared.elm.codes import COUNTRIES, LANGUAGES

Document = dict[str, Any]

_SNB = "http://data.europa.eu/snb/"
_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_SCHEME = "25831c2"
_MODES: Mapping[str, tuple[str, str]] = {
    "online": ("920fbb3cbe", "Online"),
    "blended": ("e92d221e4d", "Blended"),
    "presential": ("9191af2ed9", "Presential"),
    "workbased": ("729f3bed4b", "Workbased"),
}
_ASSESSMENTS: Mapping[str, tuple[str, str]] = {
    "artefact": ("de4d165a6c", "artefact assessment"),
    "attendance": ("7331eb4762", "level of attendance"),
    "continuous": ("3484bd7e51", "continuous evaluation"),
    "group-performance": ("56539a6507", "group performance"),
    "guided-self-assessment": ("c_4f874951", "guided self-assessment"),
    "marked-assignment": ("2939dae15f", "marked assignment"),
    "oral-examination": ("d30284d7df", "oral examination"),
    "peer-assessment": ("19a2e5e671", "peer assessment"),
    "peer-review": ("812e3b0ae1", "peer review"),
    "portfolio": ("4f03b91c0e", "portfolio"),
    "practical": ("6a4db9f11d", "practical assessment"),
    "presentation": ("c_04b30a72", "presentation"),
    "problem": ("c4256a2726", "problem based learning"),
    "project": ("795dac4096", "project work"),
    "quiz": ("b1b68f6735", "quiz"),
    "self-assessment": ("c_2b3bd410", "self-assessment"),
    "written-examination": ("6e6cb2cc78", "written examination"),
}
_OWN = "urn:microcred:concept"


def concept(iri: str, scheme: str, label: str, language: str = "en") -> Document:
    """Return a concept with its scheme and its name."""
    return {
        "id": iri,
        "type": "Concept",
        "inScheme": {"id": scheme, "type": "ConceptScheme"},
        "prefLabel": {language: label},
    }


def _of_model(vocabulary: str, name: str, label: str) -> Document:
    return concept(f"{_SNB}{vocabulary}/{name}", f"{_SNB}{vocabulary}/{_SCHEME}", label)


def _of_authority(table: str, name: str) -> Document:
    return concept(f"{_AUTHORITY}{table}/{name}", f"{_AUTHORITY}{table}", name)


def own(vocabulary: str, label: str) -> Document:
    """Return a concept of our own, named after its label."""
    name = quote("-".join(label.lower().split()), safe="")
    return concept(f"{_OWN}:{vocabulary}:{name}", f"{_OWN}:{vocabulary}", label)


def country(code: str) -> Document | None:
    """Return a country by its code of two letters, or None for one that ISO 3166-1 does not have."""
    return _of_authority("country", COUNTRIES[code]) if code in COUNTRIES else None


def language(tag: str) -> Document | None:
    """Return a language by its tag, or None for one that has no code of three letters here."""
    primary = tag.partition("-")[0]
    code = LANGUAGES.get(primary, primary.upper() if len(primary) == 3 else None)  # noqa: PLR2004 - letters of ISO 639-3
    return _of_authority("language", code) if code else None


def currency(code: str) -> Document:
    """Return a currency by its code of ISO 4217."""
    return _of_authority("currency", code)


def mode(participation: str) -> Document:
    """Return a form of participation."""
    name, label = _MODES[participation]
    return _of_model("learning-assessment", name, label)


def assessment(kind: str) -> Document:
    """Return a type of assessment."""
    name, label = _ASSESSMENTS[kind]
    return _of_model("assessment", name, label)


def supervision(supervised: str, identity: str) -> Document:
    """Return how an assessment is supervised, and whether it is verified there who is assessed."""
    verified = identity == "assessment"
    if supervised == "none" and not verified:
        return _of_model("supervision-verification", "c598449d64", "Unsupervised without ID Verification")
    how = "Unsupervised" if supervised == "none" else f"Supervised {supervised}"
    return own("supervision", f"{how} {'with' if verified else 'without'} ID verification")


def eqf(level: str) -> Document:
    """Return a level of the European Qualifications Framework."""
    return _of_model("eqf", level, f"Level {level}")


def isced(code: str) -> Document:
    """Return a field of education of ISCED-F 2013."""
    return _of_model("isced-f", code, code)


def credit_system(unit: str) -> Document:
    """Return a system of credits."""
    if unit_named(unit) == ECTS:
        return _of_model("education-credit", "6fcec5c5af", "European Credit Transfer System")
    return own("credit-system", unit)


def esco_skill(iri: str, label: str, tongue: str) -> Document:
    """Return a skill of ESCO."""
    return concept(iri, "http://data.europa.eu/esco/concept-scheme/skills", label, tongue)


def short_programme() -> Document:
    """Return the type of a micro-credential: a short learning programme."""
    return _of_model("learning-opportunity", "74a4a268e8", "Short learning programme")


def generic_credential() -> Document:
    """Return the profile of a credential."""
    return _of_model("credential", "e34929035b", "Generic")
