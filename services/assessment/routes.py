"""Progress over HTTP: each component, what is missing, and why a learner passed or not."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request

from services.assessment.errors import ProgressUnknown
from services.assessment.explaining.explanation import explain
from services.assessment.store import ProgressBook
from services.assessment.views import ProgressView
from shared.contracts.envelope import Identifier, LearnerRef
from shared.kit.auth import Caller, needs

Reading = Annotated[Caller, Depends(needs("read"))]
Learner = Annotated[LearnerRef, Path(examples=["lrn-7f3a"])]
Offering = Annotated[Identifier, Path(description="may contain slashes", examples=["AAA/2013J"])]

router = APIRouter(prefix="/v1", tags=["progress"])


@router.get("/progress/{learner}/{offering:path}", responses={404: {"description": "nothing is known of this learner"}})
async def progress(request: Request, caller: Reading, learner: Learner, offering: Offering) -> ProgressView:
    """Show each component, what is missing, and why the learner passed or not."""
    found = await ProgressBook(request.app.state.reader).of(caller.tenant, learner, offering)
    if found is None:
        raise ProgressUnknown(learner, offering)
    return ProgressView.model_validate(explain(*found))
