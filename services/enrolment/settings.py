"""What enrolment takes from its environment."""

from pathlib import Path

from pydantic import Field, SecretStr, field_validator

from services.enrolment.identity import other_names
from shared.kit.settings import ServiceSettings


class Settings(ServiceSettings):
    """The environment of the enrolment service."""

    http_port: int = Field(8001, description="port to listen on; 0 takes a free one", ge=0, le=65535)
    publish_timeout_s: float = Field(
        10, description="seconds that a request waits for the broker before it is answered with 503", gt=0, le=120
    )
    identity_secret_file: Path | None = Field(
        None,
        description="file with the secret that accounts become learner references under, mode 600, made on the first "
        "start; one for all processes, and it can never change; empty: TOKEN_SECRET_FILE.identity",
    )
    vault_key_file: Path | None = Field(
        None,
        description="file with the keys that wrap each learner's key, mode 600, made on the first start: back it up "
        "apart from the database; empty: TOKEN_SECRET_FILE.vault-keys",
    )
    vault_keys: SecretStr | None = Field(
        None, description="the same keys from here instead of a file: id:key with a space between them, the newest last"
    )
    homes: dict[str, dict[str, tuple[str, ...]]] = Field(
        {},
        description="which homes of accounts are one platform, as JSON: "
        '{"ou": {"https://lms.ou.example": ["openedx/lms/web"]}}',
    )

    @field_validator("homes")
    @classmethod
    def _are_named_once(cls, homes: dict[str, dict[str, tuple[str, ...]]]) -> dict[str, dict[str, tuple[str, ...]]]:
        other_names(homes)
        return homes

    @property
    def identity_file(self) -> Path:
        """Where the secret of learner references is kept."""
        return self.identity_secret_file or self.beside("identity")

    @property
    def vault_file(self) -> Path:
        """Where the keys of the vault are kept."""
        return self.vault_key_file or self.beside("vault-keys")

    def beside(self, name: str) -> Path:
        """Return a file beside that of the token secret."""
        return self.token_secret_file.with_name(f"{self.token_secret_file.name}.{name}")
