"""The copy of a credential that a wallet is handed: made out to its key, or as it is published; nothing is kept."""

from datetime import datetime
from typing import Any

import orjson

from services.issuance.did import method_of
from services.issuance.domain import Award, Credential
from services.issuance.interfaces.wallet_names import JSON_LD
from services.issuance.jsonld.skeleton import prepared
from services.issuance.proofs.proof import secured
from services.issuance.proofs.vcjwt import signed_jwt
from services.issuance.routes import Desk
from services.issuance.wording import timestamp

Document = dict[str, Any]


def bound(document: Document, did: str) -> Document:
    """Return an unsigned copy of a credential whose subject is the holder of a key."""
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    return {**unsigned, "credentialSubject": {**document["credentialSubject"], "id": did}}


async def public_copy(desk: Desk, award: Award, credential: Credential, format_: str) -> Document | str:
    """Return a credential as it is published, in the format of a wallet."""
    if format_ == JSON_LD:
        document: Document = orjson.loads(credential.document)
        return document
    return (await desk.jwt_of(award, credential)).decode()


async def bound_copy(  # noqa: PLR0913 - whose copy, of what, in which format and when
    desk: Desk, award: Award, credential: Credential, format_: str, *, did: str, now: datetime
) -> Document | str:
    """Return a credential made out to a wallet's key: the same id and status entry, signed anew.

    Raises:
        NoKey, SignerAway, SignerRefused: nothing signs at the moment.

    """
    copy = bound(orjson.loads(credential.document), did)
    moment = now.replace(microsecond=0)
    if format_ != JSON_LD:
        jwt_signer = desk.keys.jwt_signer_at(award.tenant, moment)
        kid = method_of(desk.names, award.tenant, jwt_signer)
        return await desk.keys.settled(lambda: signed_jwt(copy, jwt_signer, kid))
    signer = desk.keys.signer_at(award.tenant, moment)
    method = method_of(desk.names, award.tenant, signer)
    skeleton = prepared(copy, {})
    text = await desk.keys.settled(lambda: secured(skeleton, {}, signer, created=timestamp(moment), method=method))
    document: Document = orjson.loads(text)
    return document
