"""HTTP: what stands beside offerings and below them: checks against rule sets, versions, ELM."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Request, Response

from services.enrolment.asking import Limit, Now, OfferingPath, Page, Reading
from services.enrolment.catalogue.check_views import CheckAnswer, CheckRequest, RuleSetList
from services.enrolment.catalogue.version_views import VersionPage, VersionSummary, VersionView
from services.enrolment.errors import OfferingUnknown, RuleSetUnknown, VersionUnknown
from services.enrolment.frameworks.checking import checked
from services.enrolment.frameworks.rules import rule_sets
from services.enrolment.store import Offerings
from shared.contracts.enrolment import Offering
from shared.contracts.envelope import Identifier
from shared.elm.offering import offering_document

ELM = "application/ld+json"
_UNPUBLISHED: dict[int | str, dict[str, Any]] = {404: {"description": "not published"}}

# They come before the others: an offering's own path would take what stands below an offering for a part of its name.
router = APIRouter(prefix="/v1", tags=["offerings"])


@router.get("/rule-sets")
async def list_rule_sets(_: Reading) -> RuleSetList:
    """List the rule sets that offerings are checked against, with their rules and where each comes from."""
    return RuleSetList.of(rule_sets().values())


@router.post("/offerings/check", responses=_UNPUBLISHED)
async def check_offering(request: Request, caller: Reading, now: Now, asked: CheckRequest) -> CheckAnswer:
    """Hold a definition, or a published offering, against rule sets: all of them, or those that are named.

    The answer is findings, each with the rule, the place, what was found and what is wanted; there is no verdict.
    Nothing is kept.
    """
    sets = rule_sets()
    for name in asked.rule_sets or ():
        if name not in sets:
            raise RuleSetUnknown(name, sets)
    offering = asked.definition.named("any") if asked.definition else await _published(request, caller, asked.offering)
    chosen = [sets[name] for name in dict.fromkeys(asked.rule_sets or sets)]
    return CheckAnswer.of(checked(offering, chosen, now.date()))


@router.get("/offerings/{offering:path}/versions", responses=_UNPUBLISHED)
async def list_versions(  # noqa: PLR0913 - what FastAPI hands in
    *,
    request: Request,
    caller: Reading,
    page: Page,
    offering: OfferingPath,
    policy_version: Annotated[
        str | None, Query(pattern=r"^[0-9a-f]{12}$", description="only those with this version of the policy")
    ] = None,
    limit: Limit = 100,
) -> VersionPage:
    """List the publications of an offering, newest first: the latest 500 at most, and 4 MiB of definitions."""
    versions = await Offerings(request.app.state.reader, caller.tenant).versions(offering)
    if versions is None:
        raise OfferingUnknown(offering)
    after = page.after("versions", offering, policy_version)
    found = [
        each
        for each in versions.publications
        if (not after or each.key < after) and policy_version in {None, versions.contents[each.content].policy_version}
    ]
    items, following = page.split(found[: limit + 1], limit, "versions", offering, policy_version)
    return VersionPage.of(
        [VersionSummary.of(each, versions.contents[each.content]) for each in items], following, versions
    )


@router.get("/offerings/{offering:path}/versions/{version:path}", responses=_UNPUBLISHED)
async def show_version(
    request: Request, caller: Reading, offering: OfferingPath, version: Annotated[Identifier, Path()]
) -> VersionView:
    """Show an offering as it was published once: what learners of that time were judged under."""
    versions = await Offerings(request.app.state.reader, caller.tenant).versions(offering)
    if versions is None:
        raise OfferingUnknown(offering)
    known = versions.version(version)
    if known is None:
        raise VersionUnknown(offering, version)
    return VersionView.shown(*known)


@router.get(
    "/offerings/{offering:path}/elm",
    response_class=Response,
    responses={**_UNPUBLISHED, 200: {"content": {ELM: {"schema": {"type": "object"}}}}},
)
async def show_elm(request: Request, caller: Reading, offering: OfferingPath) -> Response:
    """Show an offering in the terms of the European Learning Model 3, as JSON-LD."""
    published = await _published(request, caller, offering)
    document = offering_document(published, f"urn:microcred:{caller.tenant}")
    return Response(orjson.dumps(document), media_type=ELM)


async def _published(request: Request, caller: Reading, offering: str | None) -> Offering:
    name = offering or ""
    found = await Offerings(request.app.state.reader, caller.tenant).get(name)
    if found is None:
        raise OfferingUnknown(name)
    return Offering.model_validate(found.definition)
