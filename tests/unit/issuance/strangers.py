"""A credential that somebody else made."""

from typing import Any

from services.issuance.jsonld.contexts import CREDENTIALS_V2, OPEN_BADGES

Document = dict[str, Any]


def badge_by(issuer: str, /, **members: Any) -> Document:
    """Return a credential of this issuer, without a proof."""
    return {
        "@context": [CREDENTIALS_V2, OPEN_BADGES],
        "id": "urn:uuid:8c4e7f1a-3f0a-5b69-8a37-d1f9b7b2c1de",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": issuer, "type": ["Profile"], "name": "Elsewhere"},
        "validFrom": "2026-03-02T09:30:00Z",
        "credentialSubject": {
            "id": "urn:uuid:1c4e7f1a-3f0a-5b69-8a37-d1f9b7b2c1de",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "https://elsewhere.example/a",
                "type": ["Achievement"],
                "name": "Weaving",
                "description": "Baskets.",
                "criteria": {"narrative": "Weave one."},
            },
        },
        **members,
    }
