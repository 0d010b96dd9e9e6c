"""The reference library of LTI tools against our routes, from its key to a score, sent without a socket."""

import asyncio
from typing import Any

import httpx
import pytest
import requests
from fastapi import FastAPI
from pylti1p3.assignments_grades import AssignmentsGradesService
from pylti1p3.exception import LtiException, LtiServiceException
from pylti1p3.grade import Grade
from pylti1p3.lineitem import LineItem
from pylti1p3.registration import Registration
from pylti1p3.service_connector import ServiceConnector

from services.enrolment.lti.line_items import encoded
from shared.kit.auth import LTI
from shared.kit.clock import now
from shared.testing.memory import MemoryPublisher
from tests.unit.enrolment import facts as a
from tests.unit.enrolment.platforms.registry import CLIENT, key

CONTAINER = f"http://test/v1/lti/{encoded(a.OFFERING)}/lineitems"


class Wire(requests.Session):
    """What the library takes for the network."""

    def __init__(self, api: FastAPI) -> None:
        super().__init__()
        self.api = api

    def post(self, url: Any, data: Any = None, **options: Any) -> requests.Response:  # type: ignore[override]
        body = {"data": data} if isinstance(data, dict) else {"content": data}
        return asyncio.run(self.send_over("POST", url, **body, **options))

    def get(self, url: Any, **options: Any) -> requests.Response:  # type: ignore[override]
        return asyncio.run(self.send_over("GET", url, **options))

    async def send_over(self, method: str, url: str, **options: Any) -> requests.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=self.api)) as client:
            heard = await client.request(method, url, **options)
        answer = requests.Response()
        answer.status_code, answer._content = heard.status_code, heard.content
        answer.headers.update(heard.headers)
        return answer


def service(api: FastAPI, kid: str = "tool-1") -> AssignmentsGradesService:
    # The library signs with the moment at which it is asked.
    api.state.clock = now
    registration = Registration().set_client_id(CLIENT).set_auth_token_url("http://test/v1/lti/token")
    registration.set_tool_private_key(key(kid).as_pem(private=True).decode())
    registration.get_kid = lambda: "tool-1"  # type: ignore[method-assign]  # it would name the key by its thumbprint
    connector = ServiceConnector(registration, Wire(api))
    scopes: list[Any] = sorted(LTI)
    return AssignmentsGradesService(connector, {"scope": scopes, "lineitems": CONTAINER})


def graded(points: float) -> Grade:
    grade = Grade().set_score_given(points).set_score_maximum(15).set_user_id("5323497")
    grade.set_activity_progress("Completed").set_grading_progress("FullyGraded")
    return grade.set_timestamp("2026-03-01T00:57:06.123+00:00")


def test_a_tool_finds_a_line_item_and_posts_a_score(api: FastAPI, publisher: MemoryPublisher) -> None:
    tool = service(api)
    item = tool.find_lineitem_by_resource_id("part/003")
    assert item is not None
    answer = tool.put_grade(graded(12.3), tool.get_lineitem(item.get_id()))
    assert answer["body"] == {"accepted": 1, "refused": [], "notes": []}
    assert [said.key for said in publisher.events] == [publisher.events[0].key]
    assert publisher.events[0].data.component == "part/003"


def test_a_tool_follows_the_pages(api: FastAPI) -> None:
    tool, found, address = service(api), [], f"{CONTAINER}?limit=2"
    while address:
        items, following = tool.get_lineitems_page(address)
        found += [item["resourceId"] for item in items]
        address = following or ""
    assert found == ["exam", *(f"part/{number:03}" for number in range(5))]


def test_a_tool_with_another_key_gets_nowhere(api: FastAPI) -> None:
    with pytest.raises(LtiServiceException) as refused:
        service(api, "canvas-1").get_lineitems()
    assert refused.value.response.status_code == 401


def test_a_tool_cannot_make_line_items_nor_read_results(api: FastAPI, publisher: MemoryPublisher) -> None:
    tool = service(api)
    with pytest.raises(LtiException):
        tool.find_or_create_lineitem(LineItem().set_label("mine").set_tag("mine").set_score_maximum(7))
    item = LineItem().set_id(f"{CONTAINER}/{encoded('exam')}")
    with pytest.raises(LtiServiceException) as refused:
        tool.get_grades(item)
    assert refused.value.response.status_code == 501
    assert not publisher.events
