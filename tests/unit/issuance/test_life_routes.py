"""What institutions decide over HTTP: appended to the log, carried out, and refused where it makes no sense."""

from typing import Any

import httpx
import orjson
import pytest

from services.issuance.status import decoded, is_set
from tests.unit.issuance.builders import RESTING_ON, passed, withdrawn
from tests.unit.issuance.desk import Service, outcomes

REASON = {"code": "issued-in-error", "note": "case 4711"}


def headers(service: Service, *scopes: str, tenant: str = "ou") -> dict[str, str]:
    token = service.app.state.tokens.issue(tenant, scopes or ("credentials:write",), "registry")
    return {"Authorization": f"Bearer {token}"}


async def decide(service: Service, kind: str, number: int = 0, **body: Any) -> httpx.Response:
    """Ask for a decision, and let the worker carry it out."""
    credential = service.award.credentials[number].credential_id
    async with service.client() as client:
        answer = await client.post(
            f"/v1/credentials/{credential}/{kind}", json={**REASON, **body}, headers=headers(service)
        )
    service.carry_out()
    return answer


async def verdict(service: Service, shown: dict[str, Any] | str) -> tuple[list[str], str]:
    body = shown if isinstance(shown, str) else orjson.dumps(shown)
    async with service.client() as client:
        answer = await client.post("/credentials/verify", content=body)
    return list(outcomes(answer)), answer.json()["steps"][-1]["words"]


async def bits(service: Service, purpose: str = "") -> bool:
    credential = service.award.credentials[0]
    async with service.client() as client:
        answer = await client.get(f"/status/{credential.first.status_list}{purpose}")
    assert answer.json()["credentialSubject"]["statusPurpose"] == (purpose.removeprefix("/") or "revocation")
    return is_set(decoded(answer.json()["credentialSubject"]["encodedList"]), credential.first.index)


async def test_a_suspended_credential_is_told_apart_from_a_revoked_one_and_stands_again(issuance: Service) -> None:
    issuance.hear(passed())

    assert (await decide(issuance, "suspend")).status_code == 202
    suspended = await verdict(issuance, issuance.document()), await bits(issuance), await bits(issuance, "/suspension")
    assert (await decide(issuance, "reinstate")).status_code == 202
    again = await verdict(issuance, issuance.document()), await bits(issuance), await bits(issuance, "/suspension")
    assert (await decide(issuance, "revoke")).status_code == 202
    revoked = await verdict(issuance, issuance.document()), await bits(issuance), await bits(issuance, "/suspension")

    assert suspended[0][0] == revoked[0][0] == ["passed"] * 5 + ["failed"]
    assert again[0][0] == ["passed"] * 6
    assert "suspended" in suspended[0][1]
    assert "revoked" in revoked[0][1]
    assert [each[1:] for each in (suspended, again, revoked)] == [(False, True), (False, False), (True, False)]


async def test_what_a_correction_replaced_is_refused_everywhere_and_the_words_say_why(issuance: Service) -> None:
    issuance.hear(passed())
    before = issuance.document()
    async with issuance.client() as client:
        token = (await client.get(f"{before['id']}.jwt")).text

    answer = await decide(issuance, "correct", grade_percent=61.5)

    after = issuance.document()
    assert answer.status_code == 202
    assert (after["id"], after["credentialSubject"]["result"][0]["value"]) == (before["id"], "61.5")
    assert (await verdict(issuance, after))[0] == ["passed"] * 6
    for shown in (before, token):
        steps, words = await verdict(issuance, shown)
        assert steps == ["passed"] * 5 + ["failed"]
        assert "only the newer one stands" in words
    assert await bits(issuance)


async def test_a_renewed_credential_ends_when_it_was_said_to(issuance: Service) -> None:
    issuance.hear(passed())

    assert (await decide(issuance, "renew", valid_until="2999-01-01T00:00:00Z")).status_code == 202

    assert issuance.document()["validUntil"] == "2999-01-01T00:00:00Z"
    assert (await verdict(issuance, issuance.document()))[0] == ["passed"] * 6
    assert (await decide(issuance, "renew", valid_until="2020-01-01T00:00:00Z")).status_code == 409


async def test_a_credential_is_awarded_again(issuance: Service) -> None:
    issuance.hear(passed())
    await decide(issuance, "revoke")

    assert (await decide(issuance, "reaward")).status_code == 202

    assert [one.status for one in issuance.award.credentials] == ["revoked", "active"]
    assert (await decide(issuance, "reaward")).status_code == 409


@pytest.mark.parametrize(
    ("before", "kind", "cure"),
    [
        ((), "reinstate", "not suspended"),
        ((), "reaward", "revoke it first"),
        (("suspend",), "suspend", "reinstate or revoke"),
        (("revoke",), "suspend", "reaward it instead"),
        (("revoke",), "revoke", "reaward it instead"),
        (("revoke",), "renew", "reaward it instead"),
        (("revoke",), "correct", "reaward it instead"),
    ],
)
async def test_what_makes_no_sense_is_a_409_that_names_the_cure(
    issuance: Service, before: tuple[str, ...], kind: str, cure: str
) -> None:
    issuance.hear(passed())
    for each in before:
        assert (await decide(issuance, each)).status_code == 202

    answer = await decide(issuance, kind)

    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert cure in answer.json()["detail"]


async def test_a_withdrawn_pass_is_not_awarded_again(issuance: Service) -> None:
    issuance.hear(passed(), withdrawn())

    answer = await decide(issuance, "reaward")

    assert answer.status_code == 409
    assert "next pass" in answer.json()["detail"]


async def test_who_may_decide(issuance: Service) -> None:
    issuance.hear(passed())
    path = f"/v1/credentials/{issuance.award.credentials[0].credential_id}/revoke"
    async with issuance.client() as client:
        statuses = [
            (await client.post(path, json=REASON, headers=given)).status_code
            for given in ({}, headers(issuance, "read"), headers(issuance, tenant="elsewhere"))
        ]
        unknown = await client.post("/v1/credentials/unknown/revoke", json=REASON, headers=headers(issuance))

    assert statuses == [401, 403, 404]
    assert unknown.status_code == 404
    assert issuance.app.state.publisher.events == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"code": "Issued in error"},
        {"code": "other", "note": "write to ann@example.org"},
        {"code": "other", "note": "x" * 201},
        {"code": "other", "tenant": "elsewhere"},
    ],
)
async def test_a_reason_out_of_its_bounds_is_a_422(issuance: Service, body: dict[str, Any]) -> None:
    issuance.hear(passed())
    path = f"/v1/credentials/{issuance.award.credentials[0].credential_id}/revoke"
    async with issuance.client() as client:
        answer = await client.post(path, json=body, headers=headers(issuance))

    assert answer.status_code == 422
    assert answer.json()["errors"]


async def test_a_request_that_is_sent_again_with_its_key_is_one_decision(issuance: Service) -> None:
    issuance.hear(passed())
    path = f"/v1/credentials/{issuance.award.credentials[0].credential_id}/suspend"
    once = {**headers(issuance), "Idempotency-Key": "7"}
    async with issuance.client() as client:
        first = await client.post(path, json=REASON, headers=once)
        issuance.carry_out()
        second = await client.post(path, json=REASON, headers=once)
        issuance.carry_out()

    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json()["decision"] == second.json()["decision"]
    assert len(issuance.award.decisions) == 1


async def test_a_list_is_not_made_again_as_long_as_nothing_changed(issuance: Service) -> None:
    issuance.hear(passed())
    lists, credential = issuance.app.state.desk.lists, issuance.award.credentials[0]

    first = await lists.published(credential.status_list, "revocation")
    same = await lists.published(credential.status_list, "revocation")
    await decide(issuance, "revoke")
    other = await lists.published(credential.status_list, "revocation")

    assert same is first
    assert other.tag != first.tag


async def test_provenance_names_every_event_its_place_and_the_rule(issuance: Service) -> None:
    issuance.hear(passed())
    await decide(issuance, "correct", grade_percent=61.5)
    await decide(issuance, "revoke")
    await decide(issuance, "reaward")
    old, new = issuance.award.credentials
    async with issuance.client() as client:
        answers = [
            await client.get(f"/v1/credentials/{one.credential_id}/provenance", headers=headers(issuance, "read"))
            for one in (old, new)
        ]
        foreign = await client.get(
            f"/v1/credentials/{old.credential_id}/provenance", headers=headers(issuance, "read", tenant="elsewhere")
        )

    first, second = (answer.json() for answer in answers)
    publication, told, *decisions = first["causes"]
    assert publication["event_id"] == "catalogue-1"
    assert (told["event_id"], told["place"]) == ("pass-1", "passed/3/8")
    assert told["details"] == {"policy_version": "0123456789ab", "ordinal": 1, "grade_percent": 87.5}
    assert [each["type"].split()[-1] for each in decisions] == ["correct", "revoke", "reaward"]
    assert [each["place"] for each in decisions] == ["decisions/3/9", "decisions/3/10", "decisions/3/11"]
    assert decisions[0]["details"] == {**REASON, "by": "registry", "grade_percent": 61.5}
    assert (first["status"], second["status"]) == ("revoked", "active")
    assert second["causes"][2]["details"]["in_place_of"] == old.credential_id
    assert second["key"].startswith("did:web:localhost%3A8003:issuers:ou#z6Mk")
    assert foreign.status_code == 404


async def test_provenance_names_what_the_pass_rests_on(issuance: Service) -> None:
    issuance.hear(passed(**RESTING_ON))
    [one] = issuance.award.credentials
    async with issuance.client() as client:
        url = f"/v1/credentials/{one.credential_id}/provenance"
        told = (await client.get(url, headers=headers(issuance, "read"))).json()["causes"]

    assert [each["type"].split(".")[1] for each in told] == ["offering", "learner", "result", "later", "learner"]
    assert told[2] == {
        "event_id": "6f1f7d0e-6d0c-5c55-9b7e-2f6a4e6b8c11",
        "type": "microcred.result.reported.v1",
        "rule": "a mark that nobody took back; the policy's rule of attempts counted it",
        "time": "2026-03-01T09:30:00Z",
        "place": None,
        "details": {"component": "exam"},
    }
    assert told[3]["rule"] == "the pass rests on it"
    assert told[4]["details"] == {
        "policy_version": "0123456789ab",
        "ordinal": 1,
        "grade_percent": 87.5,
        "pass_mark": 40,
        "components": [{"component": "exam", "title": "Exam", "score_percent": 88.128}, {"component": "quiz/1"}],
        "decided_by": "platform",
        "causes_left_out": 2,
    }
