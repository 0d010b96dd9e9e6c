"""Events, keys and names for the tests of issuance."""

from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.issuance.credential import Names
from services.issuance.domain import Award, Kind, Offering
from services.issuance.handlers import Issuing
from services.issuance.keyring import KeyRing
from services.issuance.news import DECIDED, Decided
from services.issuance.signer import KeySigner
from shared.contracts.assessment import LearnerPassed, PassWithdrawn
from shared.contracts.enrolment import OfferingPublished
from shared.contracts.envelope import derived_id
from shared.contracts.fanout import OfferingArrived
from shared.kit.worker import Beside, Place

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
NAMES = Names("http://localhost:8003")
SIGNER = KeySigner(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
KEYS = KeyRing.of(SIGNER)
ISSUING = Issuing(KEYS, NAMES)
ALIGNMENT = {
    "target_name": "statistics",
    "target_url": "https://data.europa.eu/esco/skill/1",
    "target_framework": "ESCO",
}


def published(**achievement: Any) -> OfferingPublished:
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
                "issuer": {"name": "Open University", "url": "https://ou.example"},
                "policy": {"components": [{"id": "exam", "weight": 1}], "pass_mark": 40},
            },
        }
    )


def passed(number: int = 1, grade: float = 87.5) -> LearnerPassed:
    """Return the `number`th pass of one enrolment."""
    return LearnerPassed.model_validate(
        {
            **_about(f"pass-{number}", number),
            "data": {
                "offering": "AAA/2014J",
                "grade_percent": grade,
                "policy_version": "0123456789ab",
                "ordinal": number,
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
