"""Examples of VC-API for the OpenAPI document."""

from typing import Any

from services.issuance.examples import CREDENTIAL
from services.issuance.jsonld.contexts import CREDENTIALS_V2

ISSUE: dict[str, Any] = {
    "credential": {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiableCredential"],
        "issuer": "did:web:credentials.example:issuers:ou",
        "validFrom": "2026-03-02T10:30:00Z",
        "credentialSubject": {"id": "did:key:z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd", "name": "Member"},
    },
    "options": {"cryptosuite": "eddsa-rdfc-2022"},
}
VERIFY: dict[str, Any] = {"verifiableCredential": CREDENTIAL, "options": {"returnResults": True}}
STATUS: dict[str, Any] = {
    "credentialId": CREDENTIAL["id"],
    "credentialStatus": {"type": "BitstringStatusListEntry", "statusPurpose": "suspension"},
    "status": True,
}
PRESENTATION: dict[str, Any] = {
    "verifiablePresentation": {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiablePresentation"],
        "holder": "did:key:z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd",
        "verifiableCredential": [CREDENTIAL],
        "proof": {
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-rdfc-2022",
            "created": "2026-03-02T10:30:00Z",
            "verificationMethod": "did:key:z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd#z6MkehRgf7yJbgaGfYsdo...",
            "proofPurpose": "authentication",
            "challenge": "3b9f6d2c",
            "proofValue": "z5Pnm43eCyJdPcYwxoEsddRytJJL6rXaKfy1aLJkfwZuEDqyvnoTcH7LxJrsjssBmMM...",
        },
    },
    "options": {"challenge": "3b9f6d2c"},
}
