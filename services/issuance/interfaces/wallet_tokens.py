"""HTTP: the token and nonce endpoints of OpenID4VCI 1.0 (sections 6 and 7), with the pre-authorised code."""

from datetime import datetime, timedelta
from secrets import compare_digest, token_hex
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from services.issuance.commands import Log
from services.issuance.interfaces.oauth_errors import ERRORS, NO_STORE, refusal
from services.issuance.interfaces.offers import Now, TenantPath, WithSeals
from services.issuance.interfaces.once import Once
from services.issuance.interfaces.seals import Kind, SealBroken, Sealed, Seals
from services.issuance.interfaces.wallet_names import GRANT

router = APIRouter(prefix="/issuers/{tenant}/oid4vci", tags=["OpenID4VCI"], responses=ERRORS)

LIFETIME = timedelta(minutes=5)
_MOST_FIELDS = 20
_FORM = "application/x-www-form-urlencoded"
_EXAMPLE = {"grant_type": GRANT, "pre-authorized_code": "eyJhbGciOiJIUzI1NiIs...", "tx_code": "493536"}
_FIELDS = {
    "type": "object",
    "required": ["grant_type", "pre-authorized_code"],
    "properties": {
        "grant_type": {"type": "string", "const": GRANT},
        "pre-authorized_code": {"type": "string"},
        "tx_code": {"type": "string"},
        "authorization_details": {"type": "string"},
    },
}


class Detail(BaseModel):
    """What a wallet wants of an offer (OpenID4VCI 1.0, section 5.1.1)."""

    model_config = ConfigDict(extra="ignore")

    type: str
    credential_configuration_id: str = ""


class Nonce(BaseModel):
    """A challenge for a key proof."""

    c_nonce: str


class Token(BaseModel):
    """An access token, good for the credentials of one offer."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - the kind of token
    expires_in: int
    authorization_details: list[dict[str, Any]] | None = None


_DETAILS = TypeAdapter(list[Detail])


def once_for(request: Request, tenant: str, now: datetime) -> Once:
    """Return the tries of an institution's wallets."""
    state = request.app.state
    return Once(Log(state.publisher, state.settings.publish_timeout_s), state.reader, tenant, now)


@router.post("/nonce")
async def nonce(seals: WithSeals, tenant: TenantPath, now: Now, response: Response) -> Nonce:
    """Return a challenge that can be used once, within five minutes."""
    response.headers.update(NO_STORE)
    return Nonce(c_nonce=seals.sealed(Kind.NONCE, now, LIFETIME, tenant=tenant))


@router.post(
    "/token",
    response_model_exclude_none=True,
    openapi_extra={"requestBody": {"required": True, "content": {_FORM: {"schema": _FIELDS, "example": _EXAMPLE}}}},
)
async def token(request: Request, seals: WithSeals, tenant: TenantPath, now: Now, response: Response) -> Token:
    """Return an access token for a pre-authorised code, once; after five wrong transaction codes it is good no more."""
    fields = _fields_of(request.headers.get("content-type", ""), await request.body())
    code = _code_in(fields, seals, tenant, now)
    wanted = _wanted(fields, code)
    given = fields.get("tx_code", "")
    if bool(code.tx) != bool(given):
        told = "is missing: it came with the offer" if code.tx else "was not asked for"
        raise refusal("invalid_request", f"tx_code: {told}")
    right = not code.tx or compare_digest(seals.mark(code.jti, given), code.tx)
    once = once_for(request, tenant, now)
    if not await once.has(code.once(Kind.CODE), token_hex(16), allowed=right):
        told = "was used before, or tried too often" if right else "or its tx_code is wrong"
        raise refusal("invalid_grant", f"pre-authorized_code: {told}")
    says = {"tenant": tenant, "credential": code.credential, "configurations": wanted or code.configurations}
    access = seals.sealed(Kind.ACCESS, now, LIFETIME, detailed=bool(wanted), **says)
    response.headers.update(NO_STORE)
    return Token(
        access_token=access,
        expires_in=int(LIFETIME.total_seconds()),
        authorization_details=[_detail(each) for each in wanted] or None,
    )


def _fields_of(kind: str, body: bytes) -> dict[str, str]:
    if kind.partition(";")[0].strip().lower() != _FORM:
        raise refusal("invalid_request", f"the body is not {_FORM}")
    try:
        pairs = parse_qsl(body.decode("ascii"), strict_parsing=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise refusal("invalid_request", f"the body is not {_FORM}, or has too many fields") from error
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise refusal("invalid_request", "a field stands twice in the body")
    return fields


def _code_in(fields: dict[str, str], seals: Seals, tenant: str, now: datetime) -> Sealed:
    grant = fields.get("grant_type")
    if grant is None:
        raise refusal("invalid_request", "grant_type: is missing")
    if grant != GRANT:
        raise refusal("unsupported_grant_type", f"grant_type: is not {GRANT}")
    if not fields.get("pre-authorized_code"):
        raise refusal("invalid_request", "pre-authorized_code: is missing")
    try:
        return seals.opened(Kind.CODE, fields["pre-authorized_code"], tenant, now)
    except SealBroken as error:
        raise refusal("invalid_grant", f"pre-authorized_code: {error}") from error


def _wanted(fields: dict[str, str], code: Sealed) -> list[str]:
    """Return the configurations that authorization_details names; none without that."""
    if "authorization_details" not in fields:
        return []
    try:
        details = _DETAILS.validate_json(fields["authorization_details"])
    except ValidationError as error:
        raise refusal("invalid_request", "authorization_details: is no list of details") from error
    wanted = list(dict.fromkeys(each.credential_configuration_id for each in details))
    foreign = any(each.type != "openid_credential" for each in details)
    if not wanted or foreign or set(wanted) - set(code.configurations):
        raise refusal("invalid_authorization_details", "authorization_details: asks for what is not offered")
    return wanted


def _detail(configuration: str) -> dict[str, Any]:
    return {
        "type": "openid_credential",
        "credential_configuration_id": configuration,
        "credential_identifiers": [configuration],
    }
