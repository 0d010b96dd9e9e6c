"""The prepared canonical bytes are those of two independent canonicalisers, for every shape that is issued."""

import copy

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from services.issuance.checking.openbadge import badge_of
from services.issuance.credential import shape_of, skeleton_of, slots_of
from services.issuance.domain import Award
from services.issuance.jsonld.canonical import Document, canonical_bytes
from services.issuance.jsonld.contexts import CREDENTIALS_V2, EXTENSIONS, OPEN_BADGES, context
from services.issuance.jsonld.skeleton import values_of, with_values
from services.issuance.passes import Offering
from services.issuance.schema import require_official
from services.issuance.shape import Said
from services.issuance.status import SLOTS as LIST_SLOTS
from services.issuance.status import bits_with, encoded, list_skeleton
from services.issuance.store import AWARDS, OFFERINGS
from shared.contracts.assessment import LearnerPassed
from shared.contracts.enrolment import OfferingPublished
from shared.kit.errors import RecordRefused
from tests.property.issuance.judges import by_pyld
from tests.property.issuance.offerings import doubtful_offerings, offerings, passes
from tests.unit.issuance.builders import ISSUING, NAMES, award, beside, offering


def issued(publication: OfferingPublished, passing: LearnerPassed) -> Document:
    """Return the credential of a pass, as it was signed."""
    [credential] = ISSUING.passed(award(), passing, beside(offering(publication))).state.credentials
    document: Document = orjson.loads(credential.document)
    return document


def under_the_other_context(document: Document) -> Document:
    """Return the document under the text of the context that the specification's own repository has."""
    terms = copy.deepcopy(dict(context(OPEN_BADGES)))
    del terms["endorsementJwt"], terms["jti"]
    return {**document, "@context": [CREDENTIALS_V2, terms, EXTENSIONS]}


@settings(max_examples=150)
@given(offerings(), passes())
def test_credentials(publication: OfferingPublished, passing: LearnerPassed) -> None:
    """All that holds of a credential, of each that is made: to make one takes longer than to look at it."""
    known = offering(publication)
    held = ISSUING.passed(award(), passing, beside(None)).state
    document = issued(publication, passing)

    the_official_schema_and_our_verifier_find_no_fault(document)
    what_waits_survives_the_database(known, held)
    del document["proof"]
    slots = slots_of(document)

    skeleton = skeleton_of(known, NAMES, shape_of(known, Said.by(held.held[0]), ends="validUntil" in document))
    canonical = skeleton.canonical(values_of(document, slots))

    assert canonical == canonical_bytes(document)
    assert canonical == by_pyld(document)
    assert canonical == by_pyld(under_the_other_context(document))
    assert document == with_values(skeleton.constant, slots, values_of(document, slots))
    assert skeleton.slots == slots


def the_official_schema_and_our_verifier_find_no_fault(document: Document) -> None:
    require_official(document)
    assert badge_of(document).id == document["id"]


def what_waits_survives_the_database(known: Offering, held: Award) -> None:
    assert OFFERINGS.load({"_id": "ou/AAA/2014J", **OFFERINGS.dump(known)}) == known
    assert AWARDS.load({"_id": held.key, **AWARDS.dump(held)}) == held


@settings(max_examples=150)
@given(doubtful_offerings(), passes())
def test_an_offering_is_refused_or_each_of_its_credentials_is_official_and_means_one_thing(
    publication: OfferingPublished, passing: LearnerPassed
) -> None:
    try:
        document = issued(publication, passing)
    except RecordRefused:
        return

    require_official(document)
    del document["proof"]
    assert canonical_bytes(document) == by_pyld(document) == by_pyld(under_the_other_context(document))


@settings(max_examples=30)
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
