"""A credential as data of the European Learning Model: its document says what was awarded, its offering the rest.

Pure.
"""

from typing import Any

import orjson

from services.issuance.domain import Credential
from services.issuance.names import Names
from services.issuance.passes import Offering
from shared.contracts.enrolment import Offering as Definition
from shared.contracts.envelope import utc
from shared.elm.credential import Awarded, Learner, credential_document

Document = dict[str, Any]


def elm_document(credential: Credential, offering: Offering, names: Names, learner: dict[str, Any]) -> Document:
    """Return the data of a credential; `learner` is what the caller says of whoever holds it."""
    signed = orjson.loads(credential.document)
    subject = signed["credentialSubject"]
    awarded = Awarded(
        credential=signed["id"],
        awarded=utc(signed["awardedDate"]),
        issued=credential.issued,
        valid_from=credential.valid_from,
        valid_until=credential.valid_until,
        grade=_grade(subject),
    )
    definition = Definition.model_validate_json(offering.definition)
    root = names.achievement(offering.tenant, offering.offering)
    return credential_document(definition, root, awarded, Learner(subject=subject["id"], **learner))


def _grade(subject: Document) -> str:
    results = subject["result"]
    return next(str(each["value"]) for each in results if each["resultDescription"].endswith("#grade"))
