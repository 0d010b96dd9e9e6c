"""What issuance publishes over HTTP."""

import re

import orjson
import pytest

from services.issuance.jsonld.canonical import hash_of
from services.issuance.keys.multikey import key_of
from services.issuance.proofs.proof import holds
from services.issuance.proofs.vcjwt import opened
from services.issuance.status import decoded, is_set
from services.issuance.store import OFFERINGS
from tests.unit.issuance.builders import beside, endorsement_jwt, passed, published, withdrawn
from tests.unit.issuance.desk import Service, outcomes

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


async def test_a_credential_is_served_as_it_was_signed(issuance: Service) -> None:
    credential = issuance.hear(passed()).credentials[0]

    async with issuance.client() as client:
        answer = await client.get(f"/credentials/{credential.credential_id}")

    assert answer.content == credential.document
    assert answer.headers["content-type"] == "application/vc+ld+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json()["id"] == f"http://localhost:8003/credentials/{credential.credential_id}"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/vc+ld+json"),
        ("application/json", "application/json"),
        ("application/vc", "application/vc"),
        ("text/html;q=0.1, application/ld+json", "application/ld+json"),
        ("text/html;q=broken", "application/vc+ld+json"),
        ("image/png", "application/vc+ld+json"),
        (BROWSER, "text/html; charset=utf-8"),
    ],
)
async def test_a_credential_comes_in_the_form_that_is_asked_for(issuance: Service, accept: str, kind: str) -> None:
    credential = issuance.hear(passed()).credentials[0]

    async with issuance.client() as client:
        answer = await client.get(f"/credentials/{credential.credential_id}", headers={"Accept": accept})

    assert answer.headers["content-type"] == kind
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize(
    ("path", "accept", "kind"),
    [
        ("", "text/plain", "text/plain; charset=utf-8"),
        ("", "application/vc+jwt", "application/vc+jwt"),
        ("", "application/json;q=0.5, application/vc+jwt", "application/vc+jwt"),
        (".jwt", "*/*", "text/plain; charset=utf-8"),
        (".jwt", BROWSER, "text/plain; charset=utf-8"),
        (".jwt", "text/plain", "text/plain; charset=utf-8"),
        (".jwt", "application/vc+jwt", "application/vc+jwt"),
        (".jwt", "image/png", "text/plain; charset=utf-8"),
    ],
)
async def test_a_jwt_has_the_name_by_which_it_is_asked_for(
    issuance: Service, path: str, accept: str, kind: str
) -> None:
    credential = issuance.hear(passed()).credentials[0]

    async with issuance.client() as client:
        answer = await client.get(f"/credentials/{credential.credential_id}{path}", headers={"Accept": accept})

    assert answer.headers["content-type"] == kind
    assert "Accept" in answer.headers["vary"]
    assert opened(answer.text).document == orjson.loads(credential.document)


async def test_a_person_reads_what_the_credential_says_and_whether_it_stands(issuance: Service) -> None:
    hostile = published(name="<script>alert('x')</script>", description='"><img src=x>')
    issuance.beside = issuance.beside.__class__(
        issuance.issuing.offering_published(None, hostile).state, issuance.beside.place
    )
    credential = issuance.hear(passed(grade=39.996)).credentials[0]
    async with issuance.client() as client:
        first = await client.get(f"/credentials/{credential.credential_id}", headers={"Accept": BROWSER})
        issuance.hear(withdrawn(reason="later attempt"))
        second = await client.get(f"/credentials/{credential.credential_id}", headers={"Accept": BROWSER})

    assert "<script" not in first.text
    assert "<img src=x" not in first.text
    assert "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;" in first.text
    assert "This credential stands." in first.text
    assert "39.99 %" in first.text
    assert "Revoked on 02 March 2026: later attempt." in second.text
    assert "default-src 'none'" in first.headers["content-security-policy"]


async def test_a_status_list_shows_what_was_revoked_and_nothing_else(issuance: Service) -> None:
    credential = issuance.hear(passed()).credentials[0]
    url = f"/status/{credential.status_list}"
    async with issuance.client() as client:
        before = await client.get(url)
        again = await client.get(url, headers={"If-None-Match": before.headers["etag"]})
        issuance.hear(withdrawn())
        after = await client.get(url, headers={"If-None-Match": before.headers["etag"]})

    lists = [decoded(answer.json()["credentialSubject"]["encodedList"]) for answer in (before, after)]
    assert [is_set(bits, credential.status_index) for bits in lists] == [False, True]
    assert [sum(byte.bit_count() for byte in bits) for bits in lists] == [0, 1]
    assert (before.status_code, again.status_code, after.status_code) == (200, 304, 200)
    assert before.headers["cache-control"] == "public, max-age=1"
    assert again.content == b""


async def test_a_status_list_passes_the_verifier_that_strangers_pass(issuance: Service) -> None:
    credential = issuance.hear(passed()).credentials[0]
    async with issuance.client() as client:
        document = (await client.get(f"/status/{credential.status_list}")).json()

    [proof] = document["proof"]
    assert holds(proof, hash_of(document, proof), issuance.issuing.keys.signer_at("ou", passed().time).public_key)


async def test_the_did_document_names_the_key_of_the_credentials(issuance: Service) -> None:
    issuance.hear(passed())
    async with issuance.client() as client:
        did = (await client.get("/issuers/ou/did.json")).json()

    [method] = did["verificationMethod"]
    assert did["id"] == "did:web:localhost%3A8003:issuers:ou" == issuance.document()["issuer"]["id"]
    assert did["assertionMethod"] == [method["id"]] == [issuance.document()["proof"][0]["verificationMethod"]]
    assert re.fullmatch("z6Mk[1-9A-HJ-NP-Za-km-z]{44}", method["publicKeyMultibase"])


async def test_an_achievement_is_where_its_id_says(issuance: Service) -> None:
    issuance.hear(passed())
    certified = issuance.document()["credentialSubject"]["achievement"]

    async with issuance.client() as client:
        answer = (await client.get(certified["id"])).json()

    del answer["@context"]
    assert answer == certified


async def test_endorsements_as_jwt_stand_at_the_achievements_address_and_on_no_credential(issuance: Service) -> None:
    certifying = published(
        endorsement_jwts=[endorsement_jwt(0)], issuer={"name": "OU", "endorsement_jwts": [endorsement_jwt(1)]}
    )
    known = issuance.issuing.offering_published(None, certifying).state
    issuance.store.put(OFFERINGS.collection, {"_id": "ou/AAA/2014J", **OFFERINGS.dump(known)})
    issuance.beside = beside(known, 7)
    credential = issuance.hear(passed()).credentials[0]
    async with issuance.client() as client:
        answer = (await client.get("/issuers/ou/achievements/AAA/2014J")).json()

    assert answer["endorsementJwt"] == [endorsement_jwt(0)]
    assert answer["creator"]["id"] == "did:web:localhost%3A8003:issuers:ou"
    assert answer["creator"]["endorsementJwt"] == [endorsement_jwt(1)]
    assert b"endorsementJwt" not in credential.document


@pytest.mark.parametrize(
    "path",
    [
        "/credentials/8c4e7f1a-3f0a-5b69-8a37-d1f9b7b2c1de",
        "/status/8c4e7f1a-3f0a-5b69-8a37-d1f9b7b2c1de",
        "/issuers/nobody/did.json",
        "/issuers/ou/achievements/unknown",
        "/credentials/%00",
    ],
)
async def test_what_is_not_here_is_a_404_problem(issuance: Service, path: str) -> None:
    async with issuance.client() as client:
        answer = await client.get(path)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


async def test_an_own_credential_is_verified_step_by_step(issuance: Service) -> None:
    issuance.hear(passed())
    async with issuance.client() as client:
        bare = await client.post("/credentials/verify", json=issuance.document())

    assert bare.json()["verified"] is True
    assert [step["step"] for step in bare.json()["steps"]] == ["format", "schema", "proof", "issuer", "dates", "status"]
    assert set(outcomes(bare)) == {"passed"}
    assert "Issued by Open University" in bare.text


async def test_a_revoked_credential_is_not_verified_and_says_why(issuance: Service) -> None:
    issuance.hear(passed(), withdrawn())
    async with issuance.client() as client:
        answer = await client.post("/credentials/verify", json=issuance.document())

    assert answer.json()["verified"] is False
    assert outcomes(answer) == ["passed"] * 5 + ["failed"]
    assert "revoked" in answer.json()["steps"][-1]["words"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{", "not JSON"),
        (b"[]", "not a JSON object"),
        (b'"\xff"', "UTF-8"),
        (b'{"a": 1, "a": 2}', "a name stands twice"),
        (b'{"a": NaN}', "not JSON"),
        (b'{"a":' + b"[" * 5000 + b"]" * 5000 + b"}", "depth limit"),
    ],
)
async def test_what_is_no_document_is_a_400_problem(issuance: Service, body: bytes, reason: str) -> None:
    async with issuance.client() as client:
        answer = await client.post("/credentials/verify", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code == 400
    assert re.search(reason, answer.json()["detail"])
    assert answer.json()["errors"][0]["field"] == "body"


async def test_a_body_above_256_kib_is_a_413_problem(issuance: Service) -> None:
    async with issuance.client() as client:
        answer = await client.post("/credentials/verify", content=orjson.dumps({"a": "x" * 256 * 1024}))

    assert answer.status_code == 413


@pytest.mark.parametrize("body", [b"{}", b'{"a": "verifiableCredential"}', b'{"@context": ["https://evil.example/c"]}'])
async def test_an_object_that_is_no_credential_fails_in_its_format(issuance: Service, body: bytes) -> None:
    async with issuance.client() as client:
        answer = await client.post("/credentials/verify", content=body)

    assert answer.status_code == 200
    assert outcomes(answer) == ["failed"] + ["skipped"] * 5
    assert "@context" in answer.json()["steps"][0]["words"]


async def test_the_documentation_shows_a_credential_that_is_one(issuance: Service) -> None:
    async with issuance.client() as client:
        openapi = (await client.get("/openapi.json")).json()

    body = openapi["paths"]["/credentials/verify"]["post"]["requestBody"]["content"]["application/json"]
    ours, theirs = (body["examples"][name]["value"] for name in ("a credential", "VC-API"))
    for example in (ours, theirs["verifiableCredential"]):
        [proof] = example["proof"]
        key = proof["verificationMethod"].partition("#")[2]
        assert holds(proof, hash_of(example, proof), key_of(key))


async def test_the_documentation_shows_a_claimed_copy_that_is_one(issuance: Service) -> None:
    async with issuance.client() as client:
        openapi = (await client.get("/openapi.json")).json()

    answer = openapi["paths"]["/v1/credentials/{credential_id}/claim"]["post"]["responses"]["200"]
    example = answer["content"]["application/vc+ld+json"]["example"]
    [proof] = example["proof"]
    assert holds(proof, hash_of(example, proof), key_of(proof["verificationMethod"].partition("#")[2]))
