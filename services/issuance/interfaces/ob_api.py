"""HTTP: the Open Badges 3.0 API, for wallets and backpacks that a learner has let in.

Whose credentials they are, the token says and nothing else. What is handed in is not kept (docs/decisions/0042).
"""

from typing import Annotated, Any, NamedTuple

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response

from services.issuance.checking.presented import Presented
from services.issuance.checking.report import Outcome
from services.issuance.checking.screen import MAX_BYTES, parsed
from services.issuance.credential import subject_id
from services.issuance.errors import CredentialNotFound, CredentialRefused, CredentialTooLarge
from services.issuance.examples import CREDENTIAL
from services.issuance.interfaces.imsx import BASE, ERRORS
from services.issuance.interfaces.ob_discovery import Provider, scope, service_description
from services.issuance.interfaces.ob_pages import Page
from services.issuance.jsonld.contexts import CREDENTIALS_V2, OPEN_BADGES
from services.issuance.proofs.vcjwt import opened
from services.issuance.routes import AtDesk, Desk
from shared.contracts.envelope import Instant
from shared.kit.auth import Caller, needs
from shared.kit.problem import Problem, fault

router = APIRouter(prefix=BASE, tags=["Open Badges API"], responses=ERRORS)

Document = dict[str, Any]
_JSON, _TEXT = "application/json", "text/plain"
_PROFILE: Document = {
    "@context": [CREDENTIALS_V2, OPEN_BADGES],
    "id": "urn:uuid:8c4e7f1a-3f0a-5b69-8a37-d1f9b7b2c1de",
    "type": ["Profile"],
}
_PAGE = {
    "description": "A page of credentials; X-Total-Count says how many there are, Link where the others are.",
    "content": {_JSON: {"example": {"credential": [CREDENTIAL]}}},
    "headers": {"X-Total-Count": {"schema": {"type": "integer"}}, "Link": {"schema": {"type": "string"}}},
}


class Holder(NamedTuple):
    """Whose credentials they are."""

    tenant: str
    learner_ref: str


def _holder(caller: Caller) -> Holder:
    if caller.learner_ref is None:
        raise Problem(403, detail="The token names no learner; get one with `microcred token --learner`")
    return Holder(caller.tenant, caller.learner_ref)


def _reading(caller: Annotated[Caller, Depends(needs(scope("credential.readonly")))]) -> Holder:
    return _holder(caller)


def _handing_in(caller: Annotated[Caller, Depends(needs(scope("credential.upsert")))]) -> Holder:
    return _holder(caller)


def _seen(caller: Annotated[Caller, Depends(needs(scope("profile.readonly")))]) -> Holder:
    return _holder(caller)


def _changing(caller: Annotated[Caller, Depends(needs(scope("profile.update")))]) -> Holder:
    return _holder(caller)


@router.get("/discovery", response_class=Response, responses={200: {"content": {_JSON: {}}}})
async def discovery(request: Request) -> Response:
    """Return what this API serves, and which authorisation server gives tokens for it; open to everybody.

    Addresses that the settings do not name are left out: there is no such page here.
    """
    settings = request.app.state.settings
    provider = Provider(settings.public_url, settings.oauth_url.rstrip("/"), settings.terms_url, settings.privacy_url)
    return _json(service_description(provider, request.app.version))


@router.get("/credentials", response_class=Response, responses={200: _PAGE})
async def credentials(
    desk: AtDesk,
    holder: Annotated[Holder, Depends(_reading)],
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: Annotated[int, Query(ge=0, le=100_000)] = 0,
    since: Annotated[Instant | None, Query()] = None,
) -> Response:
    """Return the learner's credentials, the oldest first; those that do not stand any more are among them."""
    page = Page(limit, offset, since)
    found = page.all_of(await desk.registry.credentials_of(*holder))
    shown = b",".join(one.document for one in found[offset : offset + limit])
    headers = {
        "X-Total-Count": str(len(found)),
        "Link": page.links(f"{desk.names.public_url}{BASE}/credentials", len(found)),
        "Cache-Control": "private, no-store",
    }
    return Response(b'{"credential":[%b]}' % shown, headers=headers, media_type=_JSON)


@router.post(
    "/credentials",
    response_class=Response,
    responses={200: {"description": "It is the learner's, and it stands.", "content": {_JSON: {}, _TEXT: {}}}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                _JSON: {"schema": {"type": "object"}, "example": CREDENTIAL},
                _TEXT: {"schema": {"type": "string"}},
            },
        }
    },
)
async def upsert(desk: AtDesk, holder: Annotated[Holder, Depends(_handing_in)], request: Request) -> Response:
    """Take in a credential of the learner: JSON, or text/plain for a JWT. The answer is the credential itself.

    Only what an institution here issued to this learner is taken; what others issued is refused, and not kept.
    """
    body = await request.body()
    if len(body) > MAX_BYTES:
        raise CredentialTooLarge("body", f"has more than {MAX_BYTES} bytes; no credential is that large")
    kind = request.headers.get("content-type", _JSON).partition(";")[0].strip().lower()
    shown, document = _shown(kind, body)
    await _require_own(desk, holder, document)
    report = await desk.check(shown, endorsements=False)
    if not report.verified:
        wrong = next(step for step in report.steps if step.outcome not in {Outcome.PASSED, Outcome.SKIPPED})
        raise fault(wrong.step, wrong.words)
    return Response(body, media_type=kind)


@router.get("/profile", response_class=Response, responses={200: {"content": {_JSON: {"example": _PROFILE}}}})
async def profile(holder: Annotated[Holder, Depends(_seen)]) -> Response:
    """Return the learner's profile: the name that their credentials know them by, and nothing else is known here."""
    return _json(_profile_of(holder))


@router.put(
    "/profile",
    response_class=Response,
    responses={200: {"content": {_JSON: {"example": _PROFILE}}}},
    openapi_extra={
        "requestBody": {"required": True, "content": {_JSON: {"schema": {"type": "object"}, "example": _PROFILE}}}
    },
)
async def change_profile(holder: Annotated[Holder, Depends(_changing)], request: Request) -> Response:
    """Compare a profile with what is kept: what says anything else is refused, for personal data is not kept here."""
    own, given = _profile_of(holder), parsed(await request.body())
    for name, value in given.items():
        if own.get(name) != value:
            raise fault(name[:80], "is not kept here: this service knows no person, but only an opaque name")
    return _json(own)


def _shown(kind: str, body: bytes) -> tuple[Presented, Document]:
    if kind == _TEXT:
        text = body.decode("ascii", "replace").strip()
        return Presented(jwt=text), opened(text).document
    if kind != _JSON:
        raise Problem(400, detail=f"Content-Type: is neither {_JSON} nor {_TEXT}")
    document = parsed(body)
    return Presented(document), document


async def _require_own(desk: Desk, holder: Holder, document: Document) -> None:
    own, named = desk.names.credential(""), document.get("id")
    if not isinstance(named, str):
        raise CredentialRefused("id", "is missing, or no text")
    refused = Problem(403, detail="id: is no credential that was issued here to this learner, and others are not kept")
    if not named.startswith(own):
        raise refused
    try:
        award, _ = await desk.registry.own_credential(holder.tenant, named.removeprefix(own))
    except CredentialNotFound as error:
        raise refused from error
    if award.learner_ref != holder.learner_ref:
        raise refused


def _profile_of(holder: Holder) -> Document:
    return {**_PROFILE, "id": subject_id(holder.tenant, holder.learner_ref)}


def _json(document: Document) -> Response:
    return Response(orjson.dumps(document), media_type=_JSON)
