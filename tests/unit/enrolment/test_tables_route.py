"""A table of events over HTTP: looked at first, taken then."""

import csv
import io

import httpx
import pytest

from services.enrolment.tables.routes import EXAMPLE
from shared.testing.memory import MemoryPublisher
from tests.unit.enrolment.tokens import as_of

HEAD = "type,time,learner_ref,offering,component,score,max_score,id"
GOOD = "result,2026-03-01T00:30:00Z,lrn-1,AAA/2013J,exam,12.5,15,"
BAD = [
    "result,2026-03-01T00:30:00Z,Aroha T,AAA/2013J,exam,12.5,15,",
    "result,2026-03-01T00:30:00Z,lrn-1,AAA/2013J,exam,16,15,",
    "result,2999-03-01T00:30:00Z,lrn-1,AAA/2013J,exam,1,15,",
    "result,2026-03-01T00:30:00,lrn-1,AAA/2013J,exam,1,15,",
    "=cmd|' /C calc'!A0,2026-03-01T00:30:00Z,lrn-1,AAA/2013J,exam,1,15,",
    'result,2026-03-01T00:30:00Z,lrn-1,AAA/2013J,exam,"1,5",15,',
]
COLUMNS = ["learner_ref", "row", "time", "time", "type", "score"]


def table(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join((head, *rows, "")).encode()


async def post(client: httpx.AsyncClient, body: bytes, query: str = "", **headers: str) -> httpx.Response:
    announced = {"content-type": "text/csv", **{name.replace("_", "-"): text for name, text in headers.items()}}
    return await client.post(f"/v1/events/csv{query}", content=body, headers=announced)


async def test_what_can_be_taken_is_taken_and_the_rest_told_by_row_and_column(
    client: httpx.AsyncClient, publisher: MemoryPublisher
) -> None:
    answer = await post(client, table(GOOD, *BAD, GOOD.replace("lrn-1", "lrn-2")))
    told = answer.json()
    assert (answer.status_code, told["accepted"], told["refused_rows"]) == (202, 2, len(BAD))
    assert [(each["row"], each["column"]) for each in told["refused"]] == list(enumerate(COLUMNS, start=3))
    assert [said.key for said in publisher.events] == ["lrn-1", "lrn-2"]
    assert {said.tenant for said in publisher.events} == {"ou"}


async def test_a_preview_says_the_same_and_writes_nothing(
    client: httpx.AsyncClient, publisher: MemoryPublisher
) -> None:
    body = table(GOOD, *BAD)
    seen = await post(client, body, "?preview=true")
    assert not publisher.events
    done = await post(client, body)
    assert (seen.status_code, seen.json()["preview"], done.json()["preview"]) == (200, True, False)
    for member in ("accepted", "refused", "refused_rows", "repeated", "types", "columns"):
        assert seen.json()[member] == done.json()[member]
    assert [event["id"] for event in seen.json()["events"]] == [said.id for said in publisher.events]


async def test_a_preview_of_which_nothing_can_be_taken_is_an_answer_and_taking_it_a_problem(
    client: httpx.AsyncClient, publisher: MemoryPublisher
) -> None:
    assert (await post(client, table(*BAD), "?preview=true")).status_code == 200
    refused = await post(client, table(*BAD))
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    assert [each["column"] for each in refused.json()["refused"]] == COLUMNS
    assert not publisher.events


async def test_a_row_that_is_there_twice_is_taken_once(client: httpx.AsyncClient, publisher: MemoryPublisher) -> None:
    told = (await post(client, table(GOOD, GOOD, GOOD + "one", GOOD + "one", GOOD.replace("12.5", "9") + "one"))).json()
    assert (told["accepted"], told["repeated"]) == (2, 2)
    assert [(each["row"], each["column"]) for each in told["refused"]] == [(6, "id")]
    assert len(publisher.events) == 2


async def test_the_same_table_again_says_the_same_ids(client: httpx.AsyncClient, publisher: MemoryPublisher) -> None:
    for body in (table(GOOD), table(GOOD).replace(b",", b";").replace(b"12.5", b"12,5"), b"\xef\xbb\xbf" + table(GOOD)):
        assert (await post(client, body)).status_code == 202
    assert len({said.id for said in publisher.events}) == 1


async def test_columns_are_mapped(client: httpx.AsyncClient, publisher: MemoryPublisher) -> None:
    head = HEAD.replace("learner_ref", "Student no.").replace("id", "Note")
    query = "?map=Student%20no.=learner_ref&map=Note="
    assert (await post(client, table(GOOD + "Aroha", head=head), query)).status_code == 202
    assert publisher.events[0].key == "lrn-1"
    unmapped = await post(client, table(GOOD, head=head))
    assert unmapped.json()["errors"][0]["field"] == "Student no."


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "type"),
        (b"\n", "type"),
        (table(GOOD).decode().encode("utf-16"), "body"),
        (b"PK\x03\x04workbook", "body"),
        (b"\x00\x01\x02", "\x00\x01\x02"),
        (b"type,time\n", "learner_ref"),
        (table(*(GOOD for _ in range(10_001))), "body"),
    ],
)
async def test_what_is_no_table_of_events_is_refused_whole(
    client: httpx.AsyncClient, publisher: MemoryPublisher, body: bytes, field: str
) -> None:
    answer = await post(client, body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert not publisher.events


async def test_a_byte_that_is_no_utf_8_is_a_fault_of_its_cell(client: httpx.AsyncClient) -> None:
    told = (await post(client, table(GOOD, GOOD.replace("exam", "examé")).decode().encode("latin-1"))).json()
    assert (told["accepted"], told["refused"][0]["column"]) == (1, "component")
    assert "UTF-8" in told["refused"][0]["reason"]


async def test_a_table_out_of_bounds_is_refused(client: httpx.AsyncClient) -> None:
    assert (await post(client, b"x" * (1024 * 1024 + 1))).status_code == 413


@pytest.mark.parametrize("announced", ["application/json", "text/plain", "", "text/csv; charset=iso-8859-1"])
async def test_only_csv_in_utf_8_is_taken(client: httpx.AsyncClient, announced: str) -> None:
    answer = await post(client, b"{}", content_type=announced)
    assert answer.status_code == 415
    assert "text/csv" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("query", "field"), [("?map=score", "map"), ("?map=%3Dscore", "map"), ("?map=Nothing=score", "Nothing")]
)
async def test_a_mapping_of_nothing_is_refused(client: httpx.AsyncClient, query: str, field: str) -> None:
    answer = await post(client, table(GOOD), query)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_refusals_can_be_had_as_a_table_without_formulas(client: httpx.AsyncClient) -> None:
    head = HEAD.replace("component", "=evil()")
    body = table(GOOD, *BAD, 'result,2026-03-01T00:30:00Z,lrn-1,AAA/2013J,"\n",1,15,')
    answer = await post(client, body, accept="text/csv")
    assert (answer.status_code, answer.headers["content-type"]) == (202, "text/csv; charset=utf-8")
    head_row, *rows = csv.reader(io.StringIO(answer.text))
    assert (head_row, len(rows)) == (["row", "column", "reason"], len(BAD) + 1)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert (await post(client, table(GOOD, head=head), accept="text/csv")).status_code == 422


@pytest.mark.parametrize(("headers", "status"), [({"Authorization": ""}, 401), (as_of("ou", "read"), 403)])
async def test_only_reporters_may_write(client: httpx.AsyncClient, headers: dict[str, str], status: int) -> None:
    assert (await post(client, table(GOOD), **headers)).status_code == status


async def test_another_institutions_or_platforms_rows_cannot_be_written(client: httpx.AsyncClient) -> None:
    body = table(GOOD + ",canvas", head=HEAD + ",platform")
    answer = await post(client, body, **as_of("ou", platform="moodle"))
    assert [each["column"] for each in answer.json()["refused"]] == ["platform"]


async def test_the_documented_example_is_taken(client: httpx.AsyncClient, publisher: MemoryPublisher) -> None:
    assert (await post(client, EXAMPLE.replace("2026-03-02", "2026-02-28").encode())).status_code == 202
    assert len(publisher.events) == 2
