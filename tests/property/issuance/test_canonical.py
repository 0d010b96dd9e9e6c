"""The prepared canonical bytes are those of two independent canonicalisers, for every shape that is issued."""

from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from services.issuance import credential
from services.issuance.canonical import canonical_bytes
from services.issuance.credential import SLOTS, skeleton_of
from services.issuance.skeleton import with_values
from services.issuance.status import SLOTS as LIST_SLOTS
from services.issuance.status import bits_with, encoded, list_skeleton
from shared.contracts.enrolment import Achievement, OfferingPublished
from tests.property.issuance.judges import by_pyld
from tests.unit.issuance.builders import ISSUING, NAMES, passed, published

# Text as institutions write it and as attackers do: quotes, backslashes, percent signs, line ends, control characters.
awkward = st.text(
    st.sampled_from('aé漢😀"\\%<>{}^`|\n\r\t\x00\x07\x08\x0b\x0c\x1b\x7f\x85\u2028\ufeff()s_:.'), max_size=30
)
texts = st.one_of(awkward, st.text(st.characters(exclude_categories=["Cs"]), max_size=60)).map(lambda text: f"x{text}y")
alignments = st.lists(
    st.fixed_dictionaries(
        {"target_name": texts, "target_url": st.integers(0, 3).map(lambda n: f"https://esco.example/{n}?a=%22#b")},
        optional={"target_framework": texts},
    ),
    max_size=6,
)
achievements = st.fixed_dictionaries(
    {"name": texts, "description": texts, "criteria": texts, "alignments": alignments},
    optional={"language": st.sampled_from(["en", "nl-BE"])},
)
grades = st.floats(0, 100, allow_nan=False)


def offered(achievement: dict[str, Any]) -> OfferingPublished:
    return published(**Achievement.model_validate(achievement).model_dump(mode="json"))


@settings(max_examples=150, deadline=None)
@given(achievements, grades, st.integers(0, 131_071), st.uuids())
def test_credentials(achievement: dict[str, Any], grade: float, index: int, uuid: object) -> None:
    offering = ISSUING.offering_published(None, offered(achievement)).state
    assert offering is not None
    list_url = NAMES.status_list(str(uuid))
    values = {
        "id": NAMES.credential(str(uuid)),
        "valid_from": credential.timestamp(passed().time),
        "subject": credential.subject_id("ou", str(uuid)),
        "grade": credential.percent(grade),
        "status": f"{list_url}#{index}",
        "index": str(index),
        "list": list_url,
    }
    skeleton = skeleton_of(offering, NAMES)
    document = skeleton.document(values)

    prepared = skeleton.canonical(values)

    assert prepared == canonical_bytes(document)
    assert prepared == by_pyld(document)
    assert orjson.loads(orjson.dumps(document)) == document
    assert document == with_values(skeleton.constant, SLOTS, values)


@settings(max_examples=30, deadline=None)
@given(st.sets(st.integers(0, 131_071), max_size=50))
def test_status_lists(indexes: set[int]) -> None:
    values = {
        "id": NAMES.status_list("1"),
        "issuer": NAMES.issuer("ou"),
        "valid_from": "2026-03-02T09:30:00Z",
        "subject": f"{NAMES.status_list('1')}#list",
        "encoded": encoded(bits_with(indexes)),
    }
    document = list_skeleton().document(values)

    assert set(values) == set(LIST_SLOTS)
    assert list_skeleton().canonical(values) == canonical_bytes(document) == by_pyld(document)
