"""HTTP in and out: events and offerings are appended to the log; enrolments and offerings are read."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from services.enrolment import asking
from services.enrolment.asking import Limit, Now, OfferingPath, Page, Reading
from services.enrolment.catalogue.offering_views import Definition, OfferingPage, OfferingView, Publication
from services.enrolment.commands import publication, visible
from services.enrolment.domain import Status
from services.enrolment.door.opening import log_of
from services.enrolment.door.receiving import CANONICAL, receive
from services.enrolment.errors import OfferingUnknown, WhoseEnrolments
from services.enrolment.examples import EVENT_BODY
from services.enrolment.store import Enrolments, Offerings
from services.enrolment.views import EnrolmentPage, EnrolmentView, Receipt
from shared.kit.prefer import Wait, waited

_EVENTS: dict[str, Any] = {"requestBody": {"required": True, "content": EVENT_BODY}}

router = APIRouter(prefix="/v1")


@router.post("/events", status_code=202, tags=["events"], openapi_extra=_EVENTS)
async def report_events(request: Request, caller: asking.Reporting, now: Now) -> Receipt:
    """Take one event, or a batch of up to 1,000; answered when the log has what was accepted.

    A single event that is refused is a 422 that names the field. Of a batch, what can be taken is taken, and `refused`
    says why the rest was not; it is a 422 only when nothing was. Sending an event again, with its id, is harmless.
    """
    return await receive(request, caller, now, CANONICAL)


@router.put(
    "/offerings/{offering:path}",
    status_code=202,
    tags=["offerings"],
    responses={200: {"model": Publication, "description": "the read model has it (Prefer: wait)"}},
)
async def publish_offering(  # noqa: PLR0913 - what FastAPI hands in
    *,
    request: Request,
    response: Response,
    caller: asking.Defining,
    now: Now,
    wait: Wait,
    offering: OfferingPath,
    definition: Definition,
) -> Publication:
    """Publish an offering with its policy: 202 when the log has it.

    With `Prefer: wait=N`, N at most 10 seconds, 200 as soon as it can be read here, 202 when that takes longer.
    """
    event = publication(offering, definition, caller=caller, now=now, traceparent=request.state.traceparent)
    await log_of(request.app).append([event])
    await waited(response, wait, visible(Offerings(request.app.state.reader, caller.tenant), event))
    return Publication(offering=offering, policy_version=event.data.policy.version, event_id=event.id)


@router.get("/offerings", tags=["offerings"])
async def list_offerings(request: Request, caller: Reading, page: Page, limit: Limit = 100) -> OfferingPage:
    """List the institution's offerings, in the order of their names."""
    found = await Offerings(request.app.state.reader, caller.tenant).page(page.after("offerings"), limit + 1)
    items, following = page.split(found, limit, "offerings")
    return OfferingPage(items=[OfferingView.of(each) for each in items], next=following)


@router.get("/offerings/{offering:path}", tags=["offerings"], responses={404: {"description": "not published"}})
async def show_offering(request: Request, caller: Reading, offering: OfferingPath) -> OfferingView:
    """Show an offering as it was last published."""
    found = await Offerings(request.app.state.reader, caller.tenant).get(offering)
    if found is None:
        raise OfferingUnknown(offering)
    return OfferingView.of(found)


@router.get("/enrolments", tags=["enrolments"])
async def list_enrolments(  # noqa: PLR0913 - what FastAPI hands in
    *,
    request: Request,
    caller: Reading,
    page: Page,
    learner: asking.LearnerQuery = None,
    offering: asking.OfferingQuery = None,
    status: Annotated[Status | None, Query(description="only those that stand so")] = None,
    limit: Limit = 100,
) -> EnrolmentPage:
    """List the enrolments of a learner, of an offering, or of both."""
    enrolments = Enrolments(request.app.state.reader, caller.tenant)
    after = page.after(learner, offering, status)
    if learner is not None:
        found = await enrolments.of_learner(learner, offering, status, after, limit + 1)
    elif offering is not None:
        found = await enrolments.of_offering(offering, status, after, limit + 1)
    else:
        raise WhoseEnrolments
    items, following = page.split(found, limit, learner, offering, status)
    return EnrolmentPage(items=[EnrolmentView.of(each) for each in items], next=following)
