"""Offerings and passes as institutions and platforms could send them: each member there or not, and awkward texts."""

import hashlib
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from services.issuance.wording import legible
from shared.contracts.assessment import LearnerPassed
from shared.contracts.enrolment import OfferingPublished
from tests.unit.issuance.builders import START, endorsement, passed, published

# Text as institutions write it and as attackers do: quotes, backslashes, percent signs, line ends, control characters.
awkward = st.text(
    st.sampled_from('aé漢😀"\\%<>{}^`|\n\r\t\x00\x07\x08\x0b\x0c\x1b\x7f\x85\u2028\ufeff\ufffe\uffff()s_:.'),
    max_size=30,
)
texts = st.one_of(awkward, st.text(st.characters(exclude_categories=["Cs"]), max_size=60)).map(lambda text: f"x{text}y")
links = st.integers(0, 3).map(lambda n: f"https://esco.example/{n}?a=%22#b")
quarters = st.integers(1, 1600).map(lambda number: number / 4)
amounts = st.one_of(st.integers(1, 400), st.floats(0.01, 400))
languages = st.sampled_from(["en", "nl-be", "zh-Hant-TW", "sr-latn", "de-1996", "es-419"])
images = st.one_of(links, st.just("data:image/png;base64,iVBORw0KGgo="))
identifiers = st.lists(
    st.fixed_dictionaries(
        {"identifier": texts}, optional={"identifier_type": st.sampled_from(["sourcedId", "ext:ROR", "isbn"])}
    ),
    max_size=3,
)
alignments = st.lists(
    st.fixed_dictionaries(
        {"target_name": texts, "target_url": links},
        optional={
            "target_framework": texts,
            "target_framework_version": st.just("1.2.0"),
            "target_code": texts,
            "target_description": texts,
            "target_type": st.sampled_from(["CFItem", "ceasn:Competency", "ext:Skill"]),
        },
    ),
    max_size=6,
)
outcomes = st.lists(
    st.fixed_dictionaries(
        {"id": st.sampled_from("abcd"), "title": texts}, optional={"statement": texts, "code": texts, "url": links}
    ),
    max_size=3,
    unique_by=lambda outcome: outcome["id"],
)
Members = dict[str, st.SearchStrategy[Any]]
nothing: Members = {}
places: Members = {"street": texts, "locality": texts, "country_code": st.just("GB")}
addresses = st.fixed_dictionaries(nothing, optional=places)
levels = st.one_of(
    st.fixed_dictionaries({"level": st.sampled_from("12345678")}, optional={"name": texts}),
    st.fixed_dictionaries({"framework": st.just("NLQF"), "level": st.just("4+"), "url": links}),
)
profile: Members = {
    "url": links,
    "email": st.just("awards@ou.example"),
    "phone": st.just("+44 (0)1908 274066"),
    "description": texts,
    "image": images,
    "image_caption": texts,
    "address": addresses,
    "official": texts,
    "other_identifiers": identifiers,
}
organisation: Members = {"id": links, "name": texts}
organisations = st.fixed_dictionaries(organisation, optional=profile)
status = {
    "id": "https://ministry.example/status/1#94567",
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "94567",
    "statusListCredential": "https://ministry.example/status/1",
}
signed: Members = {
    "description": texts.map(legible),
    "issuer": st.just("https://ministry.example/"),
    "awardedDate": st.just("2026-01-01T02:00:00+02:00"),
    "validUntil": st.just("2036-01-01T00:00:00.25Z"),
    "credentialStatus": st.just(status),
}
# What VC 2.0 allows and Open Badges 3.0 does not, what canonicalisers differ on, and what is simply wrong.
missigned: Members = {
    "name": st.one_of(texts, st.integers(1, 9), st.just({"@value": "x", "@language": "en", "@direction": "rtl"})),
    "description": texts,
    "issuer": st.one_of(st.just({"id": "https://ministry.example/"}), st.just("ministry")),
    "validFrom": st.sampled_from(["yesterday", "2026-01-01", "2026-01-01T00:00:00Z", 5]),
    "credentialStatus": st.sampled_from([[status], [status, status], {"type": "None"}, status]),
    "endorsementJwt": st.just(["a.b.c"]),
    "jti": st.just("urn:x:1"),
    "evidence": st.just([{"type": ["Evidence"], "narrative": "x"}]),
    "proof": st.sampled_from([endorsement(0)["proof"], endorsement(0)["proof"][0]]),
}


def endorsed_with(members: Members) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Return endorsements that have any of these members besides the usual ones, or in their place."""
    ones = st.builds(_endorsement, st.integers(0, 1), st.booleans(), st.fixed_dictionaries(nothing, optional=members))
    return st.lists(ones, max_size=2, unique_by=lambda document: str(document["id"]))


def _endorsement(number: int, alone: bool, more: dict[str, Any]) -> dict[str, Any]:  # noqa: FBT001 - drawn
    usual = endorsement(number)
    # Of one id twice, each with members of its own, no two have the same proof.
    value = hashlib.sha256(repr(sorted(more.items())).encode()).hexdigest()
    usual["proof"][0]["proofValue"] += value.replace("0", "z")
    return usual | {"proof": usual["proof"][0] if alone else usual["proof"]} | more


endorsements = endorsed_with(signed)
required: Members = {"name": texts, "description": texts, "criteria": texts, "alignments": alignments}
more: Members = {
    "criteria_url": links,
    "language": languages,
    "achievement_type": st.sampled_from(["Course", "Certificate", "ext:Nanodegree"]),
    "image": images,
    "image_caption": texts,
    "human_code": texts,
    "version": texts,
    "field_of_study": texts,
    "specialization": texts,
    "tags": st.lists(texts, max_size=3),
    "outcomes": outcomes,
    "credits": st.fixed_dictionaries({"available": quarters}, optional={"unit": texts, "unit_url": links}),
    "notional_hours": amounts,
    "level": levels,
    "further_levels": st.lists(levels, max_size=2),
    "validity": st.one_of(st.builds(dict, months=st.integers(1, 1200)), st.builds(dict, days=st.integers(1, 36_500))),
    "related": st.lists(
        st.fixed_dictionaries({"id": links}, optional={"language": languages, "version": texts}),
        max_size=3,
        unique_by=lambda other: str(other["id"]),
    ),
    "other_identifiers": identifiers,
    "creator": organisations,
    "endorsements": endorsements,
}
achievements = st.fixed_dictionaries(required, optional=more)
issuing: Members = {**profile, "parent": organisations, "endorsements": endorsements}
issuers = st.fixed_dictionaries({"name": texts}, optional=issuing)
components: st.SearchStrategy[list[dict[str, Any]]] = st.lists(
    st.fixed_dictionaries(
        {"component": st.sampled_from(["exam", "quiz/1", "a:b%c", "essay"])},
        optional={"title": texts, "score_percent": st.floats(0, 100)},
    ),
    max_size=4,
    unique_by=lambda component: str(component["component"]),
)
evidence = st.lists(
    st.fixed_dictionaries(
        {"narrative": texts},
        optional={"url": links, "name": texts, "description": texts, "genre": texts, "audience": texts},
    ),
    max_size=3,
)
moments = st.integers(-(10**12), 10**12).map(lambda number: START + timedelta(microseconds=number))
causes = st.lists(
    st.fixed_dictionaries(
        {"event_id": st.sampled_from("abc"), "type": st.just("microcred.result.reported.v1"), "time": moments},
        optional={"component": st.just("exam")},
    ),
    max_size=3,
)

RESTING_ON: Members = {
    "pass_mark": st.floats(0, 100),
    "components": components,
    "evidence": evidence,
    "started": moments,
    "ended": moments,
    "role": texts,
    "term": texts,
    "causes": causes,
    "causes_left_out": st.integers(1, 5000),
    "decided_by": st.just("platform"),
}


@st.composite
def offerings(draw: st.DrawFn) -> OfferingPublished:
    """Return the publication of any offering."""
    return published(issuer=draw(issuers), endorsed=draw(endorsements), **draw(achievements))


@st.composite
def doubtful_offerings(draw: st.DrawFn) -> OfferingPublished:
    """Return a publication with endorsements of which nobody can make a credential, or somebody can."""
    ones, others, owns = (draw(endorsed_with(missigned)) for _ in range(3))
    return published(issuer={"name": "OU", "endorsements": ones}, endorsements=others, endorsed=owns)


@st.composite
def passes(draw: st.DrawFn) -> LearnerPassed:
    """Return any pass, also one of an early release, which says little."""
    said = draw(st.fixed_dictionaries(nothing, optional=RESTING_ON))
    return passed(grade=draw(st.floats(0, 100)), **said)
