"""What no verifiable credential may be, by Verifiable Credentials Data Model 2.0, each with the field at fault."""

from typing import Any

from services.issuance.jsonld.contexts import CREDENTIALS_V2, OPEN_BADGES
from tests.unit.issuance.interfaces.calls import MISSING

_DID = "did:key:z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd"
_LONGER = "2026-03-02T09:30:00"
_SRI = "sha384-" + "A" * 64

#: Name: the members that differ from a good credential, and the field that the problem has to name.
NEGATIVE: dict[str, tuple[dict[str, Any], str]] = {
    "4.3 no context": ({"@context": MISSING}, "@context"),
    "4.3 context is a text": ({"@context": CREDENTIALS_V2}, "@context"),
    "4.3 no context in the list": ({"@context": []}, "@context"),
    "4.3 another context first": ({"@context": [OPEN_BADGES, CREDENTIALS_V2]}, "@context"),
    "4.3 context of VC 1.1": ({"@context": ["https://www.w3.org/2018/credentials/v1"]}, "@context"),
    "4.3 a number as context": ({"@context": [CREDENTIALS_V2, 5]}, "@context"),
    "4.3 a relative context": ({"@context": [CREDENTIALS_V2, "context.json"]}, "@context"),
    "4.3 context twice": ({"@context": [CREDENTIALS_V2, CREDENTIALS_V2]}, "@context"),
    "4.3 context of an object's own": ({"@context": [CREDENTIALS_V2, {"name": "https://evil.example/"}]}, "@context"),
    "4.3 context that nobody here knows": ({"@context": [CREDENTIALS_V2, "https://evil.example/"]}, "@context"),
    "4.4 id is no URL": ({"id": "not a url"}, "id"),
    "4.4 id is relative": ({"id": "one"}, "id"),
    "4.4 several ids": ({"id": ["urn:uuid:1", "urn:uuid:2"]}, "id"),
    "4.4 id is a number": ({"id": 4}, "id"),
    "4.4 id is an object": ({"id": {"a": "b"}}, "id"),
    "4.4 id is null": ({"id": None}, "id"),
    "4.4 a subject's id is no URL": ({"credentialSubject": {"id": "me", "name": "A"}}, "credentialSubject.id"),
    "4.4 a subject has two": ({"credentialSubject": {"id": [_DID, _DID], "name": "A"}}, "credentialSubject.id"),
    "4.5 no type": ({"type": MISSING}, "type"),
    "4.5 no type in the list": ({"type": []}, "type"),
    "4.5 type without VerifiableCredential": ({"type": ["VerifiablePresentation"]}, "type"),
    "4.5 type is a number": ({"type": [7, "VerifiableCredential"]}, "type"),
    "4.5 type is an object": ({"type": {"VerifiableCredential": True}}, "type"),
    "4.5 type that no context defines": ({"type": ["VerifiableCredential", "MadeUp"]}, "type"),
    "4.6 name is a number": ({"name": 4}, "name"),
    "4.6 name with more than its language": ({"name": {"@value": "A", "@language": "en", "url": "b"}}, "name"),
    "4.6 name without value": ({"name": {"@language": "en"}}, "name"),
    "4.6 description in a list of texts": ({"description": ["a", "b"]}, "description"),
    "11.1 language that is none": ({"name": {"@value": "A", "@language": "no language"}}, "name.@language"),
    "11.1 language is a number": ({"name": {"@value": "A", "@language": 4}}, "name.@language"),
    "11.1 direction that is none": ({"name": {"@value": "A", "@direction": "up"}}, "name.@direction"),
    "11.1 value is a number": ({"description": {"@value": 4, "@language": "en"}}, "description"),
    "4.7 no issuer": ({"issuer": MISSING}, "issuer"),
    "4.7 issuer is null": ({"issuer": None}, "issuer"),
    "4.7 issuer is no URL": ({"issuer": "Open University"}, "issuer"),
    "4.7 issuer is a list": ({"issuer": ["did:example:1"]}, "issuer"),
    "4.7 issuer without id": ({"issuer": {"name": "Open University"}}, "issuer.id"),
    "4.7 issuer whose id is no URL": ({"issuer": {"id": "us"}}, "issuer.id"),
    "4.7 issuer whose name is a number": ({"issuer": {"id": "did:example:1", "name": 4}}, "issuer.name"),
    "4.8 no subject": ({"credentialSubject": MISSING}, "credentialSubject"),
    "4.8 subject is a text": ({"credentialSubject": _DID}, "credentialSubject"),
    "4.8 subject is empty": ({"credentialSubject": {}}, "credentialSubject"),
    "4.8 no subject in the list": ({"credentialSubject": []}, "credentialSubject"),
    "4.8 one subject of two is empty": ({"credentialSubject": [{"name": "A"}, {}]}, "credentialSubject"),
    "4.8 nothing is claimed": ({"credentialSubject": {"id": _DID}}, "credentialSubject"),
    "4.9 validFrom without offset": ({"validFrom": _LONGER}, "validFrom"),
    "4.9 validFrom is a day": ({"validFrom": "2026-03-02"}, "validFrom"),
    "4.9 validFrom is no day": ({"validFrom": "2026-02-30T09:30:00Z"}, "validFrom"),
    "4.9 validFrom is a number": ({"validFrom": 4}, "validFrom"),
    "4.9 validFrom twice": ({"validFrom": [f"{_LONGER}Z", f"{_LONGER}Z"]}, "validFrom"),
    "4.9 validUntil is a word": ({"validUntil": "tomorrow"}, "validUntil"),
    "4.9 ends before it begins": ({"validUntil": "2026-03-01T09:30:00Z"}, "validUntil"),
    "4.10 status without type": ({"credentialStatus": {"id": "https://a.example/1"}}, "credentialStatus.type"),
    "4.10 status whose id is no URL": (
        {"credentialStatus": {"id": "one", "type": "BitstringStatusListEntry"}},
        "credentialStatus.id",
    ),
    "4.10 status is a text": ({"credentialStatus": "good"}, "credentialStatus"),
    "4.11 schema without type": ({"credentialSchema": {"id": "https://a.example/s"}}, "credentialSchema.type"),
    "4.11 schema without id": ({"credentialSchema": {"type": "JsonSchema"}}, "credentialSchema.id"),
    "4.11 schema whose id is no URL": ({"credentialSchema": {"id": "s", "type": "JsonSchema"}}, "credentialSchema.id"),
    "5.2 a term that no context defines": ({"madeUp": "yes"}, "madeUp"),
    "5.2 a claim that no context defines": (
        {"credentialSubject": {"id": _DID, "madeUp": "y"}},
        "credentialSubject.madeUp",
    ),
    "5.3 resource without digest": ({"relatedResource": {"id": "https://a.example/r"}}, "relatedResource"),
    "5.3 resource without id": ({"relatedResource": {"digestSRI": _SRI}}, "relatedResource.id"),
    "5.3 digest that is none": (
        {"relatedResource": {"id": "https://a.example/r", "digestSRI": "sha1-a"}},
        "relatedResource.digestSRI",
    ),
    "5.3 digest of something else than a context": (
        {"relatedResource": {"id": CREDENTIALS_V2, "digestSRI": _SRI}},
        "relatedResource.digestSRI",
    ),
    "5.3 multihash of something else than a context": (
        {"relatedResource": {"id": CREDENTIALS_V2, "digestMultibase": f"uEiB{'A' * 43}"}},
        "relatedResource.digestMultibase",
    ),
    "5.3 digest that is no base58": (
        {"relatedResource": {"id": CREDENTIALS_V2, "digestMultibase": f"z{'0' * 43}"}},
        "relatedResource.digestMultibase",
    ),
    "5.3 resource twice": (
        {"relatedResource": [{"id": "https://a.example/r", "digestSRI": _SRI}] * 2},
        "relatedResource",
    ),
    "5.3 resource is a text": ({"relatedResource": "https://a.example/r"}, "relatedResource"),
    "5.4 refresh service without type": ({"refreshService": {"id": "https://a.example/"}}, "refreshService.type"),
    "5.5 terms of use without type": ({"termsOfUse": {"id": "https://a.example/"}}, "termsOfUse.type"),
    "5.5 one of two terms without type": (
        {"termsOfUse": [{"type": "VerifiableCredential"}, {"id": "https://a.example/"}]},
        "termsOfUse.1.type",
    ),
    "5.6 evidence without type": ({"evidence": {"id": "https://a.example/e"}}, "evidence.type"),
    "5.6 evidence is a text": ({"evidence": "seen"}, "evidence"),
}
