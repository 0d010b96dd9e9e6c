"""HTTP: a credential as a file to take along. The document, the JWT, the badge that carries it, the certificate."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Header, Response

from services.issuance import media
from services.issuance.facts import Facts, facts_of
from services.issuance.routes import MOMENT, AtDesk, Desk

router = APIRouter(tags=["credentials"])

#: The picture of an institution stands in it, and nothing in that may run or load.
_STILL = "default-src 'none'; img-src data:; sandbox"


@router.get(
    "/credentials/{credential_id}.json", response_class=Response, responses={200: {"content": {media.CREDENTIAL: {}}}}
)
async def as_json(desk: AtDesk, credential_id: str) -> Response:
    """Return a credential as it was signed, to be kept as a file."""
    _, found = await desk.registry.credential(credential_id)
    return _file(found.document, media.CREDENTIAL, f"{credential_id}.json", attached=True)


@router.get(
    "/credentials/{credential_id}.jwt",
    response_class=Response,
    responses={200: {"content": {media.TEXT: {}, media.JWT: {}}}},
)
async def as_jwt(desk: AtDesk, credential_id: str, accept: Annotated[str, Header()] = "*/*") -> Response:
    """Return a credential as a JWT: the credential with its proof, signed once more (VC-JWT)."""
    award, found = await desk.registry.credential(credential_id)
    kind = media.wanted_of_jwt(accept)
    answer = _file(await desk.jwt_of(award, found), kind, f"{credential_id}.jwt", attached=True)
    answer.headers["Vary"] = "Accept"
    return answer


@router.get("/credentials/{credential_id}.png", response_class=Response, responses={200: {"content": {media.PNG: {}}}})
async def as_png(desk: AtDesk, credential_id: str) -> Response:
    """Return the badge as a PNG image that carries the credential (Open Badges 3.0, section 5.3)."""
    facts, document = await _read(desk, credential_id)
    return _file(await desk.press.png(facts, document), media.PNG, f"{credential_id}.png")


@router.get("/credentials/{credential_id}.svg", response_class=Response, responses={200: {"content": {media.SVG: {}}}})
async def as_svg(desk: AtDesk, credential_id: str) -> Response:
    """Return the badge as an SVG image that carries the credential (Open Badges 3.0, section 5.3)."""
    facts, document = await _read(desk, credential_id)
    answer = _file(await desk.press.svg(facts, document), media.SVG, f"{credential_id}.svg")
    answer.headers["Content-Security-Policy"] = _STILL
    return answer


@router.get("/credentials/{credential_id}.pdf", response_class=Response, responses={200: {"content": {media.PDF: {}}}})
async def as_pdf(desk: AtDesk, credential_id: str) -> Response:
    """Return a certificate to print, with the credential as its attachment."""
    facts, document = await _read(desk, credential_id)
    return _file(await desk.press.pdf(facts, document), media.PDF, f"{credential_id}.pdf")


async def _read(desk: Desk, credential_id: str) -> tuple[Facts, bytes]:
    _, found = await desk.registry.credential(credential_id)
    return facts_of(orjson.loads(found.document)), found.document


def _file(content: bytes, kind: str, name: str, *, attached: bool = False) -> Response:
    headers = {
        **MOMENT,
        "Content-Disposition": f'{"attachment" if attached else "inline"}; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=kind, headers=headers)
