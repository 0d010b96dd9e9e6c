"""An offering's credential as a document: Open Badges 3.0 AchievementCredential on VC 2.0.

Pure. Sources: Open Badges 3.0, section B.1 (data models); Verifiable Credentials Data Model 2.0, section 4.
Every node that differs from learner to learner has an id, all but the result.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from services.issuance.contexts import CREDENTIALS_V2, OPEN_BADGES
from services.issuance.domain import Alignment, Offering
from services.issuance.marks import Purpose
from services.issuance.skeleton import Skeleton, Slots, prepared
from shared.contracts.envelope import derived_id, utc

Document = dict[str, Any]

SLOTS = {
    "id": ("id",),
    "valid_from": ("validFrom",),
    "subject": ("credentialSubject", "id"),
    "grade": ("credentialSubject", "result", 0, "value"),
    "status": ("credentialStatus", "id"),
    "index": ("credentialStatus", "statusListIndex"),
    "list": ("credentialStatus", "statusListCredential"),
}
SLOTS_WITH_END = {**SLOTS, "valid_until": ("validUntil",)}
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Names:
    """The URLs and DIDs of everything that this service publishes, below one public URL."""

    public_url: str

    def credential(self, credential_id: str) -> str:
        """Return a credential's id, which is its URL."""
        return f"{self.public_url}/credentials/{credential_id}"

    def status_list(self, list_id: str, purpose: Purpose = "revocation") -> str:
        """Return a status list's id, which is its URL; that of suspensions stands below that of revocations."""
        return f"{self.public_url}/status/{list_id}{'' if purpose == 'revocation' else '/suspension'}"

    def achievement(self, tenant: str, offering: str) -> str:
        """Return an achievement's id, which is its URL."""
        return f"{self.public_url}/issuers/{tenant}/achievements/{quote(offering, safe='')}"

    def issuer(self, tenant: str) -> str:
        """Return the institution's did:web (did:web method, section 2.5.2), whose document is at /did.json below it."""
        host, _, path = self.public_url.split("://", 1)[1].partition("/")
        return ":".join(["did:web", quote(host), *(quote(part) for part in path.split("/") if part), "issuers", tenant])

    def tenant_of(self, did: str) -> str | None:
        """Return the institution that a did:web of this service names, or None for any other DID."""
        prefix = self.issuer("")
        tenant = did.removeprefix(prefix)
        return tenant if did.startswith(prefix) and tenant and ":" not in tenant else None


@lru_cache(maxsize=1024)
def skeleton_of(offering: Offering, names: Names, *, ends: bool = False) -> Skeleton:
    """Return the prepared credential of an offering, compiled once for each of its versions, with an end or without."""
    document = {
        "@context": [CREDENTIALS_V2, OPEN_BADGES],
        "id": "",
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": legible(offering.name),
        "issuer": _profile(offering, names),
        "validFrom": "",
        **({"validUntil": ""} if ends else {}),
        "credentialSubject": {
            "id": "",
            "type": ["AchievementSubject"],
            "achievement": achievement(offering, names),
            "result": [{"type": ["Result"], "resultDescription": _grade_id(offering, names), "value": ""}],
        },
        "credentialStatus": {
            "id": "",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "",
            "statusListCredential": "",
        },
    }
    return prepared(document, SLOTS_WITH_END if ends else SLOTS)


def slots_of(document: Document) -> Slots:
    """Return the slots of a credential that was issued here."""
    return SLOTS_WITH_END if "validUntil" in document else SLOTS


def achievement(offering: Offering, names: Names) -> Document:
    """Return what is certified (Open Badges 3.0, Achievement)."""
    url = names.achievement(offering.tenant, offering.offering)
    document = {
        "id": url,
        "type": ["Achievement"],
        "achievementType": "MicroCredential",
        "name": legible(offering.name),
        "description": legible(offering.description),
        "criteria": {"id": f"{url}#criteria", "narrative": legible(offering.criteria)},
        "inLanguage": offering.language,
        "resultDescription": [
            {
                "id": _grade_id(offering, names),
                "type": ["ResultDescription"],
                "name": "Grade",
                "resultType": "Percent",
                "valueMin": "0",
                "valueMax": "100",
                "requiredValue": offering.pass_mark,
            }
        ],
    }
    # Two alignments that say the same are one statement; the canonical form could not tell them apart either.
    alignments = list(dict.fromkeys(_shown(each) for each in offering.alignments))
    return {**document, "alignment": [_alignment(each) for each in alignments]} if alignments else document


def subject_id(tenant: str, learner_ref: str) -> str:
    """Return the learner's id on all credentials of one institution: derived, so that no reference is published."""
    return f"urn:uuid:{derived_id('learner', tenant, learner_ref)}"


def percent(grade: float | Decimal) -> str:
    """Return a grade as text, cut to two decimals: 39.996 must not read as the 40 that was needed."""
    return format(Decimal(str(grade)).quantize(_CENT, rounding=ROUND_DOWN).normalize(), "f")


def timestamp(moment: datetime) -> str:
    """Return a moment as XML Schema dateTimeStamp in UTC."""
    return utc(moment).isoformat().replace("+00:00", "Z")


def legible(text: str) -> str:
    """Return a text without control characters but the line feed: canonicalisers differ in how they write them."""
    return "".join(" " if each != "\n" and unicodedata.category(each) == "Cc" else each for each in text)


def _profile(offering: Offering, names: Names) -> Document:
    profile = {"id": names.issuer(offering.tenant), "type": ["Profile"], "name": legible(offering.issuer_name)}
    return {**profile, "url": offering.issuer_url} if offering.issuer_url else profile


def _shown(alignment: Alignment) -> Alignment:
    framework = legible(alignment.framework) if alignment.framework else None
    return Alignment(legible(alignment.name), alignment.url, framework)


def _alignment(alignment: Alignment) -> Document:
    document = {"type": ["Alignment"], "targetName": alignment.name, "targetUrl": alignment.url}
    return {**document, "targetFramework": alignment.framework} if alignment.framework else document


def _grade_id(offering: Offering, names: Names) -> str:
    return f"{names.achievement(offering.tenant, offering.offering)}#grade"
