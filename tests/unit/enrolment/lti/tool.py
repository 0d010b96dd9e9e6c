"""What an LTI tool asks of us."""

import json
from typing import Any

import httpx

from services.enrolment.lti.line_items import encoded
from services.enrolment.lti.token_routes import ASSERTION
from shared.kit.auth import LTI
from tests.unit.enrolment import facts as a
from tests.unit.enrolment.platforms.registry import assertion
from tests.unit.enrolment.platforms.test_lti_ags import BODY
from tests.unit.enrolment.tokens import as_of

NOW = a.at(60)
CONTEXT = encoded(a.OFFERING)
EXAM = f"/v1/lti/{CONTEXT}/lineitems/{encoded('exam')}"
ALL = as_of("ou", *LTI, platform="an-lms")
SCORE_TYPE = {"content-type": "application/vnd.ims.lis.v1.score+json"}
GIVEN = BODY | {"timestamp": "2026-03-01T00:57:06.123+00:00"}


async def ask(client: httpx.AsyncClient, **changed: Any) -> httpx.Response:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION,
        "client_assertion": assertion(NOW),
        "scope": " ".join(LTI),
        **changed,
    }
    return await client.post("/v1/lti/token", data=form, headers={"Authorization": ""})


async def post(client: httpx.AsyncClient, body: Any, headers: dict[str, str] | None = None) -> httpx.Response:
    content = body if isinstance(body, bytes | str) else json.dumps(body)
    return await client.post(f"{EXAM}/scores", content=content, headers={**ALL, **SCORE_TYPE, **(headers or {})})
