"""The platforms that an institution has registered: who may deliver what, and how their word is known to be theirs.

One JSON file, since secrets stand in it: what is registered never goes on the log. The institution and the platform of
a delivery are those that stand here beside the secret or the keys that it was signed with; the request has no say.
"""

from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet, RSAKey
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

from services.enrolment.platforms.webhook import secret_of
from shared.contracts.envelope import Identifier, Tenant

MAX_BYTES = 4 * 1024 * 1024
MIN_BITS = 2048
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=300)]
ClientId = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Format = Literal["canonical", "canvas", "lti-ags", "xapi", "caliper"]


class _Registered(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _verifies(key: Key) -> bool:
    return isinstance(key, RSAKey) and not key.is_private and bool(key.kid) and key.public_key.key_size >= MIN_BITS


class _WithKeys(_Registered):
    """`jwks` are public keys by value (RFC 7517, section 5): nothing is fetched."""

    jwks: Annotated[dict[str, Any], Field(repr=False)]

    @field_validator("jwks")
    @classmethod
    def _are_public_keys(cls, jwks: dict[str, Any]) -> dict[str, Any]:
        try:
            keys = KeySet.import_key_set(jwks).keys  # type: ignore[arg-type]  # checked by this very call
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise ValueError('jwks: a set of keys is expected, {"keys": [...]}') from error
        if any(not _verifies(key) for key in keys):
            raise ValueError(f"jwks: public RSA keys of {MIN_BITS} bits or more are expected, each with a kid")
        return jwks

    @cached_property
    def keys(self) -> KeySet:
        """The same, ready for use."""
        return KeySet.import_key_set(self.jwks)  # type: ignore[arg-type]


class Webhook(_Registered):
    """Deliveries by the Standard Webhooks specification; two secrets stand here while one replaces the other."""

    secrets: Annotated[tuple[str, ...], Field(min_length=1, max_length=5, repr=False)]
    format: Format = "canonical"

    @field_validator("secrets")
    @classmethod
    def _are_secrets(cls, secrets: tuple[str, ...]) -> tuple[str, ...]:
        for secret in secrets:
            secret_of(secret)
        return secrets

    @cached_property
    def keys(self) -> tuple[bytes, ...]:
        """The secrets as bytes."""
        return tuple(map(secret_of, self.secrets))


class Canvas(_WithKeys):
    """Signed deliveries of one institution's Canvas: its root account, and the keys that Canvas publishes."""

    root_account_uuid: Text


class Tool(_WithKeys):
    """An LTI tool that may post scores; `issuer` is whose platform it is launched from.

    User ids are unique within an issuer, or only within a client or a deployment of it (LTI 1.3, section 5.3.6.1):
    `home` names whoever gives them out where that is not the issuer for all of its tools alike.
    """

    client_id: ClientId
    issuer: Text
    home: Text | None = None


class Platform(_Registered):
    """One platform of one institution; `name` stands in the address that it delivers to."""

    name: Name
    tenant: Tenant
    platform: Identifier
    webhook: Webhook | None = None
    canvas: Canvas | None = None
    lti: Tool | None = None

    @model_validator(mode="after")
    def _is_known_in_one_way(self) -> Self:
        if sum(way is not None for way in (self.webhook, self.canvas, self.lti)) != 1:
            raise ValueError("give one of webhook, canvas and lti; a platform that has two is registered twice")
        return self


class Platforms(_Registered):
    """All that are registered."""

    platforms: Annotated[tuple[Platform, ...], Field(max_length=10_000)] = ()

    @model_validator(mode="after")
    def _are_told_apart(self) -> Self:
        names = [each.name for each in self.platforms]
        clients = [each.lti.client_id for each in self.platforms if each.lti]
        for what, given in (("name", names), ("client_id", clients)):
            if twice := [each for each, times in Counter(given).items() if times > 1]:
                raise ValueError(f"two platforms have the {what} {twice[0]}; give each its own")
        return self

    @cached_property
    def by_name(self) -> Mapping[str, Platform]:
        """Who delivers to which address."""
        return {each.name: each for each in self.platforms}

    @cached_property
    def by_client(self) -> Mapping[str, Platform]:
        """Which tool has which client id."""
        return {each.lti.client_id: each for each in self.platforms if each.lti}


def read_platforms(path: Path) -> Platforms:
    """Return what a file registers.

    Raises:
        ValueError: it cannot be read, or is not what it should be; no secret is repeated.

    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError(f"{path} has more than {MAX_BYTES} bytes")
        return Platforms.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ValueError(f"cannot read {path} ({error.strerror})") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "file"
        raise ValueError(f"{path}: {where}: {first['msg'].removeprefix('Value error, ')}") from error
