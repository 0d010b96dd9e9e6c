"""The pages for people: all that a credential says, where it stands, and nothing that its texts could smuggle in."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import orjson
import pytest

from services.issuance.checking.report import STEPS, Code, Outcome, Report, Step
from services.issuance.domain import Withdrawal
from services.issuance.facts import facts_of
from services.issuance.forms import png
from services.issuance.pages.credential import page_of
from services.issuance.pages.verifier import asking_page, report_page
from services.issuance.standing import Standing, standing_of
from tests.unit.issuance.builders import (
    ISSUING,
    RESTING_ON,
    award,
    beside,
    decision,
    offering,
    passed,
    published,
    withdrawn,
)
from tests.unit.issuance.desk import Service

HOSTILE = "</title></style><script>alert(1)</script>\"'><img src=x onerror=alert(1)>{url}$name"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
STANDS = Standing(Code.VALID, "This credential stands.")


class Tags(HTMLParser):
    """What elements and addresses a page has."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def document(**members: Any) -> dict[str, Any]:
    """Return a credential with all that people are shown."""
    issued = ISSUING.passed(award(), passed(), beside(offering(published()))).state.credentials[0]
    known: dict[str, Any] = orjson.loads(issued.document)
    return {**known, **members}


def every_text(value: Any) -> Any:
    """Return a document with every text in it replaced, but what is needed to read it."""
    if isinstance(value, dict):
        kept = {"validFrom", "resultType", "resultDescription", "inLanguage", "id"}
        return {key: each if key in kept else every_text(each) for key, each in value.items()}
    if isinstance(value, list):
        return [every_text(each) for each in value]
    return HOSTILE if isinstance(value, str) else value


def test_everything_that_a_person_asks_is_on_the_page() -> None:
    known = document(evidence=[{"type": ["Evidence"], "name": "Essay", "id": "https://ou.example/essay"}])
    known["validUntil"] = "2027-03-02T10:30:00Z"
    page = page_of("c1", facts_of(known), STANDS)

    for text in (
        "<h1",
        'Issued by <a href="https://ou.example/"',
        "Valid since 02 March 2026, valid until 02 March 2027",
        "Describes samples.",
        "Pass the exam.",
        "87.5 % (needed: 40 %)",
        "statistics</a><br>ESCO",
        '<a href="https://ou.example/essay"',
        '<a href="c1.jwt" download>',
        "QR code of the address",
        '<meta property="og:image" content="http://localhost:8003/credentials/',
    ):
        assert text in page, text


async def test_the_page_shows_every_event_and_rule_and_nothing_about_anybody(issuance: Service) -> None:
    issuance.hear(passed(**RESTING_ON))
    issuance.hear(decision("suspend", code="misconduct", note="Jane copied", by="dean.smith"))
    [one] = issuance.award.credentials
    async with issuance.client() as client:
        page = (await client.get(f"/credentials/{one.credential_id}", headers={"Accept": "text/html"})).text
    [shown] = re.findall("<details>.*</details>", page)

    for text in (
        "6 events led to it",
        "<strong>Offering published</strong>",
        "<strong>Learner registered</strong> <time",
        ">01 March 2026, 09:30 UTC</time>",
        "Rule: a mark that nobody took back",
        "Component: exam",
        "Event 6f1f7d0e-6d0c-5c55-9b7e-2f6a4e6b8c11",
        "<strong>Later invented</strong>",
        "Policy version: 0123456789ab",
        "It rests on 2 more events, older than those listed here.",
        "<strong>Decision: suspend</strong>",
    ):
        assert text in shown, text
    for text in ("jane", "misconduct", "Jane", "dean", "learner-1", "87.5", "88.1"):
        assert text not in shown, text


def test_no_text_of_a_credential_becomes_markup() -> None:
    known = every_text(document(evidence=[{"type": ["Evidence"], "name": "x", "id": "javascript:alert(1)"}]))
    plain, hostile = (
        Tags(page_of("c1", facts_of(document()), STANDS)),
        Tags(page_of("c1", facts_of(known), STANDS)),
    )

    assert "script" not in hostile.names
    assert hostile.names.count("img") == plain.names.count("img") == 1
    assert not [each for each in hostile.attributes if each[0].startswith("on")]
    assert not [value for name, value in hostile.attributes if name == "href" and value.startswith("javascript")]


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({}, "valid"),
        ({"validFrom": "2026-06-02T00:00:00Z"}, "not_yet_valid"),
        ({"validUntil": "2026-05-31T00:00:00Z"}, "expired"),
    ],
)
def test_where_it_stands_follows_from_its_dates(members: dict[str, str], code: str) -> None:
    issued = ISSUING.passed(award(), passed(), beside(offering())).state.credentials[0]

    assert standing_of(issued, facts_of(document(**members)), NOW).code == code


def test_what_its_issuer_decided_comes_before_its_dates() -> None:
    passing = ISSUING.passed(award(), passed(), beside(offering())).state
    revoked = ISSUING.withdrawn(passing, withdrawn(), beside(offering())).state.credentials[0]

    standing = standing_of(revoked, facts_of(document(validUntil="2026-05-31T00:00:00Z")), NOW)

    assert standing.code == "revoked"
    assert "result voided" in standing.words


def test_a_suspension_may_end_and_is_told_apart() -> None:
    issued = ISSUING.passed(award(), passed(), beside(offering())).state.credentials[0]
    suspended = replace(issued, suspended=Withdrawal(NOW, "plagiarism is looked into"))

    standing = standing_of(suspended, facts_of(document()), NOW)

    assert standing.code == "suspended"
    assert standing.words == "Suspended since 01 June 2026: plagiarism is looked into."


def test_a_verdict_says_whether_to_rely_on_it() -> None:
    steps = [Step(name, Outcome.PASSED, "Good.") for name in STEPS]
    failed = [*steps[:5], Step("status", Outcome.FAILED, "Revoked.", Code.REVOKED)]
    unknown = [*steps[:5], Step("status", Outcome.UNKNOWN, "Silence.", Code.STATUS_UNREACHABLE)]

    assert "genuine and stands" in report_page(Report(tuple(steps)), "x")
    assert "Do not rely" in report_page(Report(tuple(failed)), "x")
    assert 'data-code="revoked"' in report_page(Report(tuple(failed)), "x")
    assert "could not be checked wholly" in report_page(Report(tuple(unknown)), "x")
    assert "<script" not in report_page(Report(tuple(failed)), HOSTILE)
    assert "<script" not in asking_page(HOSTILE, HOSTILE)


def test_what_others_say_stands_beside_the_verdict() -> None:
    steps = tuple(Step(name, Outcome.PASSED, "Good.") for name in STEPS)
    forged = Step("endorsement", Outcome.FAILED, f"It does not hold: {HOSTILE}")

    page = report_page(Report(steps, (forged,)), "x")

    assert "genuine and stands" in page
    assert "What others say of it" in page
    assert 'data-code="endorsement_failed"' in page
    assert "<script" not in page


async def shown(issuance: Service, **form: Any) -> Any:
    async with issuance.client() as client:
        return await client.post("/verify", **form)


@pytest.mark.parametrize("how", ["file", "png", "svg", "text", "url"])
async def test_the_form_takes_whatever_one_was_shown(issuance: Service, how: str) -> None:
    credential = issuance.hear(passed()).credentials[0]
    async with issuance.client() as client:
        address = f"/credentials/{credential.credential_id}"
        badge = {kind: (await client.get(f"{address}.{kind}")).content for kind in ("png", "svg")}
    form: dict[str, dict[str, Any]] = {
        "file": {"files": {"file": ("c.json", credential.document)}},
        "png": {"files": {"file": ("c.png", badge["png"])}},
        "svg": {"files": {"file": ("c.svg", badge["svg"])}},
        "text": {"data": {"text": credential.document.decode()}},
        "url": {"data": {"url": issuance.document()["id"]}},
    }

    answer = await shown(issuance, **form[how])

    assert answer.status_code == 200
    assert "This credential is genuine and stands." in answer.text
    assert "It calls itself: <strong>Statistics</strong>" in answer.text
    assert "script-src" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"data": {"url": ""}}, "is empty"),
        ({"data": {"text": "hello"}}, "not JSON"),
        ({"data": {"url": "https://127.0.0.1/x"}}, "not in the public internet"),
        ({"data": {"url": "http://localhost:8003/credentials/nothing"}}, "no credential has the id"),
        ({"files": {"file": ("c.png", png.SIGNATURE)}}, "cut off"),
        ({"content": b"garbage", "headers": {"Content-Type": "multipart/form-data"}}, "cannot be read"),
        ({"data": {str(number): "x" for number in range(9)}}, "cannot be read"),
    ],
)
async def test_the_form_says_what_it_cannot_read(issuance: Service, form: dict[str, Any], words: str) -> None:
    answer = await shown(issuance, **form)

    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert words in answer.text


async def test_a_link_fills_the_form_and_asks_nobody(issuance: Service) -> None:
    async with issuance.client() as client:
        answer = await client.get("/verify", params={"url": 'https://x.example/"><script>'})

    assert 'value="https://x.example/&quot;&gt;&lt;script&gt;"' in answer.text


async def test_programs_may_send_an_image_a_url_or_json(issuance: Service) -> None:
    credential = issuance.hear(passed()).credentials[0]
    url = issuance.document()["id"]
    async with issuance.client() as client:
        bodies = [
            credential.document,
            (await client.get(f"{url}.png")).content,
            (await client.get(f"{url}.svg")).content,
            orjson.dumps({"url": url}),
            orjson.dumps({"url": f"{url}.png"}),
            url.encode(),
            (await client.get(f"{url}.jwt")).content,
            orjson.dumps({"verifiableCredential": (await client.get(f"{url}.jwt")).text}),
        ]
        other = {"Content-Type": "application/octet-stream"}
        answers = [await client.post("/credentials/verify", content=body, headers=other) for body in bodies]

    assert [answer.json()["verified"] for answer in answers] == [True] * len(bodies)
    assert answers[0].json()["steps"][5]["code"] == "status_passed"


async def test_an_address_that_may_not_be_asked_is_a_400_problem_of_its_field(issuance: Service) -> None:
    async with issuance.client() as client:
        answer = await client.post("/credentials/verify", json={"url": "http://169.254.169.254/latest"})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "url"
    assert "public internet" in answer.json()["detail"]


async def test_a_page_offers_the_credential_to_wallets_and_leads_to_its_provenance(issuance: Service) -> None:
    identifier = issuance.hear(passed()).credentials[0].credential_id
    async with issuance.client() as client:
        stands = Tags((await client.get(f"/credentials/{identifier}", headers={"Accept": "text/html"})).text)
        issuance.hear(withdrawn())
        revoked = Tags((await client.get(f"/credentials/{identifier}", headers={"Accept": "text/html"})).text)

    [offer] = [value for name, value in stands.attributes if value.startswith("openid-credential-offer://")]
    assert f"credentials%2F{identifier}%2Foffer" in offer
    assert ("href", f"../v1/credentials/{identifier}/provenance") in stands.attributes
    assert not [value for _, value in revoked.attributes if value.startswith("openid-credential-offer://")]
