"""An offering's credential looked at before anybody earns one: is it an Open Badge, and does it mean one thing? Pure.

What an offering brings along that others signed (endorsements) stands on its credentials unchanged, so nothing of it
can be put right here: an offering with a part that verifiers would trip over is refused whole, at its publication.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson

from services.issuance.credential import Names, skeleton_of
from services.issuance.errors import CredentialRefused
from services.issuance.jsonld.contexts import OPEN_BADGES, Terms, context
from services.issuance.jsonld.terms import listed, require_all_signed
from services.issuance.passes import Offering, Pass
from services.issuance.proofs.proof import options_for
from services.issuance.proofs.suites import EDDSA_RDFC
from services.issuance.schema import require_official
from services.issuance.shape import Filling, Said, values_for
from services.issuance.wording import timestamp

Document = dict[str, Any]

_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
_VALUES = values_for(
    Said.by(Pass("", _MOMENT, 50.0)),
    Filling(
        url="urn:specimen:credential",
        subject="urn:specimen:learner",
        list_url="urn:specimen:list",
        index=0,
        awarded=_MOMENT,
        valid_from=_MOMENT,
        valid_until=None,
        grade_percent=50.0,
    ),
)
#: Terms that one of the two texts in circulation of the context 3.0.3 lacks at its top (test_canonical.py).
_DISPUTED = frozenset({"endorsementJwt", "jti"})
#: What canonicalisers escape each in its own way: control characters but tab, line feed and carriage return, and what
#: is no character of XML 1.1.
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def require_certifiable(offering: Offering, names: Names) -> None:
    """Refuse an offering whose credentials would not pass the official schema, or not be read alike by everybody.

    Raises:
        SkeletonUnfit, CredentialRefused: no credential can be made of it.

    """
    skeleton = skeleton_of(offering, names)
    document = skeleton.document(_VALUES)
    proof = options_for(document, EDDSA_RDFC, created=timestamp(_MOMENT), method="urn:specimen:key")
    require_official({**document, "proof": [{**proof, "proofValue": "z"}]})
    require_all_signed(document, _as_the_specification_has_it)
    signed: dict[bytes, Document] = {}
    for path, part in _parts(document, ""):
        if isinstance(part, str) and _UNREADABLE.search(part):
            raise CredentialRefused(
                path, "has a control character, U+FFFE or U+FFFF, of which verifiers make different things"
            )
        if isinstance(part, dict) and "proof" in part:
            _require_own_proofs(part, path, signed)


def _as_the_specification_has_it(url: object) -> Terms:
    terms = context(url)
    return {name: terms[name] for name in terms.keys() - _DISPUTED} if url == OPEN_BADGES else terms


def _require_own_proofs(part: Document, path: str, signed: dict[bytes, Document]) -> None:
    """Refuse a proof of something else: of graphs alike but for what they hang on, pyld makes labels of its own."""
    content = {name: each for name, each in part.items() if name != "proof"}
    for proof in listed(part["proof"]):
        if signed.setdefault(orjson.dumps(proof, option=orjson.OPT_SORT_KEYS), content) != content:
            raise CredentialRefused(f"{path}.proof", "is another endorsement's too: give each as it was signed")


def _parts(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    yield path, value
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _parts(each, f"{path}.{key}" if path else str(key))
