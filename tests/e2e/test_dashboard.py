"""The dashboard in a real browser: a token in, the numbers and the chart on the page, and both live."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import uvicorn
from fastapi import FastAPI
from playwright.async_api import Browser, ConsoleMessage, Error, Page, async_playwright, expect

from shared.testing.memory import MemoryStore
from tests.unit.analytics.app import a_store, a_token, an_app, counter

#: The first chart is drawn while its script is bundled, and other tests want the processors, too.
expect.set_options(timeout=60_000)

CHROMIUM = Path("/usr/bin/chromium")
#: No sandbox, since containers run tests as root; nothing that looks for hosts of its own.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
STAGES = 5
#: One browser for all of them, and so one event loop.
pytestmark = pytest.mark.asyncio(loop_scope="module")
LIVE_MS = 3_000


@pytest.fixture
def store() -> MemoryStore:
    return a_store()


@pytest_asyncio.fixture(loop_scope="module")
async def app(store: MemoryStore, tmp_path: Path) -> FastAPI:
    return await an_app(store, tmp_path)


@pytest_asyncio.fixture(loop_scope="module")
async def address(app: FastAPI) -> AsyncIterator[str]:
    async with _served(app) as address:
        yield address


@asynccontextmanager
async def _served(app: FastAPI) -> AsyncIterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    serving = asyncio.create_task(server.serve([listener]))
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    app.state.stopping.set()
    server.should_exit = True
    # Streams are open; a service that does not end them would hang here.
    await asyncio.wait_for(serving, 5)


@pytest.fixture(scope="module")
def chromium() -> Path:
    assert CHROMIUM.exists(), f"{CHROMIUM} is missing: apt-get install -y --no-install-recommends chromium"
    return CHROMIUM


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(chromium: Path) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tab(browser: Browser) -> AsyncIterator[Page]:
    """One tab: a new one for each test would be two processes more, which take longer than what they show."""
    page = await browser.new_page()
    yield page
    await page.close()


@pytest_asyncio.fixture(loop_scope="module")
async def page(tab: Page, address: str) -> AsyncIterator[Page]:
    """The dashboard for one whom it does not know; each test has an origin of its own, but cookies know no ports."""
    async with uncomplaining(tab):
        await tab.set_viewport_size({"width": 1100, "height": 1400})
        await tab.goto(f"{address}/dashboard")
        yield tab


@asynccontextmanager
async def uncomplaining(tab: Page, *, but: str = "never") -> AsyncIterator[None]:
    """Hold that the browser complains of nothing but this meanwhile; what was open and is kept is gone afterwards."""
    complaints: list[str] = []

    def noted(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    def thrown(error: Error) -> None:
        complaints.append(str(error))

    tab.on("console", noted)
    tab.on("pageerror", thrown)
    yield
    tab.remove_listener("console", noted)
    tab.remove_listener("pageerror", thrown)
    await tab.goto("about:blank")
    await tab.context.clear_cookies()
    assert [each for each in complaints if but not in each] == []


async def sign_in(page: Page, app: FastAPI) -> None:
    await page.get_by_label("Access token").fill(a_token(app))
    await page.get_by_role("button", name="Show the funnel").click()


async def table(page: Page) -> list[list[str]]:
    rows = page.locator("tbody tr, tfoot tr")
    return [await row.locator("th, td").all_inner_texts() for row in await rows.all()]


def bars(page: Page) -> Any:
    return page.locator('#chart svg [aria-roledescription="bar"]')


def bar(page: Page, label: str) -> Any:
    return page.locator("#chart svg").get_by_label(label, exact=True)


async def test_a_token_opens_the_page_with_table_and_chart_of_the_same_numbers(page: Page, app: FastAPI) -> None:
    await sign_in(page, app)

    await expect(bars(page)).to_have_count(2 * STAGES)
    await expect(bar(page, "Law & <order>, enrolled: 40")).to_have_count(1)
    await expect(bar(page, "art, passed: 4")).to_have_count(1)
    art, law, everything = await table(page)
    assert [cell.split("\n")[0] for cell in art] == ["art", "8", "4", "4", "4", "0"]
    assert [cell.split("\n")[0] for cell in law] == ["Law & <order>", "40", "30", "10", "9", "5"]
    assert everything[3].split() == ["14", "29.2", "%", "of", "enrolled"]


async def test_new_numbers_come_by_themselves(page: Page, app: FastAPI, store: MemoryStore) -> None:
    await sign_in(page, app)
    await expect(bar(page, "art, enrolled: 8")).to_have_count(1)

    store.put("funnel", counter("art", "2026-02", 1, enrolled=1008, assessed=4, passed=4, issued=4))

    await expect(page.get_by_role("row", name=re.compile("^art 1,008 "))).to_be_visible(timeout=LIVE_MS)
    await expect(bar(page, "art, enrolled: 1008")).to_have_count(1, timeout=LIVE_MS)
    await expect(page.get_by_role("status")).to_contain_text("1,048 enrolled", timeout=2 * LIVE_MS)


async def test_a_new_offering_gets_a_row_and_bars(page: Page, app: FastAPI, store: MemoryStore) -> None:
    await sign_in(page, app)
    await expect(bars(page)).to_have_count(2 * STAGES)

    store.put("funnel", counter("music", "2026-03", 4, enrolled=3))

    await expect(bars(page)).to_have_count(3 * STAGES, timeout=LIVE_MS)
    await expect(page.locator("tbody tr")).to_have_count(3)


async def test_months_and_offerings_can_be_chosen(page: Page, app: FastAPI) -> None:
    await sign_in(page, app)

    await page.get_by_label("One row for each").select_option("month")
    await expect(page.locator("tbody th")).to_have_text(["2026-01", "2026-02"])
    await page.get_by_label("Offering", exact=True).select_option("law")

    await expect(bar(page, "2026-02, enrolled: 10")).to_have_count(1)
    await expect(page.get_by_role("columnheader", name="Month of enrolment")).to_be_visible()
    assert page.url.endswith("/dashboard?offering=law&by=month")
    await page.reload()
    await expect(page.locator("tbody th")).to_have_text(["2026-01", "2026-02"])


async def test_no_script_can_read_the_token(page: Page, app: FastAPI) -> None:
    await sign_in(page, app)
    await expect(bars(page)).to_have_count(2 * STAGES)

    assert await page.evaluate("document.cookie") == ""
    assert await page.evaluate("localStorage.length + sessionStorage.length") == 0


async def test_signing_out_shows_no_number_any_more(page: Page, app: FastAPI) -> None:
    await sign_in(page, app)

    await page.get_by_role("button", name="Sign out").click()

    await expect(page.get_by_label("Access token")).to_be_visible()
    await expect(page.locator("table")).to_have_count(0)


async def test_a_phone_shows_all_of_it_without_scrolling_sideways(page: Page, app: FastAPI, store: MemoryStore) -> None:
    title = "An offering with quite a long title, as institutions like to give them"
    store.put("offerings", {"_id": "ou/art", "tenant": "ou", "offering": "art", "title": title})
    await page.set_viewport_size({"width": 390, "height": 844})
    await sign_in(page, app)
    await expect(bars(page)).to_have_count(2 * STAGES)

    for wide in ("document.documentElement", "document.querySelector('.scroll')"):
        assert await page.evaluate(f"{wide}.scrollWidth <= {wide}.clientWidth"), wide
    drawing = await page.locator("#chart svg").bounding_box()
    assert drawing
    assert 250 < drawing["width"] <= 390


async def test_without_scripts_there_are_the_table_and_a_picture(browser: Browser, address: str, app: FastAPI) -> None:
    page = await browser.new_page(base_url=address, java_script_enabled=False)
    await page.goto("/dashboard")
    await sign_in(page, app)

    picture = page.get_by_role("img", name="Bar chart of the table below.")
    await expect(picture).to_be_visible()
    box = await picture.bounding_box()
    assert box
    assert box["height"] > 100
    await page.get_by_label("One row for each").select_option("month")
    await page.get_by_role("button", name="Show", exact=True).click()
    await expect(page.locator("tbody th")).to_have_text(["2026-01", "2026-02"])
