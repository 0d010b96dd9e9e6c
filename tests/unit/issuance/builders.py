"""Events, keys and names for the tests of issuance."""

import base64
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.issuance.credential import Names
from services.issuance.domain import Award, Kind
from services.issuance.handlers import Issuing
from services.issuance.jsonld.contexts import CREDENTIALS_V2, OPEN_BADGES
from services.issuance.keys.ring import KeyRing
from services.issuance.keys.signer import KeySigner
from services.issuance.news import DECIDED, Decided
from services.issuance.order import Order
from services.issuance.passes import Offering
from shared.contracts.assessment import LearnerPassed, PassWithdrawn
from shared.contracts.enrolment import OfferingPublished
from shared.contracts.envelope import derived_id
from shared.contracts.fanout import OfferingArrived
from shared.kit.bindings import Beside, Place

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
NAMES = Names("http://localhost:8003")
SIGNER = KeySigner(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
KEYS = KeyRing.of(SIGNER)
ORDER = Order(b"a secret of more than 32 bytes, for tests")
ISSUING = Issuing(KEYS, NAMES, ORDER)
ALIGNMENT = {
    "target_name": "statistics",
    "target_url": "https://data.europa.eu/esco/skill/1",
    "target_framework": "ESCO",
}

ORGANISATION = {
    "id": "https://www.example.ac/",
    "name": "Group",
    "address": {"locality": "Delft", "country_code": "NL"},
}


def endorsement(number: int = 0) -> dict[str, Any]:
    """Return what somebody signed about the achievement; nobody here checks whether the signature holds."""
    return {
        "@context": [CREDENTIALS_V2, OPEN_BADGES],
        "id": f"https://ministry.example/endorsements/{number}",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Recognised",
        "issuer": {"id": "https://ministry.example/", "type": ["Profile"], "name": "Ministry"},
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": NAMES.achievement("ou", "AAA/2014J"),
            "type": ["EndorsementSubject"],
            "endorsementComment": "Recognised for admission.",
        },
        "proof": [
            {
                "type": "DataIntegrityProof",
                "cryptosuite": "eddsa-rdfc-2022",
                "created": "2026-01-01T00:00:00Z",
                "verificationMethod": "https://ministry.example/#key",
                "proofPurpose": "assertionMethod",
                "proofValue": f"z{number + 1}WphJSkMpz3DyRwV9c3awTdtmLUbp44CNGgeRpPWoH1asXHH34tSYa8a9BcbNV1j4oYt",
            }
        ],
    }


def endorsement_jwt(number: int = 0) -> str:
    """Return the same signed as a JWT; here too nobody checks the signature."""
    signed = endorsement(number)
    del signed["proof"]
    claims = {"iss": signed["issuer"]["id"], "jti": signed["id"], "sub": signed["credentialSubject"]["id"]}
    parts = [{"alg": "RS256", "kid": "https://ministry.example/#key", "typ": "JWT"}, {**signed, **claims}]
    texts = [orjson.dumps(part) for part in parts] + [b"signature"]
    return ".".join(base64.urlsafe_b64encode(text).rstrip(b"=").decode() for text in texts)


RICH: dict[str, Any] = {
    "issuer": {
        "name": "Open University",
        "url": "https://ou.example",
        "email": "awards@ou.example",
        "phone": "+44 1908 274066",
        "description": "Distance learning.",
        "image": "https://ou.example/logo.png",
        "image_caption": "A shield.",
        "address": {"street": "Walton Hall", "locality": "Milton Keynes", "country_code": "GB"},
        "official": "Registrar",
        "other_identifiers": [{"identifier": "https://ror.org/05mzfcs16", "identifier_type": "ext:ROR"}],
        "parent": ORGANISATION,
        "endorsements": [endorsement(1)],
        "endorsement_jwts": [endorsement_jwt(1)],
    },
    "endorsed": [endorsement(2)],
    "achievement_type": "Course",
    "criteria_url": "https://ou.example/criteria",
    "image": "data:image/png;base64,iVBORw0KGgo=",
    "image_caption": "Three bars.",
    "human_code": "S1",
    "version": "2",
    "field_of_study": "Mathematics",
    "specialization": "Statistics",
    "tags": ["data", "charts", "data"],
    "alignments": [{**ALIGNMENT, "target_code": "S1.1", "target_type": "CFItem", "target_framework_version": "1.2.0"}],
    "outcomes": [{"id": "describe", "title": "Describes samples", "statement": "By mean and spread."}],
    "credits": {"available": 7.5},
    "notional_hours": 12.5,
    "level": {"level": "6"},
    "validity": {"months": 120},
    "related": [{"id": "https://ou.example/statistiek", "language": "nl-be", "version": "1"}],
    "other_identifiers": [{"identifier": "34567", "identifier_type": "ext:CROHO"}],
    "creator": ORGANISATION,
    "endorsements": [endorsement(0)],
    "endorsement_jwts": [endorsement_jwt(0)],
    "language": "en-gb",
}
RESTING_ON: dict[str, Any] = {
    "pass_mark": 40,
    "components": [{"component": "exam", "title": "Exam", "score_percent": 88.128}, {"component": "quiz/1"}],
    "evidence": [{"url": "https://ou.example/portfolio/7", "name": "Report"}, {"narrative": 'A "poster"\nof two.'}],
    "started": "2026-01-31T09:30:00Z",
    "ended": "2026-03-01T09:30:00Z",
    "role": "Learner",
    "term": "Spring 2026",
    "causes": [
        {"event_id": "enrol-jane", "type": "microcred.learner.registered.v1", "time": "2026-01-31T09:30:00Z"},
        {
            "event_id": "6f1f7d0e-6d0c-5c55-9b7e-2f6a4e6b8c11",
            "type": "microcred.result.reported.v1",
            "time": "2026-03-01T09:30:00Z",
            "component": "exam",
        },
        {"event_id": "later-1", "type": "microcred.later.invented.v1", "time": "2026-03-01T09:31:00Z"},
    ],
    "causes_left_out": 2,
    "decided_by": "platform",
}


def published(
    *, issuer: dict[str, Any] | None = None, endorsed: Sequence[dict[str, Any]] = (), **achievement: Any
) -> OfferingPublished:
    """Return an offering's publication, with members of its achievement set."""
    return OfferingPublished.model_validate(
        {
            "id": "catalogue-1",
            "source": "test",
            "time": START,
            "tenant": "ou",
            "data": {
                "offering": "AAA/2014J",
                "achievement": {
                    "name": "Statistics",
                    "description": "Describes samples.",
                    "criteria": "Pass the exam.",
                    "alignments": [ALIGNMENT],
                    **achievement,
                },
                "issuer": issuer or {"name": "Open University", "url": "https://ou.example"},
                "policy": {"components": [{"id": "exam", "weight": 1}], "pass_mark": 40},
                "endorsements": endorsed,
            },
        }
    )


def passed(number: int = 1, grade: float = 87.5, **more: Any) -> LearnerPassed:
    """Return the `number`th pass of one enrolment."""
    return LearnerPassed.model_validate(
        {
            **_about(f"pass-{number}", number),
            "data": {
                "offering": "AAA/2014J",
                "grade_percent": grade,
                "policy_version": "0123456789ab",
                "ordinal": number,
                **more,
            },
        }
    )


def withdrawn(number: int = 1, reason: str = "result voided") -> PassWithdrawn:
    """Return the withdrawal of the `number`th pass."""
    data = {"offering": "AAA/2014J", "pass_id": f"pass-{number}", "reason": reason}
    return PassWithdrawn.model_validate({**_about(f"withdrawal-{number}", number + 1), "data": data})


def decision(kind: Kind, number: int = 1, *, minutes: int = 0, **data: Any) -> Decided:
    """Return a decision about the credential of the `number`th pass, so many minutes after all passes."""
    about = _about(f"{kind}-{number}-{minutes}", 20)
    fields = {"offering": "AAA/2014J", "credential_id": derived_id("credential", f"pass-{number}")}
    return DECIDED[kind].model_validate(
        {
            **about,
            "time": about["time"] + timedelta(minutes=minutes),
            "data": {**fields, "code": "exam-board", "by": "registry", **data},
        }
    )


def arrived() -> OfferingArrived:
    """Return the word that the offering is known."""
    return OfferingArrived.model_validate({**_about("arrival-1", 5), "data": {"offering": "AAA/2014J"}})


def offering(event: OfferingPublished | None = None) -> Offering:
    """Return an offering as issuance keeps it."""
    kept = ISSUING.offering_published(None, event or published()).state
    assert kept is not None
    return kept


def award() -> Award:
    """Return the award of the learner that all these events are about, empty."""
    return Award("ou", "learner-1", "AAA/2014J")


def beside(known: Offering | None, offset: int = 0) -> Beside[Offering]:
    """Return what a handler sees beside an award."""
    return Beside(known, Place("topic-1", 3, offset))


def _about(event_id: str, hours: int) -> dict[str, Any]:
    return {
        "id": event_id,
        "source": "test",
        "time": START + timedelta(hours=hours),
        "tenant": "ou",
        "learnerref": "learner-1",
        "platform": "moodle",
    }
