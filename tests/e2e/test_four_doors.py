"""One institution hears of its learners over LTI, Canvas, a signed webhook and a table, and each earns a credential."""

import json
import os
from datetime import UTC, datetime, timedelta

import httpx
import orjson
import pytest

from services.enrolment.door.identity import Identities
from services.enrolment.lti.line_items import encoded
from services.enrolment.lti.token_routes import ASSERTION
from services.enrolment.platforms.door import Account
from shared.kit.auth import SCORE
from shared.kit.secret import read_secret
from tests.e2e.test_a_learner_earns_a_credential import OFFER
from tests.town import Town, eventually
from tests.unit.enrolment.platforms.registry import SECRET, assertion, by_canvas, signed
from tests.unit.enrolment.platforms.test_canvas import live
from tests.unit.enrolment.platforms.test_lti_ags import BODY
from tests.unit.enrolment.platforms.town import CANVAS_ACCOUNT, CANVAS_COURSE, CANVAS_EXAM, ISSUER

pytestmark = pytest.mark.skipif(
    "MICROCRED_ENROLMENT_URL" in os.environ, reason="an installation elsewhere has platforms of its own registered"
)
TENANT, OFFERING = "ou", "DOORS-101/2026"
POLICY = {"components": [{"id": "exam", "weight": 1}], "pass_mark": 40}
RUNS = [{"course": CANVAS_COURSE, "activities": [{"id": CANVAS_EXAM, "component": "exam"}]}]
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


def over_canvas(enrolment: httpx.Client) -> list[httpx.Response]:
    when = {"event_time": YESTERDAY.isoformat()}
    happened = (live("enrollment_created", metadata=when), live("grade_change", metadata=when, score=82))
    return [enrolment.post("/v1/webhooks/ou-canvas", content=by_canvas(each), headers=NOBODY) for each in happened]


def over_lti(enrolment: httpx.Client) -> list[httpx.Response]:
    now = datetime.now(UTC)
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION,
        "client_assertion": assertion(now, aud=f"{str(enrolment.base_url).rstrip('/')}/v1/lti/token"),
        "scope": SCORE,
    }
    granted = enrolment.post("/v1/lti/token", data=form, headers=NOBODY)
    bearer = {"Authorization": f"Bearer {granted.json()['access_token']}"}
    score = json.dumps(BODY | {"timestamp": YESTERDAY.isoformat()})
    address = f"/v1/lti/{encoded(OFFERING)}/lineitems/{encoded('exam')}/scores"
    media_type = {"Content-Type": "application/vnd.ims.lis.v1.score+json"}
    return [granted, enrolment.post(address, content=score, headers=bearer | media_type)]


def over_a_webhook(enrolment: httpx.Client, *learners: str) -> list[httpx.Response]:
    """Report a result of a learner, and that they and others are registered: a score is no registration."""
    envelope = {"specversion": "1.0", "source": "https://moodle.example", "time": YESTERDAY.isoformat()}
    result = {"offering": OFFERING, "component": "exam", "score": 82}
    happened = [("result.reported", "of-a-webhook", result)]
    happened += [("learner.registered", each, {"offering": OFFERING}) for each in ("of-a-webhook", *learners)]
    events = [
        {**envelope, "id": f"hook-{number}", "type": f"microcred.{kind}.v1", "learnerref": learner, "data": data}
        for number, (kind, learner, data) in enumerate(happened)
    ]
    body = orjson.dumps(events)
    headers = NOBODY | signed(body, datetime.now(UTC), SECRET)
    return [enrolment.post("/v1/webhooks/ou-hook", content=body, headers=headers)]


def over_a_table(enrolment: httpx.Client) -> list[httpx.Response]:
    table = (
        "type;time;Student;offering;component;score\r\n"
        f"registered;{YESTERDAY.isoformat()};of-a-table;{OFFERING};;\r\n"
        f"result;{YESTERDAY.isoformat()};of-a-table;{OFFERING};exam;82,5\r\n"
    )
    where = {"params": {"map": "Student=learner_ref"}, "headers": {"Content-Type": "text/csv"}}
    return [enrolment.post("/v1/events/csv", content=table.encode(), **where)]  # type: ignore[arg-type]


NOBODY = {"Authorization": ""}


def test_each_door_leads_to_a_credential(town: Town) -> None:
    enrolment = town.client("enrolment", TENANT)
    offer = OFFER | {"policy": POLICY, "runs": RUNS}
    enrolment.put(f"/v1/offerings/{OFFERING}", json=offer, headers={"Prefer": "wait=10"}).raise_for_status()
    eventually(lambda: enrolment.get(f"/v1/offerings/{OFFERING}").is_success, "the offering can be read")

    identities = Identities(read_secret(town.secret_file.with_name(f"{town.secret_file.name}.identity")))
    of_canvas = identities.learner_ref(TENANT, Account(CANVAS_ACCOUNT, "21070000000020064"))
    of_a_tool = identities.learner_ref(TENANT, Account(ISSUER, "5323497"))
    answers = [
        *over_canvas(enrolment),
        *over_lti(enrolment),
        *over_a_webhook(enrolment, of_a_tool),
        *over_a_table(enrolment),
    ]
    for answer in answers:
        assert answer.is_success, f"{answer.url}: {answer.text}"
        assert not answer.json().get("refused"), f"{answer.url}: {answer.text}"

    for learner in (of_canvas, of_a_tool, "of-a-webhook", "of-a-table"):
        eventually(lambda ref=learner: town.heard("issued", TENANT, ref), f"{learner} has a credential")  # type: ignore[misc]
