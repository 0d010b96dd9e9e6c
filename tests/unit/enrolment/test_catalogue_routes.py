"""Checks, versions and the European Learning Model over HTTP."""

from typing import Any

import httpx
import pytest

from services.enrolment import examples
from services.enrolment.catalogue.check_views import CheckAnswer, CheckRequest
from services.enrolment.catalogue.versions import Versions
from services.enrolment.domain import PublishedOffering
from services.enrolment.handlers import offering_published, version_published
from services.enrolment.store import OFFERINGS, VERSIONS
from shared.contracts.examples.offering import DEFINITION
from shared.testing.memory import MemoryPublisher, MemoryStore
from tests.unit.enrolment import facts as a
from tests.unit.enrolment.tokens import as_of

CHECK = "/v1/offerings/check"
URL = f"/v1/offerings/{a.OFFERING}"
WHOLE: dict[str, Any] = DEFINITION.model_dump(mode="json", exclude_none=True, exclude={"offering"})


def keep(store: MemoryStore, *events: Any) -> None:
    """Fold publications as the worker would."""
    offering, versions = PublishedOffering.new(events[0].key), Versions.new(events[0].key)
    for event in events:
        offering = offering_published(offering, event).state
        versions = version_published(versions, event).state
    store.put(OFFERINGS.collection, {"_id": offering.key, **OFFERINGS.dump(offering)})
    store.put(VERSIONS.collection, {"_id": offering.key, **VERSIONS.dump(versions)})


async def test_a_definition_is_checked_against_all_sets_or_those_that_are_named(
    client: httpx.AsyncClient, publisher: MemoryPublisher
) -> None:
    everything = (await client.post(CHECK, json={"definition": a.DEFINITION})).json()
    one = (await client.post(CHECK, json={"definition": a.DEFINITION, "rule_sets": ["cmf@current"]})).json()
    assert len(everything["rule_sets"]) == len((await client.get("/v1/rule-sets")).json()["items"]) > 8
    assert (one["rule_sets"], one["rules"]) == (["cmf@current"], 9)
    told = next(each for each in one["findings"] if each["rule"] == "cmf@current/CMF-1")
    assert told == {
        "rule": "cmf@current/CMF-1",
        "severity": "required",
        "path": "achievement.notional_hours",
        "found": [{"path": "achievement.notional_hours", "value": None}],
        "wanted": told["wanted"],
        "source": "Common Microcredential Framework, current wording: total study time",
        "read": "original",
        "overridden": None,
    }
    assert not publisher.events
    assert not {"valid", "passed", "ok"} & everything.keys()


async def test_a_published_offering_is_checked_by_its_name(client: httpx.AsyncClient, store: MemoryStore) -> None:
    keep(store, a.published("p1", 1))
    by_name = await client.post(CHECK, json={"offering": a.OFFERING})
    by_definition = await client.post(CHECK, json={"definition": a.DEFINITION})
    assert by_name.json() == by_definition.json()
    assert (await client.post(CHECK, json={"offering": a.OFFERING}, headers=as_of("other"))).status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"),
        ({"offering": "x", "definition": a.DEFINITION}, "body"),
        ({"definition": {**a.DEFINITION, "issuer": None}}, "definition.issuer"),
        ({"definition": a.DEFINITION, "rule_sets": ["cmf@1999"]}, "rule_sets"),
        ({"definition": a.DEFINITION, "rule_sets": ["x"] * 51}, "rule_sets"),
        ({"definition": a.DEFINITION, "verdict": True}, "verdict"),
        ({"offering": "a b"}, "offering"),
        ([], "body"),
    ],
)
async def test_a_bad_question_is_refused_by_field(client: httpx.AsyncClient, body: Any, field: str) -> None:
    response = await client.post(CHECK, json=body)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, field), response.text


@pytest.mark.parametrize(
    ("part", "value", "field"),
    [
        ("terms", {"prices": [{"amount": 1, "currency": "EUE", "on": "2026-01-01"}]}, "terms"),
        ("terms", {"prices": [{"amount": 1.5, "currency": "EUR", "on": "2026-01-01"}]}, "terms.prices.0.amount"),
        ("terms", {"prices": [{"amount": -1, "currency": "EUR", "on": "2026-01-01"}]}, "terms.prices.0.amount"),
        ("terms", {"prices": [{"amount": 1, "currency": "EUR"}]}, "terms.prices.0.on"),
        ("terms", {"costs": {"fixed": {"amount": 1, "currency": "ABC", "on": "2026-01-01"}}}, "terms"),
        ("terms", {"opens": "2026-02-01", "closes": "2026-01-01"}, "terms"),
        ("learning", {"effort": {"weeks": 12}}, "learning.effort"),
        ("learning", {"effort": {}}, "learning.effort"),
        ("learning", {"participation": "by post"}, "learning.participation"),
        ("learning", {"materials": [{"title": "x", "url": "ftp://x", "licence": "y"}]}, "learning.materials.0.url"),
        ("standing", {"overrides": [{"rule": "everything", "reason": "no"}]}, "standing.overrides.0.rule"),
        ("standing", {"overrides": [{"rule": "a@b/C", "reason": " "}]}, "standing.overrides.0.reason"),
        ("runs", [{"course": "c", "whole": "nothing"}], "body"),
    ],
)
async def test_a_bad_part_of_a_definition_is_refused_by_field(
    client: httpx.AsyncClient, publisher: MemoryPublisher, part: str, value: Any, field: str
) -> None:
    response = await client.put(URL, json={**a.DEFINITION, part: value})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, field), response.text
    assert not publisher.events


async def test_an_outcome_that_no_component_assesses_is_refused_with_its_place(client: httpx.AsyncClient) -> None:
    outcome = {"id": "a", "title": "A", "assessed_by": ["exam", "viva"]}
    achievement = {**a.DEFINITION["achievement"], "outcomes": [outcome]}
    response = await client.put(URL, json={**a.DEFINITION, "achievement": achievement})
    assert response.status_code == 422
    assert "achievement.outcomes.0: no component of the policy is named viva" in response.text


async def test_all_that_an_offering_can_say_is_published_and_shown(
    client: httpx.AsyncClient, publisher: MemoryPublisher, store: MemoryStore
) -> None:
    assert (await client.put(URL, json=WHOLE)).status_code == 202
    keep(store, publisher.events[0])
    shown = (await client.get(URL)).json()
    for part in ("learning", "standing", "terms", "runs"):
        assert _said(shown[part]) == WHOLE[part]
    assert shown["achievement"]["outcomes"][0]["assessed_by"] == ["quiz", "report"]


def _said(value: Any) -> Any:
    """Return a value without the members that say nothing."""
    if isinstance(value, dict):
        return {name: _said(each) for name, each in value.items() if each is not None}
    return [_said(each) for each in value] if isinstance(value, list) else value


async def test_versions_are_listed_newest_first_and_shown_whole(client: httpx.AsyncClient, store: MemoryStore) -> None:
    keep(store, a.published("p1", 1, mark=40), a.published("p2", 2, mark=60), a.published("p3", 3, mark=40))
    seen: list[Any] = []
    params: dict[str, Any] = {"limit": 2}
    while True:
        page = (await client.get(f"{URL}/versions", params=params)).json()
        seen += page["items"]
        assert page["gone_until"] is None
        if page["next"] is None:
            break
        params["cursor"] = page["next"]
    assert [each["version"] for each in seen] == ["p3", "p2", "p1"]
    assert seen[0]["content"] == seen[2]["content"] != seen[1]["content"]
    policy = seen[1]["policy_version"]
    filtered = (await client.get(f"{URL}/versions", params={"policy_version": policy})).json()["items"]
    assert [each["version"] for each in filtered] == ["p2"]
    whole = (await client.get(f"{URL}/versions/p2")).json()
    assert (whole["policy"]["pass_mark"], whole["event_id"], whole["policy_version"]) == (60, "p2", policy)


@pytest.mark.parametrize("below", ["versions", "versions/p9", "elm"])
async def test_what_is_not_there_is_not_found(client: httpx.AsyncClient, store: MemoryStore, below: str) -> None:
    assert (await client.get(f"/v1/offerings/none/{below}")).status_code == 404
    keep(store, a.published("p1", 1))
    assert (await client.get(f"{URL}/versions/p9")).status_code == 404
    assert (await client.get(f"{URL}/{below}", headers=as_of("other"))).status_code == 404


@pytest.mark.parametrize("name", ["a/versions", "a/elm", "a/versions/b"])
async def test_no_offering_is_named_like_what_stands_below_one(client: httpx.AsyncClient, name: str) -> None:
    response = await client.put(f"/v1/offerings/{name}", json=a.DEFINITION)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "offering")


async def test_an_offering_is_shown_in_the_european_learning_model(
    client: httpx.AsyncClient, store: MemoryStore
) -> None:
    keep(store, a.published("p1", 1))
    response = await client.get(f"{URL}/elm")
    assert response.headers["content-type"] == "application/ld+json"
    specification = response.json()["@graph"][0]
    assert specification["id"] == "urn:microcred:ou:AAA%2F2013J#specification"


@pytest.mark.parametrize("path", ["/v1/rule-sets", f"{URL}/versions", f"{URL}/elm"])
async def test_only_readers_may_look(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path, headers={"Authorization": ""})).status_code == 401
    assert (await client.get(path, headers=as_of("ou", "events:write"))).status_code == 403
    refused = await client.post(CHECK, json={"definition": a.DEFINITION}, headers=as_of("ou", "events:write"))
    assert refused.status_code == 403


async def test_the_documented_examples_are_a_question_and_its_answer(client: httpx.AsyncClient) -> None:
    CheckRequest.model_validate(examples.CHECK)
    assert CheckAnswer.model_validate(examples.CHECKED).findings
    answer = (await client.post(CHECK, json=examples.CHECK)).json()
    assert examples.CHECKED["findings"][0] in answer["findings"]
    assert answer["sizes"][: len(examples.CHECKED["sizes"])] == examples.CHECKED["sizes"]
