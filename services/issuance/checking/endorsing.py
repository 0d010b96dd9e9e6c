"""What others say of a credential, its issuer or its achievement: each endorsement checked, and told in words.

It is never part of the verdict: a credential stands without them, and a forged one says nothing against it (why:
docs/decisions/0131). Pure but for the ports. Sources: Open Badges 3.0, sections 9.2 and B.5.
"""

from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any

from services.issuance.checking.ports import Ports
from services.issuance.checking.report import Outcome, Report, Step
from services.issuance.checking.stated import Reading, Stated, is_same_id, plain
from services.issuance.errors import CheckerBusy, CredentialRefused
from services.issuance.jsonld.terms import listed, only

Document = dict[str, Any]
Examine = Callable[[Document | str, Ports, Reading], Awaitable[Report]]
MOST = 8
"""Endorsements of one credential that are looked at; each costs what a credential costs."""
_LONGEST = timedelta(seconds=2)
_SHOWN = 300


async def endorsements_of(document: Document, ports: Ports, examine: Examine) -> tuple[Step, ...]:
    """Return a step for each endorsement: passed, failed, or unknown."""
    began, told = ports.now(), []
    for number, (what, endorsed, shown) in enumerate(_found(document)):
        if number == MOST or ports.now() - began > _LONGEST:
            told.append(Step("endorsement", Outcome.SKIPPED, "There are more endorsements, which were not looked at."))
            break
        told.append(await _told(what, endorsed, shown, ports, examine))
    return tuple(told)


async def _told(what: str, endorsed: object, shown: object, ports: Ports, examine: Examine) -> Step:
    by: list[str] = []

    def reads(document: Document) -> tuple[Stated, Step]:
        stated = plain(document)
        by.append(f"{stated.issuer_name[:_SHOWN]} ({stated.issuer_id[:_SHOWN]})")
        return stated, Step("schema", Outcome.PASSED, _comment_of(document, endorsed, what))

    if not isinstance(shown, dict | str):
        return Step("endorsement", Outcome.FAILED, f"An endorsement of {what} is none that can be checked.")
    try:
        report = await examine(shown, ports, reads)
    except CheckerBusy:
        return Step("endorsement", Outcome.UNKNOWN, f"An endorsement of {what} could not be checked now: try again.")
    name = by[0] if by else "nobody who could be read"
    if report.verified:
        return Step("endorsement", Outcome.PASSED, f"{name} endorses {what}{report.steps[1].words}.")
    failed = [step for step in report.steps if step.outcome is Outcome.FAILED]
    wrong = failed or [step for step in report.steps if step.outcome is Outcome.UNKNOWN]
    first = next((step for step in wrong if step.cause), wrong[0])
    holds = "does not hold" if failed else "could not be checked wholly"
    words = f"An endorsement of {what}, said to be by {name}, {holds}: {first.words}"
    return Step("endorsement", first.outcome, words, first.cause)


def _found(document: Document) -> Iterator[tuple[str, object, object]]:
    """Yield what is endorsed, its id, and the endorsement."""
    subject = only(document.get("credentialSubject"))
    achievement = only(subject.get("achievement")) if isinstance(subject, dict) else None
    for what, each in (
        ("this credential", document),
        ("the achievement", achievement),
        ("its issuer", only(document.get("issuer"))),
    ):
        if isinstance(each, dict):
            for name in ("endorsement", "endorsementJwt"):
                for shown in listed(each.get(name, [])):
                    yield what, each.get("id"), shown


def _comment_of(document: Document, endorsed: object, what: str) -> str:
    """Return what an endorsement says of what it stands in, or refuse one of something else."""
    subject = only(document.get("credentialSubject"))
    if "EndorsementCredential" not in listed(document.get("type")) or not isinstance(subject, dict):
        raise CredentialRefused("type", "is not that of an endorsement")
    if not is_same_id(subject.get("id"), endorsed):
        raise CredentialRefused("credentialSubject.id", f"is not {what}, in which it stands")
    comment = subject.get("endorsementComment")
    return f": “{comment[:_SHOWN]}”" if isinstance(comment, str) else ""
