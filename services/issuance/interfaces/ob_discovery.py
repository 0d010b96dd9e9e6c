"""The Service Description Document of the Open Badges API: what is served, and who gives tokens for it. Pure.

Source: Open Badges 3.0, sections 6.3 (discovery) and 7 (security): OpenAPI 3.0 with the members `x-imssf-*`.
"""

from dataclasses import dataclass
from typing import Any

from services.issuance.interfaces.imsx import BASE, STATUS_INFO
from shared.kit.tokens import LEARNER

Document = dict[str, Any]
_MEANINGS = {
    "credential.readonly": "Read the learner's credentials.",
    "credential.upsert": "Hand in credentials of the learner.",
    "profile.readonly": "Read the learner's profile.",
    "profile.update": "Change the learner's profile.",
}
_ERROR: Document = {
    "description": "What went wrong",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Imsx_StatusInfo"}}},
}


@dataclass(frozen=True, slots=True)
class Provider:
    """Who serves this, and where the rest of it is, none of it ours; what nobody named is empty, and left out.

    `oauth_url` is the authorisation server's.
    """

    public_url: str
    oauth_url: str
    terms_url: str
    privacy_url: str
    title: str = "Microcred"


def scope(name: str) -> str:
    """Return a scope by the end of its name."""
    return next(each for each in LEARNER if each.endswith(f"/{name}"))


def service_description(provider: Provider, version: str) -> Document:
    """Return the document."""
    return {
        "openapi": "3.0.1",
        "info": {
            "title": f"{provider.title} Open Badges API",
            "description": "Open Badges 3.0 of one learner, whom the access token names",
            "version": version,
            **_named({"termsOfService": provider.terms_url, "x-imssf-privacyPolicyUrl": provider.privacy_url}),
        },
        "servers": [{"url": f"{provider.public_url}{BASE}"}],
        "paths": {
            "/credentials": {
                "get": _operation("getCredentials", "credential.readonly", "GetOpenBadgeCredentialsResponse", _PAGING),
                "post": _operation("upsertCredential", "credential.upsert", "AchievementCredential"),
            },
            "/profile": {
                "get": _operation("getProfile", "profile.readonly", "Profile"),
                "put": _operation("putProfile", "profile.update", "Profile"),
            },
            "/discovery": {"get": _discovery()},
        },
        "components": {"securitySchemes": {"OAuth2ACG": _security(provider)}, "schemas": _SCHEMAS},
    }


def _security(provider: Provider) -> Document:
    server = provider.oauth_url
    pages = {
        "x-imssf-privacyPolicyUrl": provider.privacy_url,
        "x-imssf-registrationUrl": server and f"{server}/register",
        "x-imssf-termsOfServiceUrl": provider.terms_url,
    }
    return {
        "type": "oauth2",
        "description": "OAuth 2.0 Authorization Code Grant, with PKCE (S256)",
        "x-imssf-name": provider.title,
        **_named(pages),
        "flows": {"authorizationCode": _flow(server)} if server else {},
    }


def _named(addresses: dict[str, str]) -> Document:
    return {member: url for member, url in addresses.items() if url}


def _flow(server: str) -> Document:
    return {
        "authorizationUrl": f"{server}/authorize",
        "tokenUrl": f"{server}/token",
        "refreshUrl": f"{server}/token",
        "scopes": {scope(name): meaning for name, meaning in _MEANINGS.items()},
    }


def _operation(name: str, needed: str, answer: str, parameters: list[Document] | None = None) -> Document:
    schema = {"$ref": f"#/components/schemas/{answer}"}
    body = {"content": {"application/json": {"schema": schema}}, "required": True}
    sends = {"requestBody": body} if name in {"upsertCredential", "putProfile"} else {}
    return {
        "operationId": name,
        **({"parameters": parameters} if parameters else {}),
        **sends,
        "security": [{"OAuth2ACG": [scope(needed)]}],
        "responses": {
            "200": {"description": "Done", "content": {"application/json": {"schema": schema}}},
            "default": _ERROR,
        },
    }


def _discovery() -> Document:
    return {"operationId": "getServiceDescription", "responses": {"200": {"description": "This document"}}}


_PAGING: list[Document] = [
    {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100}},
    {"name": "offset", "in": "query", "schema": {"type": "integer", "minimum": 0}},
    {"name": "since", "in": "query", "schema": {"type": "string", "format": "date-time"}},
]
_SCHEMAS: Document = {
    "Imsx_StatusInfo": STATUS_INFO,
    "AchievementCredential": {"type": "object", "description": "Open Badges 3.0, section B.1.1"},
    "Profile": {"type": "object", "description": "Open Badges 3.0, section B.1.22"},
    "GetOpenBadgeCredentialsResponse": {
        "type": "object",
        "properties": {
            "credential": {"type": "array", "items": {"$ref": "#/components/schemas/AchievementCredential"}},
            "compactJwsString": {"type": "array", "items": {"type": "string"}},
        },
    },
}
