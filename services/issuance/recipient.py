"""To whom a credential belongs, for whoever knows the person already: Open Badges 3.0, IdentityObject.

The address itself stands nowhere; its salted hash stands in the one copy that the learner is handed, and is kept
neither here nor on the log (docs/decisions/0031).
"""

import hashlib
from typing import Any

Document = dict[str, Any]


def identity_hash(identifier: str, salt: str) -> str:
    """Return the hash of an identifier: SHA-256 of its text followed by the salt (Open Badges 3.0, section B.7)."""
    return f"sha256${hashlib.sha256(f'{identifier}{salt}'.encode()).hexdigest()}"


def addressed(document: Document, email: str, salt: str, licence_number: str | None = None) -> Document:
    """Return an unsigned copy of a credential that names its recipient by the salted hash of an address."""
    identity = {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": identity_hash(email, salt),
        "identityType": "emailAddress",
        "salt": salt,
    }
    subject = {**document["credentialSubject"], "identifier": [identity]}
    if licence_number is not None:
        subject["licenseNumber"] = licence_number
    return {**{name: value for name, value in document.items() if name != "proof"}, "credentialSubject": subject}
