"""Documents in the European Learning Model."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from shared.contracts.enrolment import Offering
from shared.contracts.examples.offering import DEFINITION
from shared.elm.credential import Awarded, Learner, credential_document
from shared.elm.offering import offering_document
from shared.elm.specification import Specified

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
AWARD = Awarded(
    credential="https://credentials.example/credentials/1",
    awarded=AT,
    issued=AT.replace(day=3),
    valid_from=AT.replace(day=4),
    grade="71.5",
    valid_until=AT.replace(year=2029),
)
NOBODY = Learner("urn:uuid:8c4e7f1a-3f0a-5b69-8a37-d1f9b7b2c1de")
ROOT = "https://credentials.example/issuers/ou/achievements/dl"
PROFILE = "http://data.europa.eu/snb/"


def changed(**parts: Any) -> Offering:
    definition = DEFINITION.model_dump(mode="json")
    for part, value_ in parts.items():
        definition[part] = value_ if value_ is None or isinstance(value_, list) else {**definition[part], **value_}
    return Offering.model_validate(definition)


def specification(offering: Offering = DEFINITION) -> Any:
    return Specified(offering, ROOT).document()


def credential(offering: Offering = DEFINITION, learner: Learner = NOBODY) -> Any:
    return credential_document(offering, ROOT, AWARD, learner)


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for key, each in node.items():
            if key != "@context":
                yield from nodes(each)
    elif isinstance(node, list):
        for each in node:
            yield from nodes(each)


DOCUMENTS = [offering_document(DEFINITION, "urn:microcred:ou"), credential()]
