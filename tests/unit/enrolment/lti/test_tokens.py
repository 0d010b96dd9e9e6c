"""LTI over HTTP, as a tool meets it: from its key to a token and a score."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx
import pytest
from pylti1p3.grade import Grade

from shared.contracts.platform import ResultReported
from shared.kit.auth import LTI, SCORE
from shared.testing.memory import MemoryPublisher
from tests.unit.enrolment import facts as a
from tests.unit.enrolment.lti.tool import CONTEXT, GIVEN, NOW, SCORE_TYPE, ask, post
from tests.unit.enrolment.platforms.registry import assertion


async def test_a_tool_goes_from_its_key_to_a_score(client: httpx.AsyncClient, publisher: MemoryPublisher) -> None:
    granted = (await ask(client)).json()
    bearer = {"Authorization": f"Bearer {granted['access_token']}"}
    assert set(granted["scope"].split()) == LTI
    (first, *_) = (await client.get(f"/v1/lti/{CONTEXT}/lineitems", headers=bearer)).json()
    grade = Grade().set_score_given(82).set_score_maximum(100).set_user_id("5323497")
    grade.set_activity_progress("Completed").set_grading_progress("FullyGraded")
    grade.set_timestamp(datetime(2026, 3, 1, tzinfo=UTC).isoformat())
    path = urlsplit(first["id"]).path
    answer = await client.post(f"{path}/scores", content=grade.get_value(), headers={**bearer, **SCORE_TYPE})
    # Older releases of the reference library take 200 and 201 for success, and nothing else.
    assert (answer.status_code, answer.json()) == (200, {"accepted": 1, "refused": [], "notes": []})
    (said,) = publisher.events
    assert isinstance(said, ResultReported)
    assert (said.tenant, said.platform, said.data.offering, said.data.component) == ("ou", "an-lms", a.OFFERING, "exam")


async def test_what_is_granted_is_what_there_is_of_what_was_asked_for(client: httpx.AsyncClient) -> None:
    wanted = f"https://purl.imsglobal.org/spec/lti-ags/scope/lineitem {SCORE} events:write operate"
    answer = await ask(client, scope=wanted)
    assert (answer.json()["scope"], answer.headers["cache-control"]) == (SCORE, "no-store")
    assert answer.json()["token_type"] == "Bearer"


@pytest.mark.parametrize(
    ("changed", "status", "error"),
    [
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "unsupported_grant_type"),
        ({"client_assertion_type": "jwt"}, 400, "invalid_request"),
        ({"scope": ""}, 400, "invalid_scope"),
        ({"scope": "events:write"}, 400, "invalid_scope"),
        ({"client_assertion": ""}, 401, "invalid_client"),
        ({"client_assertion": "a.b.c"}, 401, "invalid_client"),
        ({"client_assertion": "ü"}, 401, "invalid_client"),
        ({"client_assertion": "a" * 9_000}, 401, "invalid_client"),
        ({"client_assertion": assertion(NOW, "canvas-1")}, 401, "invalid_client"),
        ({"client_assertion": assertion(NOW, sub="another")}, 401, "invalid_client"),
        ({"client_assertion": assertion(NOW, sub=7)}, 401, "invalid_client"),
        ({"client_assertion": assertion(NOW, iss="another")}, 401, "invalid_client"),
        ({"client_assertion": assertion(NOW, aud="https://elsewhere.example/token")}, 401, "invalid_client"),
        ({"client_assertion": assertion(NOW, aud=...)}, 401, "invalid_client"),
        ({"client_assertion": assertion(NOW, exp=1)}, 401, "invalid_client"),
        ({"client_assertion": assertion(NOW, exp=...)}, 401, "invalid_client"),
        ({"client_assertion": assertion(NOW, exp=9_000_000_000)}, 401, "invalid_client"),
        ({"client_assertion": assertion(NOW, iat=9_000_000_000)}, 401, "invalid_client"),
        ({"client_assertion": assertion(NOW, iat="now")}, 401, "invalid_client"),
        ({"client_assertion": assertion(NOW, jti=...)}, 401, "invalid_client"),
    ],
)
async def test_who_does_not_show_who_they_are_gets_no_token(
    client: httpx.AsyncClient, changed: dict[str, str], status: int, error: str
) -> None:
    answer = await ask(client, **changed)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["error"] == error
    assert answer.json()["error_description"]


async def test_users_of_an_issuer_are_the_same_for_its_tools_unless_a_tool_is_given_ids_of_its_own(
    client: httpx.AsyncClient, publisher: MemoryPublisher
) -> None:
    for tool in ("quiz-tool", "essay-tool", "own-ids"):
        token = (await ask(client, client_assertion=assertion(NOW, iss=tool, sub=tool))).json()["access_token"]
        assert (await post(client, GIVEN, {"Authorization": f"Bearer {token}"})).status_code == 200
    quiz, essay, own = publisher.events
    assert quiz.key == essay.key != own.key
    assert quiz.id == essay.id != own.id
