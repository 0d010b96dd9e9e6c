"""What issuance takes from its environment, besides what every service takes."""

from pathlib import Path

from pydantic import Field, SecretStr, field_validator

from services.issuance.domain import Effect
from services.issuance.keys.status_secret import status_file
from shared.kit.settings import ServiceSettings

SHORTEST = 20


class Settings(ServiceSettings):
    """The environment of the issuance service."""

    http_port: int = Field(8003, description="port to listen on; 0 takes a free one", ge=0, le=65535)
    fetch_records: int = Field(
        2000, description="most passes that one fetch brings; credentials are many times as large", ge=1, le=50_000
    )
    key_file: Path = Field(
        description="file with the first key that signs credentials, mode 600; made on the first start"
    )
    key_ring: Path | None = Field(None, description="folder with the later keys and ring.json; empty: KEY_FILE.ring")
    key_passphrase: SecretStr | None = Field(
        None, description="passphrase of the key files, at least 20 characters; empty: they are not encrypted"
    )
    status_secret_file: Path | None = Field(
        None,
        description="file with the secret that entries of status lists are ordered by, mode 600, made on the first "
        "start; one for all processes, and it can never change; empty: KEY_FILE.status-secret",
    )
    signer_url: str = Field("", description="signer of the keys that are kept elsewhere", pattern="^(https?://.+)?$")
    signer_token: SecretStr | None = Field(None, description="bearer token of that signer")
    withdrawn_pass: Effect = Field(
        "revoke", description="what becomes of the credential of a pass that is withdrawn: revoke, suspend or keep"
    )
    publish_timeout_s: float = Field(
        10, description="seconds that a request waits for the broker before it is answered with 503", gt=0, le=120
    )
    check_processes: int = Field(
        1, description="processes that check credentials of strangers at a time, each on a core of its own", ge=1, le=64
    )
    check_deadline_s: float = Field(
        2, description="seconds after which the check of a stranger's credential is killed", gt=0, le=30
    )
    check_memory_mib: int = Field(
        512, description="memory that the check of a stranger's credential may take, in MiB", ge=256, le=8192
    )
    fetch_private: bool = Field(
        False, description="whether addresses of this machine and its network may be fetched; for tests only"
    )
    fetch_deadline_s: float = Field(
        3, description="seconds that a stranger's server is given to answer, redirects included", gt=0, le=30
    )

    oauth_url: str = Field(
        "",
        description="authorisation server that gives learners tokens for the Open Badges API; empty: none is named",
        pattern="^(https?://.+)?$",
    )
    terms_url: str = Field(
        "", description="terms of service, for the Open Badges API; empty: none are named", pattern="^(https?://.+)?$"
    )
    privacy_url: str = Field(
        "",
        description="privacy policy, for the Open Badges API; empty: none is named",
        pattern="^(https?://.+)?$",
    )

    @field_validator("key_passphrase")
    @classmethod
    def _is_long(cls, passphrase: SecretStr | None) -> SecretStr | None:
        if passphrase is not None and len(passphrase.get_secret_value()) < SHORTEST:
            raise ValueError(f"at least {SHORTEST} characters are needed, such as `openssl rand -hex 32` prints")
        return passphrase

    @property
    def status_file(self) -> Path:
        """Where the secret of status entries is kept."""
        return self.status_secret_file or status_file(self.key_file)
