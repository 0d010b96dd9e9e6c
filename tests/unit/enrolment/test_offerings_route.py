import base64
import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.enrolment import examples
from services.enrolment.domain import PublishedOffering
from services.enrolment.handlers import offering_published
from services.enrolment.store import OFFERINGS
from shared.kit.store import Document
from shared.testing.memory import MemoryPublisher, MemoryStore
from tests.unit.enrolment import facts as a
from tests.unit.enrolment.tokens import as_of

URL = f"/v1/offerings/{a.OFFERING}"


def keep(store: MemoryStore, event: Any) -> None:
    state = offering_published(PublishedOffering.new(event.key), event).state
    store.put(OFFERINGS.collection, {"_id": event.key, **OFFERINGS.dump(state)})


def with_policy(**changed: Any) -> dict[str, Any]:
    return {**a.DEFINITION, "policy": {**a.DEFINITION["policy"], **changed}}


ENDORSEMENT = {
    "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
    "id": "https://ministry.example/endorsements/1",
    "type": ["VerifiableCredential", "EndorsementCredential"],
    "name": "Recognised",
    "issuer": "https://ministry.example/",
    "validFrom": "2026-01-01T00:00:00Z",
    "credentialSubject": {"id": "https://ou.example/", "type": ["EndorsementSubject"]},
    "proof": [{"type": "DataIntegrityProof"}],
}


def as_jwt(header: Any, payload: Any) -> str:
    parts = [*(json.dumps(part).encode() for part in (header, payload)), b"signature"]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


UNSIGNED = {name: value for name, value in ENDORSEMENT.items() if name != "proof"}
RS256 = {"alg": "RS256", "kid": "https://ministry.example/#key"}


def certifying(**achievement: Any) -> dict[str, Any]:
    return {**a.DEFINITION, "achievement": {**a.DEFINITION["achievement"], **achievement}}


SKILL = "http://data.europa.eu/esco/skill/ccd0a1d9-afda-43d9-b901-96344886e14d"


def aligned(framework: str | None, url: str, code: str | None = None) -> dict[str, Any]:
    return certifying(
        alignments=[{"target_name": "x", "target_url": url, "target_framework": framework, "target_code": code}]
    )


async def test_an_offering_is_appended_to_the_catalogue(client: httpx.AsyncClient, publisher: MemoryPublisher) -> None:
    response = await client.put(URL, json=a.DEFINITION)
    (said,) = publisher.events
    assert response.status_code == 202
    assert response.json() == {
        "offering": a.OFFERING,
        "policy_version": said.data.policy.version,
        "event_id": said.id,
    }
    assert (publisher.log[0].topic, publisher.log[0].key) == ("catalogue", f"ou/{a.OFFERING}".encode())
    assert (said.tenant, said.time, said.data.offering) == ("ou", a.at(60), a.OFFERING)


async def test_the_same_content_at_the_same_time_is_the_same_event(
    client: httpx.AsyncClient, publisher: MemoryPublisher
) -> None:
    await client.put(URL, json=a.DEFINITION)
    await client.put(URL, json={**a.DEFINITION, "offering": a.OFFERING})
    await client.put(URL, json=with_policy(pass_mark=50))
    await client.put(URL, json=a.DEFINITION, headers=as_of("other"))
    first, second, third, fourth = (event.id for event in publisher.events)
    assert first == second
    assert len({first, third, fourth}) == 3


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**a.DEFINITION, "offering": "BBB"}, "offering"),
        ({**a.DEFINITION, "issuer": None}, "issuer"),
        (with_policy(pass_mark=101), "policy.pass_mark"),
        (with_policy(pass_mark="NaN"), "policy.pass_mark"),
        (with_policy(components=[]), "policy.components"),
        (with_policy(components=[{"id": "exam", "weight": -1}]), "policy.components.0.weight"),
        (with_policy(components=[{"id": "exam", "weight": 0}]), "policy"),
        (with_policy(components=[{"id": "exam", "weight": 1}] * 2), "policy"),
        (with_policy(attempts="worst"), "policy.attempts"),
        (aligned("ESCO", "https://esco.example/skill/1"), "achievement"),
        (aligned("ESCO", SKILL.replace("http", "https")), "achievement"),
        (aligned("ESCO", SKILL.replace("afda", "AFDA")), "achievement"),
        (aligned("ESCO", "http://data.europa.eu/esco/skill/nonsense"), "achievement"),
        (aligned("ESCO", "http://data.europa.eu/esco/isco/nonsense"), "achievement"),
        (aligned(None, "http://data.europa.eu/esco/skill/nonsense"), "achievement"),
        (aligned("O*NET", "https://www.onetonline.org/", "15-2051"), "achievement"),
        (aligned("O*NET", "https://www.onetonline.org/", "2.B.3.10"), "achievement"),
        (aligned("O*NET", "https://www.onetonline.org/", "9.Z"), "achievement"),
        (certifying(level={"level": "9"}), "achievement.level"),
        (certifying(level={"framework": "NLQF", "level": "4"}), "achievement.level"),
        (certifying(validity={"months": 1, "days": 1}), "achievement.validity"),
        (certifying(credits={"available": 77.99}), "achievement.credits"),
        (certifying(image="javascript:alert(1)"), "achievement.image"),
        (certifying(image="data:image/png;base64," + "A" * 40_000), "achievement.image"),
        (certifying(criteria_url="https://a.example/%zz"), "achievement.criteria_url"),
        (certifying(achievement_type="Diplom"), "achievement.achievement_type"),
        (certifying(outcomes=[{"id": "a", "title": "x"}] * 2), "achievement"),
        (certifying(endorsements=[{"id": "urn:x"}]), "achievement.endorsements.0"),
        (certifying(endorsements=[{**ENDORSEMENT, "proof": None}]), "achievement.endorsements.0"),
        (certifying(endorsements=[{**ENDORSEMENT, "type": ["VerifiableCredential"]}]), "achievement.endorsements.0"),
        (certifying(endorsements=[{**ENDORSEMENT, "credentialSubject": []}]), "achievement.endorsements.0"),
        (certifying(endorsements=[{**ENDORSEMENT, "name": "x" * 20_000}]), "achievement.endorsements.0"),
        (certifying(endorsements=[ENDORSEMENT] * 6), "achievement.endorsements"),
        (certifying(endorsements=[{**ENDORSEMENT, "validFrom": "yesterday"}]), "achievement"),
        ({**a.DEFINITION, "issuer": {"name": "OU", "endorsements": [{**ENDORSEMENT, "name": 5}]}}, "issuer"),
        ({**a.DEFINITION, "endorsements": [{**ENDORSEMENT, "credentialStatus": [{}]}]}, "endorsements"),
        *(
            (certifying(endorsement_jwts=[jwt]), "achievement.endorsement_jwts.0")
            for jwt in (
                "a.b",
                "a.b.c",
                "ä.b.c",
                as_jwt(RS256, [UNSIGNED]),
                as_jwt([], UNSIGNED),
                as_jwt({"alg": "none"}, UNSIGNED),
                as_jwt({"alg": ["RS256"]}, UNSIGNED),
                as_jwt(RS256, {"vc": UNSIGNED}),
                as_jwt(RS256, {**UNSIGNED, "type": ["VerifiableCredential"]}),
                as_jwt(RS256, {**UNSIGNED, "name": "x" * 20_000}),
                f"{as_jwt(RS256, 0).partition('.')[0]}.{'W1tb' * 4000}.c",
            )
        ),
        (certifying(endorsement_jwts=[as_jwt(RS256, {**UNSIGNED, "validFrom": "yesterday"})]), "achievement"),
        ([], "body"),
    ],
)
async def test_a_bad_definition_is_refused_by_field(
    client: httpx.AsyncClient, publisher: MemoryPublisher, body: Any, field: str
) -> None:
    response = await client.put(URL, json=body)
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == field
    assert not publisher.events


@pytest.mark.parametrize(
    "body",
    [
        aligned("ESCO", SKILL),
        aligned(None, SKILL.replace("skill", "occupation")),
        aligned("ESCO", "http://data.europa.eu/esco/isco/C2512"),
        *(
            aligned("O*NET", "https://www.onetonline.org/", code)
            for code in ("15-2051.00", "2", "2.B.3.e", "4.C.3.b.8", "4.C.1.a.2.l")
        ),
        aligned("O*NET", "https://www.onetonline.org/"),
        aligned("Ours", "https://a.example/?see=http://data.europa.eu/esco/skill/1"),
    ],
)
async def test_an_identifier_as_its_framework_writes_it_is_taken(client: httpx.AsyncClient, body: Any) -> None:
    assert (await client.put(URL, json=body)).status_code == 202


async def test_an_endorsement_that_open_badges_does_not_take_is_refused_with_its_place(
    client: httpx.AsyncClient,
) -> None:
    wrong = certifying(endorsements=[ENDORSEMENT, {**ENDORSEMENT, "validFrom": "yesterday"}])
    (error,) = (await client.put(URL, json=wrong)).json()["errors"]
    assert error["field"] == "achievement"
    assert error["reason"].startswith('endorsements.1.validFrom: "yesterday" is not a "date-time"; have it signed')


async def test_endorsements_as_they_were_signed_are_taken(
    client: httpx.AsyncClient, publisher: MemoryPublisher
) -> None:
    jwt = as_jwt(RS256, UNSIGNED)
    response = await client.put(URL, json=certifying(endorsements=[ENDORSEMENT], endorsement_jwts=[jwt]))
    assert response.status_code == 202
    said = publisher.events[0].data.achievement
    assert (said.endorsements, said.endorsement_jwts) == ((ENDORSEMENT,), (jwt,))


async def test_a_name_that_no_offering_may_have_is_refused(client: httpx.AsyncClient) -> None:
    response = await client.put("/v1/offerings/a%20b", json=a.DEFINITION)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "offering")


class LaterStore(MemoryStore):
    """A read model that has the publication at the third look."""

    def __init__(self, publisher: MemoryPublisher) -> None:
        super().__init__()
        self.publisher = publisher
        self.looks = 0

    async def get(self, collection: str, id: str) -> Document | None:  # noqa: A002 - the port's name
        self.looks += 1
        if self.looks == 3:
            keep(self, self.publisher.events[-1])
        return await super().get(collection, id)


async def test_who_prefers_to_wait_is_answered_when_it_can_be_read(
    api: FastAPI, client: httpx.AsyncClient, publisher: MemoryPublisher
) -> None:
    api.state.reader = LaterStore(publisher)
    response = await client.put(URL, json=a.DEFINITION, headers={"Prefer": "respond-async, wait=5"})
    assert (response.status_code, response.headers["preference-applied"]) == (200, "wait=5")
    assert (await client.get(URL)).json()["event_id"] == response.json()["event_id"]


async def test_a_later_publication_ends_the_wait_too(client: httpx.AsyncClient, store: MemoryStore) -> None:
    keep(store, a.published("later", 90))
    response = await client.put(URL, json=a.DEFINITION, headers={"Prefer": "wait=5"})
    assert response.status_code == 200


async def test_the_wait_ends(client: httpx.AsyncClient, store: MemoryStore) -> None:
    keep(store, a.published("earlier", 10))
    response = await client.put(URL, json=a.DEFINITION, headers={"Prefer": "wait=1"})
    assert response.status_code == 202


@pytest.mark.parametrize("prefer", ["", "return=minimal", "wait=soon", "awaits=5", "wait=0"])
async def test_who_does_not_ask_does_not_wait(
    api: FastAPI, client: httpx.AsyncClient, publisher: MemoryPublisher, prefer: str
) -> None:
    api.state.reader = reader = LaterStore(publisher)
    response = await client.put(URL, json=a.DEFINITION, headers={"Prefer": prefer})
    assert (response.status_code, reader.looks) == (202, 0)
    assert "preference-applied" not in response.headers


async def test_an_offering_is_shown_as_it_was_last_published(client: httpx.AsyncClient, store: MemoryStore) -> None:
    event = a.published("p1", 5)
    keep(store, event)
    shown = (await client.get(URL)).json()
    assert (shown["offering"], shown["event_id"]) == (a.OFFERING, "p1")
    (exam,) = shown["policy"]["components"]
    assert (exam["id"], exam["title"], exam["weight"]) == ("exam", None, 1)
    assert shown["policy_version"] == event.data.policy.version
    assert shown["published_at"] == "2026-03-01T00:05:00Z"


async def test_another_institution_does_not_see_it(client: httpx.AsyncClient, store: MemoryStore) -> None:
    keep(store, a.published("p1", 5))
    other = as_of("other")
    assert (await client.get(URL, headers=other)).status_code == 404
    assert (await client.get("/v1/offerings", headers=other)).json()["items"] == []


async def test_pages_lead_through_all_offerings_of_one_institution(
    client: httpx.AsyncClient, store: MemoryStore
) -> None:
    for tenant in ("ot", "ou", "ou-2", "ou0", "ov"):
        for name in ("AAA/2013J", "AAA/2014J", "BBB", "~z"):
            keep(store, a.published(f"{tenant}-{name}", 1, offering=name, tenant=tenant))
    seen, cursor, pages = [], None, 0
    while pages == 0 or cursor:
        params = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        page = (await client.get("/v1/offerings", params=params)).json()
        seen += [each["event_id"] for each in page["items"]]
        cursor, pages = page["next"], pages + 1
    assert seen == ["ou-AAA/2013J", "ou-AAA/2014J", "ou-BBB", "ou-~z"]
    assert pages == 2


@pytest.mark.parametrize(("method", "scope"), [("GET", "events:write"), ("PUT", "read")])
async def test_each_route_wants_its_scope(client: httpx.AsyncClient, method: str, scope: str) -> None:
    response = await client.request(method, URL, json=a.DEFINITION, headers=as_of("ou", scope))
    assert response.status_code == 403
    assert (await client.request(method, URL, json=a.DEFINITION, headers={"Authorization": ""})).status_code == 401


async def test_the_documented_example_is_taken(client: httpx.AsyncClient, publisher: MemoryPublisher) -> None:
    assert (await client.put(URL, json=examples.DEFINITION)).status_code == 202
    assert publisher.events[0].data.offering == examples.OFFERING["offering"]


async def test_all_that_a_credential_can_say_is_published(
    client: httpx.AsyncClient, publisher: MemoryPublisher
) -> None:
    body = {
        **aligned("ESCO", "http://data.europa.eu/esco/skill/ccd0a1d9-afda-43d9-b901-96344886e14d"),
        "endorsements": [ENDORSEMENT],
    }
    body["achievement"]["alignments"].append(
        {
            "target_name": "Programming",
            "target_url": "https://www.onetonline.org/find/descriptor/result/2.B.3.e",
            "target_framework": "O*NET",
            "target_code": "2.B.3.e",
        }
    )
    response = await client.put(URL, json=body)

    (said,) = publisher.events
    assert response.status_code == 202
    assert said.data.endorsements == (ENDORSEMENT,)
    assert [each.target_code for each in said.data.achievement.alignments] == [None, "2.B.3.e"]
