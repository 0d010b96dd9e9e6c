"""What VC 2.0 forbids is a 400 of one of its own problem types that names the field, issued or verified."""

from typing import Any

import pytest
import pytest_asyncio

from services.issuance.jsonld.contexts import CREDENTIALS_V2
from services.issuance.keys.multikey import base58btc
from tests.unit.issuance.builders import NAMES, endorsement
from tests.unit.issuance.desk import Service, started
from tests.unit.issuance.interfaces.calls import MISSING, credential, issue, post, verify
from tests.unit.issuance.interfaces.malformed import NEGATIVE

pytestmark = pytest.mark.asyncio(loop_scope="module")
#: Of the context of VC 2.0, as its own appendix B.1 has it.
SHA_256 = bytes.fromhex("59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734")
TYPES = "https://www.w3.org/TR/vc-data-model#"
GOOD: dict[str, dict[str, Any]] = {
    "as it is": {},
    "an id": {"id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33"},
    "texts with languages": {
        "name": [{"@value": "A", "@language": "en"}, {"@value": "ب", "@language": "ar", "@direction": "rtl"}],
        "description": {"@value": "B", "@language": "nl-BE"},
    },
    "an issuer with a name": {"issuer": {"id": NAMES.issuer("ou"), "name": "Open University"}},
    "subjects": {"credentialSubject": [{"name": "A"}, {"id": "did:example:2", "name": "B"}]},
    "no dates": {"validFrom": MISSING},
    "an end": {"validUntil": "2999-03-02T10:30:00+01:00"},
    "a schema": {"credentialSchema": {"id": "https://a.example/s", "type": "JsonSchema"}},
    "a resource": {"relatedResource": {"id": "https://a.example/r", "digestSRI": "sha256-" + "A" * 43 + "="}},
    "a context with its digests": {
        "relatedResource": {
            "id": CREDENTIALS_V2,
            "digestSRI": "sha384-l/HrjlBCNWyAX91hr6LFV2Y3heB5Tcr6IeE4/Tje8YyzYBM8IhqjHWiWpr8+ZbYU",
            "digestMultibase": "uWZVc7WaX1h4D8rJVb-vlMIqxaEKEb1tYbX8fet7JJzQ",
        }
    },
    "a context with a multihash": {
        "relatedResource": {"id": CREDENTIALS_V2, "digestMultibase": base58btc(b"\x12\x20" + SHA_256)}
    },
    "a context with a hash that nobody here knows": {
        "relatedResource": {"id": CREDENTIALS_V2, "digestMultibase": base58btc(b"\x1e\x20" + bytes(32))}
    },
}
PRESENTATION: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiablePresentation"],
    "holder": "did:example:1",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def issuance(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """One service for all: none of these requests leaves anything behind that another could see."""
    return await started(tmp_path_factory.mktemp("issuance"))


@pytest.mark.parametrize("case", NEGATIVE)
async def test_what_is_forbidden_is_not_issued(issuance: Service, case: str) -> None:
    members, field = NEGATIVE[case]

    answer = await issue(issuance, credential(**members))

    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"{TYPES}MALFORMED_VALUE_ERROR"
    assert answer.json()["errors"][0]["field"].startswith(field), answer.text
    assert answer.json()["detail"]


@pytest.mark.parametrize("case", NEGATIVE)
async def test_what_is_forbidden_is_not_verified(issuance: Service, case: str) -> None:
    members, field = NEGATIVE[case]
    answer = await verify(issuance, credential(**members, proof=endorsement(0)["proof"]))

    assert answer.status_code == 400, answer.text
    assert answer.json()["type"] == f"{TYPES}MALFORMED_VALUE_ERROR"
    assert answer.json()["errors"][0]["field"].startswith(field), answer.text


@pytest.mark.parametrize("case", GOOD)
async def test_what_is_allowed_is_issued_and_verified(issuance: Service, case: str) -> None:
    answer = await issue(issuance, credential(**GOOD[case]))
    assert answer.status_code == 201, answer.text
    document = answer.json()["verifiableCredential"]
    assert document["proof"][0]["verificationMethod"].startswith(NAMES.issuer("ou"))

    found = (await verify(issuance, document)).json()

    assert found == {"verified": True, "problemDetails": []}


@pytest.mark.parametrize("proof", [MISSING, None, [], {}, "signed", {"cryptosuite": "eddsa-rdfc-2022"}], ids=str)
async def test_what_nothing_secures_is_not_verified(issuance: Service, proof: Any) -> None:
    answer = await verify(issuance, credential(proof=proof))

    assert (answer.status_code, answer.json()["type"]) == (400, f"{TYPES}MALFORMED_VALUE_ERROR")
    assert answer.json()["errors"][0]["field"].startswith("proof")


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"@context": []}, "@context"),
        ({"type": MISSING}, "type"),
        ({"type": "VerifiableCredential"}, "type"),
        ({"id": "one"}, "id"),
        ({"id": ["urn:a:1", "urn:a:2"]}, "id"),
        ({"holder": "somebody"}, "holder"),
        ({"holder": {"name": "Ada"}}, "holder.id"),
        ({"holder": {"id": 4}}, "holder"),
        ({"verifiableCredential": "https://a.example/vc"}, "verifiableCredential"),
        ({"verifiableCredential": [4]}, "verifiableCredential"),
        ({"verifiableCredential": [{}]}, "verifiableCredential"),
        ({"verifiableCredential": {"type": "Thing"}}, "verifiableCredential.type"),
        ({"termsOfUse": {"id": "https://a.example/"}}, "termsOfUse.type"),
    ],
    ids=str,
)
@pytest.mark.parametrize("member", ["presentation", "verifiablePresentation"])
async def test_what_is_no_presentation_is_refused(
    issuance: Service, member: str, members: dict[str, Any], field: str
) -> None:
    document = {name: value for name, value in {**PRESENTATION, **members}.items() if value is not MISSING}

    answer = await post(issuance, "/presentations/verify", {member: document, "options": {}})

    assert (answer.status_code, answer.json()["type"]) == (400, f"{TYPES}MALFORMED_VALUE_ERROR"), answer.text
    assert answer.json()["errors"][0]["field"].startswith(field)


@pytest.mark.parametrize(
    "path", ["/credentials/issue", "/credentials/verify", "/credentials/status", "/presentations/verify"]
)
@pytest.mark.parametrize("body", [b"{", b'{"options": {}, "verifiableCredential": ', b"\xff{}", b'{"a": NaN}'])
@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
async def test_what_cannot_be_parsed_is_a_parsing_error(issuance: Service, path: str, body: bytes, kind: str) -> None:
    scopes = ("credentials:issue", "credentials:write")
    answer = await post(issuance, path, body, *scopes, **{"Content-Type": kind})

    assert (answer.status_code, answer.json()["type"]) == (400, f"{TYPES}PARSING_ERROR"), answer.text
