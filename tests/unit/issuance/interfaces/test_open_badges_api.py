"""The Open Badges API: a learner's own credentials, to whom the learner let in, and nobody else's."""

from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from services.issuance.credential import subject_id
from services.issuance.interfaces.imsx import BASE
from services.issuance.interfaces.ob_discovery import scope
from shared.kit.tokens import LEARNER
from tests.unit.issuance.builders import passed, withdrawn
from tests.unit.issuance.desk import Service, started
from tests.unit.issuance.interfaces.calls import bearer
from tests.unit.issuance.strangers import badge_by

ALL = tuple(scope(name) for name in ("credential.readonly", "credential.upsert", "profile.readonly", "profile.update"))


async def call(
    service: Service, method: str, path: str, *, learner: str | None = "learner-1", tenant: str = "ou", **more: Any
) -> httpx.Response:
    headers = {**bearer(service, *ALL, tenant=tenant, learner_ref=learner), **more.pop("headers", {})}
    async with service.client() as client:
        return await client.request(method, f"{BASE}{path}", headers=headers, **more)


def minor(answer: httpx.Response) -> str:
    """Return what an Imsx_StatusInfo says, after a look that it is one."""
    assert answer.headers["content-type"] == "application/json"
    told = answer.json()
    assert (told["imsx_codeMajor"], told["imsx_severity"]) == ("failure", "error")
    assert told["imsx_description"]
    [field] = told["imsx_codeMinor"]["imsx_codeMinorField"]
    return str(field["imsx_codeMinorFieldValue"])


async def test_a_learner_reads_their_own_credentials_page_by_page(issuance: Service) -> None:
    issuance.hear(passed(1), passed(2), passed(3))
    documents = [one.credential_id for one in sorted(issuance.award.credentials, key=lambda one: one.issued)]

    first = await call(issuance, "GET", "/credentials?limit=2")
    second = await call(issuance, "GET", "/credentials?limit=2&offset=2")

    shown = [each["id"].rpartition("/")[2] for page in (first, second) for each in page.json()["credential"]]
    assert shown == documents
    assert first.headers["x-total-count"] == second.headers["x-total-count"] == "3"
    url = f"http://localhost:8003{BASE}/credentials?limit=2&offset="
    assert first.links["next"]["url"] == f"{url}2"
    assert "prev" not in first.links
    assert second.links["prev"]["url"] == first.links["first"]["url"] == f"{url}0"
    assert "next" not in second.links
    assert first.links["last"]["url"] == f"{url}2"


async def test_only_what_was_issued_since_then(issuance: Service) -> None:
    issuance.hear(passed(1), passed(2))
    moment = issuance.award.credentials[0].valid_from.isoformat()

    answer = await call(issuance, "GET", "/credentials", params={"since": moment})

    assert answer.headers["x-total-count"] == "1"
    assert "since=" in answer.links["first"]["url"]


@pytest.mark.parametrize(
    ("learner", "tenant", "status"), [("learner-2", "ou", 200), ("learner-1", "other", 200), (None, "ou", 403)]
)
async def test_nobody_reads_anothers(issuance: Service, learner: str | None, tenant: str, status: int) -> None:
    issuance.hear(passed())

    answer = await call(issuance, "GET", "/credentials", learner=learner, tenant=tenant)

    assert answer.status_code == status
    if status == 200:
        assert (answer.json(), answer.headers["x-total-count"]) == ({"credential": []}, "0")
    else:
        assert minor(answer) == "forbidden"


@pytest.mark.parametrize(
    ("method", "path", "needed"),
    [
        ("GET", "/credentials", "credential.readonly"),
        ("POST", "/credentials", "credential.upsert"),
        ("GET", "/profile", "profile.readonly"),
        ("PUT", "/profile", "profile.update"),
    ],
)
async def test_each_operation_needs_its_own_scope(issuance: Service, method: str, path: str, needed: str) -> None:
    others = [each for each in LEARNER if each != scope(needed)]
    async with issuance.client() as client:
        nobody = await client.request(method, f"{BASE}{path}", json={})
        wrong = await client.request(
            method, f"{BASE}{path}", json={}, headers=bearer(issuance, *others, "read", learner_ref="learner-1")
        )

    assert (nobody.status_code, minor(nobody)) == (401, "unauthorizedrequest")
    assert (wrong.status_code, minor(wrong)) == (403, "forbidden")
    assert scope(needed) in wrong.headers["www-authenticate"]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "offset=-1", "offset=1e9", "since=yesterday"])
async def test_a_bad_query_is_a_bad_request(issuance: Service, query: str) -> None:
    answer = await call(issuance, "GET", f"/credentials?{query}")

    assert (answer.status_code, minor(answer)) == (400, "invalid_query_parameter")


async def test_what_was_issued_here_is_taken_in_as_json_and_as_jwt(issuance: Service) -> None:
    award = issuance.hear(passed())
    text = await issuance.app.state.desk.jwt_of(award, award.credentials[0])

    document = await call(issuance, "POST", "/credentials", json=issuance.document())
    compact = await call(issuance, "POST", "/credentials", content=text, headers={"Content-Type": "text/plain"})

    assert (document.status_code, document.json()) == (200, issuance.document())
    assert (compact.status_code, compact.content) == (200, text)
    assert compact.headers["content-type"].startswith("text/plain")


async def test_what_does_not_stand_or_is_anothers_is_not_taken_in(issuance: Service) -> None:
    issuance.hear(passed())
    document = issuance.document()
    forged = await call(issuance, "POST", "/credentials", json={**document, "name": "Other"})
    stranger = await call(issuance, "POST", "/credentials", json=badge_by("did:example:1"))
    unknown = await call(issuance, "POST", "/credentials", json={**document, "id": f"{document['id']}0"})
    anothers = await call(issuance, "POST", "/credentials", json=document, learner="learner-2")
    issuance.hear(withdrawn())
    revoked = await call(issuance, "POST", "/credentials", json=document)

    assert [(each.status_code, minor(each)) for each in (forged, revoked)] == [(400, "invalid_data")] * 2
    assert [(each.status_code, minor(each)) for each in (stranger, unknown, anothers)] == [(403, "forbidden")] * 3


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"{}", "application/json"),
        (b'{"id": 7}', "application/json"),
        (b"a.b.c", "text/plain"),
        (b"\xff", "text/plain"),
        (b"{}", "application/xml"),
        (b"", "application/json"),
    ],
)
async def test_what_is_no_credential_is_a_bad_request(issuance: Service, body: bytes, kind: str) -> None:
    answer = await call(issuance, "POST", "/credentials", content=body, headers={"Content-Type": kind})

    assert (answer.status_code, minor(answer)) == (400, "invalid_data")


async def test_a_profile_is_the_name_on_the_credentials_and_takes_nothing_personal(issuance: Service) -> None:
    issuance.hear(passed())
    own = (await call(issuance, "GET", "/profile")).json()

    same = await call(issuance, "PUT", "/profile", json=own)
    personal = await call(issuance, "PUT", "/profile", json={**own, "phone": "111-222-3333"})

    assert own["id"] == issuance.document()["credentialSubject"]["id"] == subject_id("ou", "learner-1")
    assert (same.status_code, same.json()) == (200, own)
    assert (personal.status_code, minor(personal)) == (400, "invalid_data")
    assert "phone" in personal.json()["imsx_description"]


async def described(service: Service) -> dict[str, Any]:
    async with service.client() as client:
        answer = await client.get(f"{BASE}/discovery")
    assert answer.headers["content-type"] == "application/json"
    document: dict[str, Any] = answer.json()
    assert document["openapi"].startswith("3.0")
    return document


async def test_the_service_description_is_open_and_says_who_gives_tokens(tmp_path: Path) -> None:
    theirs = {name: f"https://uni.example/{name}" for name in ("oauth", "terms", "privacy")}
    service = await started(tmp_path, **{f"{name}_url": url for name, url in theirs.items()})

    document = await described(service)

    [security] = document["components"]["securitySchemes"].values()
    assert security["x-imssf-name"]
    assert security["x-imssf-registrationUrl"] == f"{theirs['oauth']}/register"
    assert security["x-imssf-termsOfServiceUrl"] == document["info"]["termsOfService"] == theirs["terms"]
    for each in (security, document["info"]):
        assert each["x-imssf-privacyPolicyUrl"] == theirs["privacy"]
    flow = security["flows"]["authorizationCode"]
    assert flow["tokenUrl"] == flow["refreshUrl"] == f"{theirs['oauth']}/token"
    assert flow["authorizationUrl"] == f"{theirs['oauth']}/authorize"
    assert set(flow["scopes"]) == LEARNER
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert ("security" in operation) == (path != "/discovery")


async def test_the_service_description_names_no_address_that_nobody_gave(issuance: Service) -> None:
    document = await described(issuance)

    [security] = document["components"]["securitySchemes"].values()
    assert (security["type"], security["flows"]) == ("oauth2", {})
    assert {name for each in (security, document["info"]) for name in each if name.endswith("Url")} == set()
    assert "termsOfService" not in document["info"]
    # Nothing but where the API itself is: no page that is not there.
    [server] = document["servers"]
    assert orjson.dumps(document).count(b"http://localhost:8003") == server["url"].count("http://localhost:8003") == 1


@pytest.mark.parametrize(("method", "path", "status"), [("DELETE", "/credentials", 405), ("GET", "/nothing", 404)])
async def test_what_is_not_there_is_said_so(issuance: Service, method: str, path: str, status: int) -> None:
    answer = await call(issuance, method, path)

    assert answer.status_code == status
    assert minor(answer) == {404: "not_found", 405: "not_allowed"}[status]
