"""The signed deliveries of Canvas over HTTPS: the body is a JWT whose claims are the live event.

Canvas signs with RS256, and with the same keys for all of its customers: that a signature fits only says that some
Canvas sent it. Which one it was is told by the root account, which must be the registered one.
"""

from datetime import datetime
from typing import Any

import orjson
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.enrolment.platforms.webhook import NotSigned

_ALGORITHMS = ["RS256"]
_LEEWAY_S = 60


def live_event(body: bytes, keys: KeySet, root_account_uuid: str, now: datetime) -> bytes:
    """Return the live event of a delivery, as the JSON that was signed.

    Raises:
        NotSigned: it is no JWT, of another algorithm, signed by none of these keys, no longer good, or of another
            institution's Canvas.

    """
    try:
        signed = jws.deserialize_compact(body.strip(), keys, _ALGORITHMS).payload
        claims: Any = orjson.loads(signed)
        claims = claims if isinstance(claims, dict) else {}
        jwt.JWTClaimsRegistry(int(now.timestamp()), _LEEWAY_S).validate(claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise NotSigned("body: not a JWT that Canvas has signed with one of the registered keys (RS256)") from error
    metadata = claims.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("root_account_uuid") != root_account_uuid:
        raise NotSigned("metadata.root_account_uuid: not the Canvas that is registered here")
    return signed
