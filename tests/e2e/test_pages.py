"""The pages for people in a real browser: on a phone and on paper, without scripts, and as axe-core sees them."""

import asyncio
import socket
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any, Literal

import pytest
import pytest_asyncio
import uvicorn
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import (
    Browser,
    ConsoleMessage,
    Dialog,
    FilePayload,
    Locator,
    Page,
    ViewportSize,
    async_playwright,
    expect,
)

from services.issuance.forms import png
from tests.e2e.test_dashboard import CHROMIUM, FLAGS, uncomplaining
from tests.unit.issuance.builders import RESTING_ON, passed, published, withdrawn
from tests.unit.issuance.desk import Service, started

#: One browser for all of them, and so one event loop.
pytestmark = pytest.mark.asyncio(loop_scope="module")
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 900}
LOOKS: tuple[tuple[ViewportSize, Literal["light", "dark"]], ...] = (
    (PHONE, "light"),
    (DESK, "light"),
    (DESK, "dark"),
)
#: WCAG 2.2, levels A and AA.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
HOSTILE = "</title><script>document.title = 'taken'</script>\"'><img src=x onerror=alert(1)>"


@pytest_asyncio.fixture(loop_scope="module")
async def issuance(tmp_path: Path) -> AsyncIterator[Service]:
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    service = await started(tmp_path, public_url=address, fetch_private=True)
    server = uvicorn.Server(uvicorn.Config(service.app, log_level="warning"))
    serving = asyncio.create_task(server.serve([listener]))
    yield service
    server.should_exit = True
    await asyncio.wait_for(serving, 5)
    await service.app.state.desk.checker.sandbox.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    assert CHROMIUM.exists(), f"{CHROMIUM} is missing: apt-get install -y --no-install-recommends chromium"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tab(browser: Browser) -> AsyncIterator[Page]:
    """One tab for all of them; axe is a script, which the policy of our pages would not let in."""
    page = await browser.new_page(bypass_csp=True)
    yield page
    await page.close()


@pytest_asyncio.fixture(loop_scope="module")
async def page(tab: Page) -> AsyncIterator[Page]:
    """A page on a phone, in a browser that complains about whatever the policy or the page itself breaks."""
    # A form that cannot be read is answered with that status, which the browser notes.
    async with uncomplaining(tab, but="status of 400"):
        await tab.set_viewport_size(PHONE)
        await tab.emulate_media(color_scheme="light")
        yield tab


async def accessible(page: Page, *seen: Locator) -> None:
    """Hold the page against WCAG AA, on a phone, on a desk and in the dark, where all this is seen."""
    for viewport, colours in LOOKS:
        await page.set_viewport_size(viewport)
        await page.emulate_media(color_scheme=colours)
        for each in seen:
            await expect(each).to_be_visible()
        results: dict[str, Any] = (await Axe().run(page, options=RULES)).response
        assert results["passes"]
        assert [f"{each['id']}: {[node['html'] for node in each['nodes']]}" for each in results["violations"]] == []
        for element in ("document.documentElement", "document.body"):
            assert await page.evaluate(f"{element}.scrollWidth <= {element}.clientWidth"), "it scrolls sideways"
    await page.set_viewport_size(PHONE)


def _noted(seen: list[str], what: Dialog | ConsoleMessage) -> None:
    seen.append(what.type)


def home(issuance: Service) -> str:
    return str(issuance.app.state.settings.public_url)


def address(issuance: Service, number: int = 0) -> str:
    return f"{home(issuance)}/credentials/{issuance.award.credentials[number].credential_id}"


async def test_a_learner_shows_a_credential(page: Page, issuance: Service) -> None:
    issuance.hear(passed(**RESTING_ON))
    await page.goto(address(issuance))

    badge = page.get_by_role("img", name="Badge: Statistics")
    assert await badge.evaluate("image => image.complete && image.naturalWidth") == 480
    await page.get_by_text("5 events led to it").click()
    await accessible(
        page,
        page.get_by_role("heading", name="Statistics", level=1),
        page.get_by_text("This credential stands."),
        page.get_by_text("87.5 % (needed: 40 %)"),
        page.get_by_role("img", name="QR code of the address of this page"),
        page.get_by_text("a mark that nobody took back"),
        page.get_by_role("link", name="Badge (PNG)"),
        page.get_by_role("link", name="Check this credential step by step"),
    )


async def test_a_revoked_one_says_so_before_anything_else(page: Page, issuance: Service) -> None:
    issuance.hear(passed(), withdrawn())
    await page.goto(address(issuance))

    first = page.locator("main > :first-child")
    await expect(first).to_have_text("Revoked on 02 March 2026: result voided.")
    await accessible(page, first)


async def test_an_employer_checks_the_badge_that_a_learner_downloaded(page: Page, issuance: Service) -> None:
    issuance.hear(passed())
    await page.goto(address(issuance))
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="Badge (PNG)").click()
    badge = await asyncio.to_thread(Path(await (await waiting.value).path()).read_bytes)
    assert png.unbake(badge) == issuance.award.credentials[0].document

    await page.goto(f"{home(issuance)}/verify")
    field, button = page.get_by_label("A file"), page.get_by_role("button", name="Check it")
    await accessible(page, field, page.get_by_label("Or its text"), button)
    file: FilePayload = {"name": "b.png", "mimeType": "image/png", "buffer": badge}
    await field.set_input_files(file)
    await button.click()

    found = page.get_by_role("status")
    await expect(found).to_have_text("This credential is genuine and stands.")
    await expect(page.locator("ol > li")).to_have_count(6)
    await accessible(page, found)


async def test_the_page_leads_to_its_own_check(page: Page, issuance: Service) -> None:
    issuance.hear(passed(), withdrawn())
    await page.goto(address(issuance))
    await page.get_by_role("link", name="Check this credential step by step").click()
    await page.get_by_role("button", name="Check it").click()

    await expect(page.get_by_role("status")).to_contain_text("Do not rely on this credential")
    step = page.locator("li[data-code=revoked]")
    await expect(step).to_contain_text("Its issuer revoked it")
    await accessible(page, step)


async def test_what_cannot_be_read_is_told_on_the_form(page: Page, issuance: Service) -> None:
    await page.goto(f"{home(issuance)}/verify")
    await page.get_by_label("Or its text").fill("hello")
    async with page.expect_navigation() as arriving:
        await page.get_by_role("button", name="Check it").click()

    assert (await (await arriving.value).header_value("content-type")) == "text/html; charset=utf-8"
    alert = page.get_by_role("alert")
    await expect(alert).to_contain_text("could not be read as a credential")
    await accessible(page, alert)


async def test_without_scripts_and_with_hostile_texts_it_stays_a_page(browser: Browser, issuance: Service) -> None:
    hostile = published(name=HOSTILE[:200], description=HOSTILE, criteria=HOSTILE)
    known = issuance.issuing.offering_published(None, hostile).state
    issuance.beside = issuance.beside.__class__(known, issuance.beside.place)
    issuance.hear(passed())
    for scripts in (True, False):
        page = await browser.new_page(viewport=PHONE, java_script_enabled=scripts)
        seen: list[str] = []
        page.on("dialog", partial(_noted, seen))
        page.on("console", partial(_noted, seen))
        await page.goto(address(issuance))

        assert "taken" not in (await page.title())[:6]
        await expect(page.get_by_role("heading", level=1)).to_contain_text("<script>")
        await expect(page.get_by_text("This credential stands.")).to_be_visible()
        assert seen == []


async def test_on_paper_there_are_the_facts_and_the_code_but_nothing_to_press(
    browser: Browser, issuance: Service
) -> None:
    issuance.hear(passed())
    page = await browser.new_page()
    await page.emulate_media(media="print")
    await page.goto(address(issuance))

    await expect(page.get_by_role("img", name="QR code of the address of this page")).to_be_visible()
    await expect(page.get_by_text("Pass the exam.")).to_be_visible()
    await expect(page.get_by_role("link", name="Certificate (PDF)")).to_be_hidden()
