"""What enrolment takes from its environment."""

from pathlib import Path

from pydantic import Field, field_validator

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
        "start; it can never change; empty: TOKEN_SECRET_FILE.identity",
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

    def beside(self, name: str) -> Path:
        """Return a file beside that of the token secret."""
        return self.token_secret_file.with_name(f"{self.token_secret_file.name}.{name}")
