"""The page without a browser: the session, the policy, and what is on the page before any script runs."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from services.analytics.dashboard.chart import STAGE_NAMES
from tests.unit.analytics.app import a_client, a_store, a_token, an_app

SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
async def app(tmp_path: Path) -> FastAPI:
    return await an_app(a_store(), tmp_path)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with a_client(app) as client:
        yield client


async def signed_in(app: FastAPI, client: httpx.AsyncClient) -> httpx.Response:
    return await client.post("/dashboard/session", data={"token": a_token(app)}, headers=SAME)


async def test_a_visitor_is_asked_for_a_token_and_sees_no_number(client: httpx.AsyncClient) -> None:
    page = await client.get("/dashboard")

    assert page.status_code == 200
    assert '<label for="token">' in page.text
    assert "<table" not in page.text


async def test_a_good_token_becomes_a_cookie_that_no_script_reads_and_no_other_site_sends(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    answer = await signed_in(app, client)

    assert (answer.status_code, answer.headers["location"]) == (303, "/dashboard")
    attributes = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")}
    assert {"httponly", "samesite=strict", "path=/", "max-age=3600"} <= attributes


async def test_the_cookie_is_secure_where_the_address_is(tmp_path: Path) -> None:
    app = await an_app(a_store(), tmp_path, public_url="https://analytics.example.org")
    async with a_client(app) as client:
        assert "Secure" in (await signed_in(app, client)).headers["set-cookie"]


@pytest.mark.parametrize("token", ["", "nonsense", '"><script>alert(1)</script>'])
async def test_a_bad_token_is_told_so_and_not_repeated(client: httpx.AsyncClient, token: str) -> None:
    answer = await client.post("/dashboard/session", data={"token": token}, headers=SAME)

    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert "<script>" not in answer.text
    assert "set-cookie" not in answer.headers


async def test_a_token_that_may_not_read_opens_nothing(app: FastAPI, client: httpx.AsyncClient) -> None:
    answer = await client.post("/dashboard/session", data={"token": a_token(app, "events:write")}, headers=SAME)

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/dashboard/session", "/dashboard/logout"])
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_a_form_of_another_site_is_refused(app: FastAPI, client: httpx.AsyncClient, path: str, site: str) -> None:
    answer = await client.post(path, data={"token": a_token(app)}, headers={"Sec-Fetch-Site": site})

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


async def test_the_cookie_reads_the_funnel(app: FastAPI, client: httpx.AsyncClient) -> None:
    await signed_in(app, client)

    assert (await client.get("/v1/funnel")).json()["total"]["counts"]["enrolled"] == 48


async def test_a_header_goes_before_the_cookie(app: FastAPI, client: httpx.AsyncClient) -> None:
    await signed_in(app, client)

    answer = await client.get("/v1/funnel", headers={"Authorization": f"Bearer {a_token(app, tenant='other')}"})

    assert answer.json()["total"]["counts"]["enrolled"] == 918273


async def test_signing_out_forgets_the_token(app: FastAPI, client: httpx.AsyncClient) -> None:
    await signed_in(app, client)

    await client.post("/dashboard/logout", headers=SAME)

    assert (await client.get("/v1/funnel")).status_code == 401


async def test_an_expired_cookie_leads_back_to_the_form(app: FastAPI, client: httpx.AsyncClient) -> None:
    client.cookies.set("microcred_dashboard", a_token(app, lifetime=-60))

    assert '<label for="token">' in (await client.get("/dashboard")).text


async def test_the_page_holds_the_numbers_before_any_script_runs(app: FastAPI, client: httpx.AsyncClient) -> None:
    await signed_in(app, client)

    page = (await client.get("/dashboard?by=offering")).text

    law = page.partition('<th scope="row" role="rowheader">Law &amp; &lt;order&gt;</th>')[2].partition("</tr>")[0]
    assert law.startswith('<td role="cell">40</td><td role="cell">30<small>75.0 % of enrolled</small></td>')
    assert "<order>" not in page
    assert "<dt>Passed of assessed</dt><dd>41.2 %</dd>" in page


async def test_every_percentage_on_the_page_names_its_denominator(app: FastAPI, client: httpx.AsyncClient) -> None:
    await signed_in(app, client)

    page = (await client.get("/dashboard")).text

    for before, after in zip(page.split(" %")[:-1], page.split(" %")[1:], strict=True):
        assert after.startswith(" of ") or " of " in before[-60:].partition("<dt>")[2]


async def test_the_page_runs_nothing_but_its_own_files(app: FastAPI, client: httpx.AsyncClient) -> None:
    await signed_in(app, client)

    answer = await client.get("/dashboard")

    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert " style=" not in answer.text
    assert answer.text.count("<script") == answer.text.count('<script src="/dashboard/')
    assert answer.headers["cache-control"] == "no-store"


async def test_the_picture_tells_its_bars(app: FastAPI, client: httpx.AsyncClient) -> None:
    await signed_in(app, client)

    picture = await client.get("/dashboard/funnel.svg?by=month")

    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert picture.text.count('aria-roledescription="bar"') == 2 * len(STAGE_NAMES)
    assert 'aria-label="2026-01, enrolled: 30"' in picture.text


async def test_the_drawing_script_needs_no_eval_and_comes_once(client: httpx.AsyncClient) -> None:
    first = await client.get("/dashboard/vega.js")
    again = await client.get("/dashboard/vega.js", headers={"If-None-Match": first.headers["etag"]})

    assert "window.vegaEmbed=" in first.text
    assert first.headers["content-encoding"] == "gzip"
    assert (again.status_code, again.content) == (304, b"")
