"""Where a reader of Annex I of the Council Recommendation (2022/C 243/02) looks in an award, and finds it."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.unit.elm.documents import changed, credential
from tests.unit.elm.test_shapes import OFFERINGS, assessed

_CLAIM = "credentialSubject.hasClaim"
#: The mandatory elements but the learner (M1), who is named by whoever asks; of two places the first that is there.
PLACES: Mapping[str, tuple[str, ...]] = {
    "M2": (f"{_CLAIM}.title", f"{_CLAIM}.specifiedBy.title"),
    "M3": ("issuer.location.address.countryCode.id",),
    "M4": (f"{_CLAIM}.awardedBy.awardingBody.legalName",),
    "M5": ("issued",),
    "M6": (f"{_CLAIM}.specifiedBy.learningOutcome.title",),
    "M7": (f"{_CLAIM}.specifiedBy.volumeOfLearning",),
    "M8": (f"{_CLAIM}.specifiedBy.eqfLevel.id", f"{_CLAIM}.specifiedBy.nqfLevel.id"),
    "M9": (f"{_CLAIM}.provenBy.specifiedBy.dcType.prefLabel",),
    "M10": (f"{_CLAIM}.specifiedBy.mode.id",),
    "M11": (f"{_CLAIM}.specifiedBy.accreditation.title", f"{_CLAIM}.awardedBy.awardingBody.accreditation.title"),
}


def found(node: Any, path: str) -> Iterator[Any]:
    """Yield what stands at a path, in every member of a list on the way."""
    if isinstance(node, list):
        for each in node:
            yield from found(each, path)
    elif not path:
        yield node
    elif isinstance(node, dict):
        key, _, rest = path.partition(".")
        if key in node:
            yield from found(node[key], rest)


def missing(document: Any) -> set[str]:
    return {name for name, places in PLACES.items() if not any(list(found(document, place)) for place in places)}


@pytest.mark.parametrize(
    ("name", "lacks"),
    [(name, set()) for name in OFFERINGS if name not in {"no level", "the least"}]
    + [("no level", {"M8"}), ("the least", {"M9", "M10", "M11"})],
)
def test_what_the_offering_says_is_where_it_is_looked_for(name: str, lacks: set[str]) -> None:
    assert missing(credential(OFFERINGS[name])) == lacks


@pytest.mark.parametrize(
    ("kinds", "label"),
    [
        (("portfolio",), "portfolio"),
        (("quiz", "project"), "quiz and project work"),
        (("quiz", "portfolio", "project"), "quiz and portfolio and project work"),
    ],
)
def test_the_type_of_assessment_is_one_whole_however_many_kinds_there_are(kinds: tuple[str, ...], label: str) -> None:
    document = credential(changed(learning=assessed(*kinds)))
    assert list(found(document, PLACES["M9"][0])) == [{"en": label}]
    parts = list(found(document, f"{_CLAIM}.provenBy.specifiedBy.hasPart.dcType.inScheme.id"))
    assert len(parts) == (len(kinds) if len(kinds) > 1 else 0)
    assert all(each.startswith("http://data.europa.eu/snb/assessment/") for each in parts)
