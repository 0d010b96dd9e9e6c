"""Platforms that are registered in these tests, and how they sign what they send."""

import base64
from datetime import datetime
from functools import cache
from typing import Any

import orjson
from joserfc import jws, jwt
from joserfc.jwk import RSAKey

from services.enrolment.platforms.webhook import secret_of, signature
from tests.unit.enrolment import facts as a
from tests.unit.enrolment.platforms.town import CANVAS_ACCOUNT, ISSUER

SECRET, NEXT_SECRET = ("whsec_" + base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))
CLIENT = "quiz-tool"


@cache
def key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


def jwks(*kids: str) -> dict[str, Any]:
    return {"keys": [key(kid).as_dict(private=False) for kid in kids]}


FILE: dict[str, Any] = {
    "platforms": [
        {
            "name": "ou-hook",
            "tenant": a.TENANT,
            "platform": "moodle",
            "webhook": {"secrets": [SECRET, NEXT_SECRET], "format": "canonical"},
        },
        {
            "name": "ou-relay",
            "tenant": a.TENANT,
            "platform": "an-lms",
            "webhook": {"secrets": [SECRET], "format": "lti-ags"},
        },
        {
            "name": "ou-canvas",
            "tenant": a.TENANT,
            "platform": "canvas",
            "canvas": {"root_account_uuid": CANVAS_ACCOUNT, "jwks": jwks("canvas-1", "canvas-2")},
        },
        {
            "name": "ou-quiz",
            "tenant": a.TENANT,
            "platform": "an-lms",
            "lti": {"client_id": CLIENT, "issuer": ISSUER, "jwks": jwks("tool-1")},
        },
        *(
            {
                "name": f"ou-{name}",
                "tenant": a.TENANT,
                "platform": "lms-1",
                "webhook": {"secrets": [SECRET], "format": name},
            }
            for name in ("xapi", "caliper")
        ),
        {
            "name": "ou-essay",
            "tenant": a.TENANT,
            "platform": "an-lms",
            "lti": {"client_id": "essay-tool", "issuer": ISSUER, "jwks": jwks("tool-1")},
        },
        {
            "name": "ou-pairwise",
            "tenant": a.TENANT,
            "platform": "an-lms",
            "lti": {"client_id": "own-ids", "issuer": ISSUER, "home": f"{ISSUER}/d/7", "jwks": jwks("tool-1")},
        },
    ]
}


def signed(body: bytes, at: datetime, *secrets: str, id_: str = "msg_1") -> dict[str, str]:
    timestamp = str(int(at.timestamp()))
    marks = (base64.b64encode(signature(secret_of(each), id_, timestamp, body)).decode() for each in secrets)
    return {
        "webhook-id": id_,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{mark}" for mark in marks),
    }


def by_canvas(event: Any, kid: str = "canvas-2", algorithm: str = "RS256") -> bytes:
    header = {"alg": algorithm, "kid": kid}
    payload = event if isinstance(event, bytes) else orjson.dumps(event)
    return jws.serialize_compact(header, payload, key(kid), [algorithm]).encode()


def assertion(at: datetime, kid: str = "tool-1", **changed: Any) -> str:
    now = int(at.timestamp())
    claims = {
        "iss": CLIENT,
        "sub": CLIENT,
        "aud": "http://test/v1/lti/token",
        "iat": now - 5,
        "exp": now + 60,
        "jti": "lti-service-token-1",
        **changed,
    }
    kept = {name: value for name, value in claims.items() if value is not ...}
    return jwt.encode({"alg": "RS256", "kid": kid}, kept, key(kid), ["RS256"])
