"""Where an institution finds the addresses that it gives to LTI tools: a context for each of its offerings."""

from fastapi import APIRouter, Request
from pydantic import BaseModel

from services.enrolment.asking import Limit, Page, Reading
from services.enrolment.lti.line_items import encoded
from services.enrolment.store import Offerings

router = APIRouter(prefix="/v1/lti", tags=["lti"])


class ContextView(BaseModel):
    """An offering as tools address it: `lineitems` is the address that stands in their launches."""

    offering: str
    title: str
    lineitems: str


class ContextPage(BaseModel):
    """Contexts in the order of the offerings' names; `next` is the cursor of the page after this one."""

    items: list[ContextView]
    next: str | None = None


@router.get("/contexts")
async def list_contexts(request: Request, caller: Reading, page: Page, limit: Limit = 100) -> ContextPage:
    """List the institution's offerings with the addresses of their line items, in the order of their names."""
    found = await Offerings(request.app.state.reader, caller.tenant).page(page.after("contexts"), limit + 1)
    items, following = page.split(found, limit, "contexts")
    base = f"{request.app.state.settings.public_url}{router.prefix}"
    views = [
        ContextView(
            offering=each.offering,
            title=each.definition["achievement"]["name"],
            lineitems=f"{base}/{encoded(each.offering)}/lineitems",
        )
        for each in items
    ]
    return ContextPage(items=views, next=following)
