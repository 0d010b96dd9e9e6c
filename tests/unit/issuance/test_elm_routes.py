"""A credential's data in the European Learning Model: what was signed, what the offering said then, and no name."""

from collections.abc import Iterator
from typing import Any

import pytest

from services.issuance.credential import achievement
from services.issuance.passes import Offering
from services.issuance.store import OFFERINGS, PUBLICATIONS
from shared.contracts.enrolment import OfferingPublished
from shared.contracts.topics import CATALOGUE, PASSED
from shared.kit.auth import Tokens
from shared.testing.memory import MemoryStore
from tests.unit.issuance.builders import NAMES, START, passed, published, withdrawn
from tests.unit.issuance.desk import Service
from tests.unit.issuance.test_stream import fold

SECRET = b"a secret of more than 32 bytes, for tests"


def bearer(tenant: str = "ou", *scopes: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {Tokens(SECRET).issue(tenant, scopes or ['read'], 'tests')}"}


@pytest.fixture
def url(issuance: Service) -> str:
    issuance.app.state.tokens = Tokens(SECRET)
    issuance.hear(passed())
    return f"/v1/credentials/{issuance.award.credentials[0].credential_id}/elm"


async def test_a_credential_is_shown_without_a_name(issuance: Service, url: str) -> None:
    signed = issuance.document()
    async with issuance.client() as client:
        answer = await client.get(url, headers=bearer())
    document = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/ld+json")
    assert answer.headers["cache-control"] == "no-store"
    subject = document["credentialSubject"]
    assert set(subject) == {"id", "type", "hasClaim"}
    assert (subject["id"], document["id"]) == (signed["credentialSubject"]["id"], signed["id"])
    claim = subject["hasClaim"][0]
    grade = next(each["value"] for each in signed["credentialSubject"]["result"] if "value" in each)
    assert claim["provenBy"][0]["grade"]["noteLiteral"] == {"en": f"{grade} %"}
    assert document["validFrom"] == signed["validFrom"]
    assert claim["awardedBy"]["awardingDate"] == signed["awardedDate"]
    assert claim["specifiedBy"]["type"] == "LearningAchievementSpecification"


async def test_who_the_learner_is_stands_in_the_answer_and_is_kept_nowhere(issuance: Service, url: str) -> None:
    said = {"given_name": "Aroha", "family_name": "Tane", "date_of_birth": "1990-05-01"}
    before = dict(issuance.store.versions)
    async with issuance.client() as client:
        document = (await client.post(url, json=said, headers=bearer())).json()
    assert document["credentialSubject"]["givenName"] == {"en": "Aroha"}
    assert document["credentialSubject"]["dateOfBirth"] == "1990-05-01T00:00:00Z"
    assert issuance.store.versions == before
    assert not issuance.app.state.publisher.log
    assert "Aroha" not in str(issuance.store.collections)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "aroha@example.org"}, "email"),
        ({"given_name": " "}, "given_name"),
        ({"given_name": "x" * 201}, "given_name"),
        ({"date_of_birth": "yesterday"}, "date_of_birth"),
        ({"national_id": "7", "national_id_country": "New Zealand"}, "national_id_country"),
    ],
)
async def test_what_is_said_badly_is_refused_by_field(
    issuance: Service, url: str, body: dict[str, Any], field: str
) -> None:
    async with issuance.client() as client:
        answer = await client.post(url, json=body, headers=bearer())
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_only_its_own_institution_may_look(issuance: Service, url: str) -> None:
    async with issuance.client() as client:
        assert (await client.get(url)).status_code == 401
        assert (await client.get(url, headers=bearer("ou", "events:write"))).status_code == 403
        assert (await client.get(url, headers=bearer("other"))).status_code == 404
        assert (await client.get("/v1/credentials/none/elm", headers=bearer())).status_code == 404


async def test_a_revoked_credential_is_not_shown(issuance: Service, url: str) -> None:
    issuance.hear(withdrawn())
    async with issuance.client() as client:
        assert (await client.get(url, headers=bearer())).status_code == 409


def _publications() -> Iterator[OfferingPublished]:
    first = published()
    again = first.data.model_copy(
        update={"achievement": first.data.achievement.model_copy(update={"notional_hours": 100.0})}
    )
    yield first
    yield first.model_copy(update={"id": "catalogue-2", "time": START.replace(hour=20), "data": again})


async def test_a_credential_says_what_its_own_publication_said(issuance: Service, url: str) -> None:
    first, second = _publications()
    store = MemoryStore()
    await fold(store, CATALOGUE, 0, first)
    await fold(store, PASSED, 0, passed())
    await fold(store, CATALOGUE, 1, second)
    issuance.app.state.reader = store
    issuance.app.state.desk.registry.reader.collections.update(store.collections)
    async with issuance.client() as client:
        document = (await client.get(url, headers=bearer())).json()
    assert "volumeOfLearning" not in document["credentialSubject"]["hasClaim"][0]["specifiedBy"]
    assert set(store.collections[PUBLICATIONS.collection]) == {
        "ou/AAA/2014J#catalogue-1",
        "ou/AAA/2014J#catalogue-2",
    }


async def test_what_was_published_then_and_is_not_kept_is_not_replaced_by_what_is_published_now(
    issuance: Service, url: str
) -> None:
    _, second = _publications()
    store: MemoryStore = issuance.store
    offering = issuance.issuing.offering_published(None, second).state
    assert offering is not None
    store.put(OFFERINGS.collection, {"_id": "ou/AAA/2014J", **OFFERINGS.dump(offering)})
    async with issuance.client() as client:
        answer = await client.get(url, headers=bearer())
    assert answer.status_code == 404
    assert "microcred rebuild issuance" in answer.json()["detail"]


def test_further_levels_stand_on_the_credential_as_alignments() -> None:
    event = published(
        level={"level": "6"},
        further_levels=[{"framework": "NZQF", "level": "7", "url": "https://nzqf.example/7"}],
    )
    offering = Offering("ou", "AAA/2014J", "Statistics", event.data.model_dump_json(), event.time, event.id)
    levels = [each for each in achievement(offering, NAMES)["alignment"] if "Level" in each.get("targetType", "")]
    assert [(each["targetType"], each["targetCode"], each["targetUrl"]) for each in levels] == [
        ("ext:EQFLevel", "6", "http://data.europa.eu/snb/eqf/6"),
        ("ext:QualificationLevel", "7", "https://nzqf.example/7"),
    ]
