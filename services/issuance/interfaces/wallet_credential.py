"""HTTP: the credential endpoint of OpenID4VCI 1.0 (section 8), where a wallet gets what it was offered."""

from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.issuance.errors import CredentialNotFound, CredentialRefused, KeyUnknown
from services.issuance.interfaces.key_proof import Proven, proven_by
from services.issuance.interfaces.oauth_errors import ERRORS, NO_STORE, refusal
from services.issuance.interfaces.offers import Now, TenantPath, WithSeals
from services.issuance.interfaces.seals import Kind, SealBroken, Sealed, Seals
from services.issuance.interfaces.wallet_copy import bound_copy, public_copy
from services.issuance.interfaces.wallet_names import BOUND, PUBLIC, WalletNames, format_of
from services.issuance.interfaces.wallet_tokens import LIFETIME, once_for
from services.issuance.routes import AtDesk, Desk
from shared.contracts.envelope import derived_id

router = APIRouter(prefix="/issuers/{tenant}/oid4vci", tags=["OpenID4VCI"], responses=ERRORS)

MOST_CHARS = 2_000


class CredentialRequest(BaseModel):
    """Which credential, and the proof that its key is the wallet's; parameters that are not known are left alone."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={"example": {"credential_configuration_id": BOUND[0], "proofs": {"jwt": ["eyJ0eXAiOi..."]}}},
    )

    credential_configuration_id: str | None = Field(None, max_length=200)
    credential_identifier: str | None = Field(None, max_length=200)
    proofs: dict[str, Any] | None = None
    credential_response_encryption: dict[str, Any] | None = None


class Held(BaseModel):
    """One credential: an object, or a JWT."""

    credential: dict[str, Any] | str


class CredentialResponse(BaseModel):
    """What was issued, and by which id the wallet may tell what became of it."""

    credentials: list[Held]
    notification_id: str


@dataclass(frozen=True, slots=True)
class Wallet:
    """One request of a wallet, and what it is measured by."""

    names: WalletNames
    seals: Seals
    access: Sealed
    now: datetime

    def configuration(self, asked: CredentialRequest) -> str:
        """Return which configuration is asked for."""
        named, identified = asked.credential_configuration_id, asked.credential_identifier
        if (named is None) == (identified is None):
            told = "credential_configuration_id or credential_identifier: one of them, and not both"
            raise refusal("invalid_credential_request", told)
        if (identified is not None) != self.access.detailed:
            told = "credential_identifier: is for those who were given one with their token, and only for them"
            raise refusal("invalid_credential_request", told)
        wanted = str(named or identified)
        if wanted not in self.access.configurations:
            kind = "identifier" if identified is not None else "configuration"
            raise refusal(f"unknown_credential_{kind}", "it is none of those that the token is good for")
        if asked.credential_response_encryption is not None:
            raise refusal("invalid_encryption_parameters", "responses are not encrypted but by TLS")
        return wanted

    def proven(self, asked: CredentialRequest) -> tuple[Proven, Sealed]:
        """Return whose key the proof shows, and the nonce in it."""
        given = (asked.proofs or {}).get("jwt")
        if asked.proofs is None or asked.proofs.keys() != {"jwt"} or not isinstance(given, list) or len(given) != 1:
            raise refusal("invalid_proof", "proofs: holds not exactly one proof of the type jwt")
        if not isinstance(given[0], str):
            raise refusal("invalid_proof", "proofs.jwt: is not a JWT")
        try:
            proven = proven_by(given[0], self.names.issuer, self.now)
        except (CredentialRefused, KeyUnknown) as error:
            raise refusal("invalid_proof", f"proofs.jwt: {error}") from error
        try:
            return proven, self.seals.opened(Kind.NONCE, proven.nonce, self.names.tenant, self.now)
        except SealBroken as error:
            raise refusal("invalid_nonce", f"nonce: {error}; get a new one") from error

    def notice_of(self, configuration: str) -> str:
        """Return the id by which this wallet may tell what became of what it was handed."""
        says = {"tenant": self.names.tenant, "credential": self.access.credential, "configurations": [configuration]}
        return self.seals.sealed(Kind.NOTICE, self.now, LIFETIME, token=self.access.jti, **says)


@router.post("/credential")
async def credential(  # noqa: PLR0913 - what FastAPI hands in
    *,
    request: Request,
    response: Response,
    desk: AtDesk,
    seals: WithSeals,
    tenant: TenantPath,
    asked: CredentialRequest,
    now: Now,
    authorization: Annotated[str, Header(max_length=MOST_CHARS + 10)] = "",
) -> CredentialResponse:
    """Return a credential in the format of the configuration.

    A token is good for one key in each configuration: who asks again with the same key gets the same again.
    """
    access = access_in(authorization, seals, tenant, now)
    wallet = Wallet(WalletNames(desk.names, tenant), seals, access, now)
    wanted = wallet.configuration(asked)
    once = once_for(request, tenant, now)
    did = ""
    if wanted not in PUBLIC:
        proven, nonce = wallet.proven(asked)
        did = proven.did
        if not await once.has(nonce.once(Kind.NONCE), token_hex(16)):
            raise refusal("invalid_nonce", "nonce: was used before; get a new one")
    if not await once.has(access.once(Kind.ACCESS, wanted), derived_id("holder", did)):
        raise refusal("invalid_token", "it was used for another key", 401)
    made = Held(credential=await _made(desk, access, wanted, did, now))
    response.headers.update(NO_STORE)
    return CredentialResponse(credentials=[made], notification_id=wallet.notice_of(wanted))


def access_in(authorization: str, seals: Seals, tenant: str, now: datetime) -> Sealed:
    """Return what the access token in a header says.

    Raises:
        Problem: 401, as OAuth says it.

    """
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise refusal("invalid_token", "send the access token: Authorization: Bearer TOKEN", 401)
    try:
        return seals.opened(Kind.ACCESS, token.strip(), tenant, now)
    except SealBroken as error:
        raise refusal("invalid_token", f"the access token {error}", 401) from error


async def _made(desk: Desk, access: Sealed, wanted: str, did: str, now: datetime) -> dict[str, Any] | str:
    try:
        award, found = await desk.registry.own_credential(access.tenant, access.credential)
    except CredentialNotFound as error:
        raise refusal("credential_request_denied", str(error)) from error
    if found.revoked:
        raise refusal("credential_request_denied", f"it was revoked: {found.revoked.reason}")
    if not did:
        return await public_copy(desk, award, found, format_of(wanted))
    return await bound_copy(desk, award, found, format_of(wanted), did=did, now=now)
