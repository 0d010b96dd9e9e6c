"""HTTP: the check of credentials, for everybody: in our own words, or in VC-API's."""

from collections.abc import Iterable

from fastapi import APIRouter, Request
from pydantic import BaseModel

from services.issuance import media
from services.issuance.checking.presented import MAX_PICTURE_BYTES, presented
from services.issuance.checking.report import Outcome, Step
from services.issuance.examples import CREDENTIAL, REPORT
from services.issuance.interfaces.vc_answers import Verified
from services.issuance.interfaces.vc_examples import VERIFY
from services.issuance.interfaces.vc_verify import answered, asked_in
from services.issuance.routes import AtDesk
from shared.kit.problem import Problem

router = APIRouter(tags=["credentials"])


class StepAnswer(BaseModel):
    """One step of a check, in words for whoever was shown the credential."""

    step: str
    outcome: Outcome
    code: str
    words: str


class CheckAnswer(BaseModel):
    """Whether a credential may be relied on, and how each step of the check went."""

    verified: bool
    steps: list[StepAnswer]
    endorsements: list[StepAnswer] | None = None
    """What others say of it in endorsements that it carries, each checked; no part of the verdict."""


@router.post(
    "/credentials/verify",
    response_model_exclude_none=True,
    responses={200: {"content": {"application/json": {"example": REPORT}}}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"type": "object"},
                    "examples": {"a credential": {"value": CREDENTIAL}, "VC-API": {"value": VERIFY}},
                },
                media.JWT: {"schema": {"type": "string"}},
                media.PNG: {"schema": {"type": "string", "format": "binary"}},
                media.SVG: {"schema": {"type": "string"}},
            },
        }
    },
)
async def verify(desk: AtDesk, request: Request) -> CheckAnswer | Verified:
    """Check a credential step by step, whatever form it has.

    The body is the credential, `{"url": ...}`, a JWT, or a badge image that carries it (PNG or SVG); documents of at
    most 256 KiB, images of at most 1 MiB. `code` tells programs apart what `words` say.
    `{"verifiableCredential": ..., "options": {...}}`, with options or without, is VC-API: it is answered in VC-API's
    form, takes credentials of any kind, and 400 is the answer to what is no verifiable credential at all.
    """
    body = await request.body()
    if len(body) > MAX_PICTURE_BYTES:
        raise Problem(413, detail=f"body: more than {MAX_PICTURE_BYTES} bytes; no badge is that large")
    if (asked := asked_in(body)) is not None:
        return await answered(desk.checker, asked)
    report = await desk.check(await presented(body, desk.fetcher))
    return CheckAnswer(
        verified=report.verified, steps=_told(report.steps), endorsements=_told(report.endorsements) or None
    )


def _told(steps: Iterable[Step]) -> list[StepAnswer]:
    return [StepAnswer(step=one.step, outcome=one.outcome, code=one.code, words=one.words) for one in steps]
