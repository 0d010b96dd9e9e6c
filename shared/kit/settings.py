"""What a service takes from its environment, and clear words when it cannot."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as Unparseable

from shared.kit.processors import processors
from shared.kit.secret import CURE, derived, read_secret

PREFIX = "MICROCRED_"
S = TypeVar("S", bound="ServiceSettings")


class SettingsError(Exception):
    """The environment does not do; one line for each variable, with the cure."""


class ServiceSettings(BaseSettings):
    """What every service takes from the environment, each variable with the prefix MICROCRED_."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", env_ignore_empty=True)

    kafka_bootstrap: str = Field("127.0.0.1:19092", description="brokers to ask first: host:port, comma between them")
    mongo_url: str = Field(
        "mongodb://127.0.0.1:27917/?replicaSet=rs0",
        description="address of MongoDB, a replica set: transactions need one",
        repr=False,
    )
    database_prefix: str = Field(
        "microcred_", description="what stands before the service's name in its database's name", max_length=32
    )
    topic_prefix: str = Field("", description="what stands before the name of every topic", max_length=64)
    http_host: str = Field("127.0.0.1", description="address to listen on; 0.0.0.0 in a container")
    http_port: int = Field(8000, description="port to listen on; 0 takes a free one", ge=0, le=65535)
    public_url: str = Field(
        "",
        description="address that clients use, without a path; empty: http(s)://localhost:PORT",
        pattern="^(https?://.+)?$",
    )
    tls_certificate_file: Path | None = Field(
        None, description="certificate for HTTPS, with its chain, PEM; empty: HTTP, as behind a proxy"
    )
    tls_key_file: Path | None = Field(None, description="private key of that certificate, PEM, not encrypted")
    token_secret_file: Path = Field(description="file with the secret of access tokens, at least 32 bytes")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="least level that is logged")
    log_format: Literal["json", "console"] = Field("json", description="one JSON object a line, or colours for people")
    session_timeout_s: float = Field(
        10, description="seconds after which the broker gives a silent worker's partitions away", ge=6, le=300
    )
    fetch_records: int = Field(5000, description="most records that one fetch brings to be folded", ge=1, le=50_000)
    folding_processes: int = Field(
        0, description="processes that fold side by side; 0: 2 where there are two processors, else 1", ge=0, le=2
    )
    stalled_after_s: float = Field(
        60, description="seconds without a finished chunk, while records wait, after which /healthz fails", gt=0
    )
    http_stop_s: int = Field(3, description="seconds that open requests are given when the service stops", ge=0)
    stop_timeout_s: float = Field(22, description="seconds that the worker is given to finish when it stops", gt=0)

    @field_validator("token_secret_file")
    @classmethod
    def _holds_a_secret(cls, path: Path) -> Path:
        read_secret(path)
        return path

    @model_validator(mode="after")
    def _has_an_address(self) -> Self:
        url = self.public_url.rstrip("/") or f"{self.scheme}://localhost:{self.http_port}"
        object.__setattr__(self, "public_url", url)
        return self

    @property
    def scheme(self) -> str:
        """What the service itself speaks: https with a certificate, else http."""
        return "https" if self.tls_certificate_file else "http"

    @property
    def folds_apart(self) -> bool:
        """Whether a second process folds."""
        return (self.folding_processes or processors()) > 1

    @property
    def token_secret(self) -> bytes:
        """The secret of access tokens."""
        return read_secret(self.token_secret_file)

    @property
    def cursor_secret(self) -> bytes:
        """The secret of page cursors, derived from the secret of access tokens."""
        return derived(self.token_secret, "cursor")


def load_settings(kind: type[S], **given: Any) -> S:
    """Return the settings of the environment, `given` ones before it.

    Raises:
        SettingsError: one line for each variable that is missing or out of its bounds.

    """
    try:
        return kind(**given)
    except ValidationError as error:
        raise SettingsError("\n".join(_complaints(kind, error))) from error
    except Unparseable as error:
        raise SettingsError(str(error)) from error


def _complaints(kind: type[ServiceSettings], error: ValidationError) -> Iterator[str]:
    # What was given is not repeated: it may be a secret.
    for each in error.errors(include_url=False, include_input=False):
        name = str(each["loc"][0]) if each["loc"] else ""
        field = kind.model_fields.get(name)
        meaning = f" ({field.description})" if field else ""
        if each["type"] == "missing":
            cure = f"; {CURE}" if name == "token_secret_file" else ""
            yield f"{variable(name)} is not set{meaning}{cure}"
        else:
            reason = each["msg"].removeprefix("Value error, ")
            yield f"{variable(name)}: {reason[:1].lower()}{reason[1:]}{meaning}"


def variable(name: str) -> str:
    """Return the environment variable of a field."""
    return (PREFIX + name).upper()


def described(kind: type[ServiceSettings]) -> Iterator[tuple[str, str, str]]:
    """Yield variable, default (or `required`) and meaning of every setting."""
    for name, field in kind.model_fields.items():
        default = "required" if field.default is PydanticUndefined else str(field.default)
        yield variable(name), default, field.description or ""
