"""Examples for the OpenAPI document."""

from typing import Any

_BASE = "https://credentials.example"
_ACHIEVEMENT = f"{_BASE}/issuers/ou/achievements/AAA%2F2014J"
_LIST = f"{_BASE}/status/7f0f3f6e-6f39-5d3c-9d8e-0b7e5b9d7c10"
_KEY = "did:web:credentials.example:issuers:ou#z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd"

CREDENTIAL: dict[str, Any] = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
    ],
    "id": f"{_BASE}/credentials/2b1f2a52-9a2b-5f0e-8f0b-0f6d7a2c9d11",
    "type": ["VerifiableCredential", "AchievementCredential"],
    "name": "Statistics",
    "issuer": {"id": "did:web:credentials.example:issuers:ou", "type": ["Profile"], "name": "Open University"},
    "validFrom": "2026-03-02T10:30:00Z",
    "credentialSubject": {
        "id": "urn:uuid:8c4e7f1a-3f0a-5b69-8a37-d1f9b7b2c1de",
        "type": ["AchievementSubject"],
        "achievement": {
            "id": _ACHIEVEMENT,
            "type": ["Achievement"],
            "achievementType": "MicroCredential",
            "name": "Statistics",
            "description": "Describes samples.",
            "criteria": {"id": f"{_ACHIEVEMENT}#criteria", "narrative": "Pass the exam."},
            "inLanguage": "en",
        },
        "result": [
            {"type": ["Result"], "resultDescription": f"{_ACHIEVEMENT}#grade", "value": "87.5"},
            {"type": ["Result"], "resultDescription": f"{_ACHIEVEMENT}#status", "status": "Completed"},
        ],
    },
    "credentialSchema": [
        {
            "id": "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json",
            "type": "1EdTechJsonSchemaValidator2019",
        }
    ],
    "credentialStatus": {
        "id": f"{_LIST}#94567",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "94567",
        "statusListCredential": _LIST,
    },
    "proof": [
        {
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-rdfc-2022",
            "created": "2026-03-02T10:30:00Z",
            "verificationMethod": _KEY,
            "proofPurpose": "assertionMethod",
            "proofValue": "z5Pnm43eCyJdPcYwxoEsddRytJJL6rXaKfy1aLJkfwZuEDqyvnoTcH7LxJrsjssBmMMiLusdGENZnTA8Yb67VqYeC",
        }
    ],
}
REPORT: dict[str, Any] = {
    "verified": False,
    "steps": [
        {
            "step": "format",
            "outcome": "passed",
            "code": "format_passed",
            "words": "It is a verifiable credential, and its signature covers all of it.",
        },
        {
            "step": "schema",
            "outcome": "passed",
            "code": "schema_passed",
            "words": "It says all that an Open Badge 3.0 must say, by the official schema.",
        },
        {
            "step": "proof",
            "outcome": "passed",
            "code": "proof_passed",
            "words": "Nothing in it was changed since its issuer signed it (eddsa-rdfc-2022).",
        },
        {
            "step": "issuer",
            "outcome": "passed",
            "code": "issuer_passed",
            "words": "Issued by Open University (did:web:credentials.example:issuers:ou).",
        },
        {"step": "dates", "outcome": "passed", "code": "dates_passed", "words": "Valid since 02 March 2026."},
        {
            "step": "status",
            "outcome": "failed",
            "code": "revoked",
            "words": "Its issuer revoked it: it does not stand any more.",
        },
    ],
}
CLAIM: dict[str, Any] = {"email": "ada@example.org"}
CLAIMED: dict[str, Any] = {
    **CREDENTIAL,
    "credentialSubject": {
        **CREDENTIAL["credentialSubject"],
        "identifier": [
            {
                "type": "IdentityObject",
                "hashed": True,
                "identityHash": "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399",
                "identityType": "emailAddress",
                "salt": "Kosher",
            }
        ],
    },
    "proof": [
        {
            **CREDENTIAL["proof"][0],
            "proofValue": "zEhmpR6iYTDRiJQpuFzs4RugWFDLhgrG33ZGK5CMhhkutaytbYi2cXPbtczUZ7KVCNwvUq5WUezUvpDgLRSdKizd",
        }
    ],
}
