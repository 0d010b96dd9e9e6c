"""What issuance takes from its environment, besides what every service takes."""

from pathlib import Path

from pydantic import Field

from shared.kit.settings import ServiceSettings


class Settings(ServiceSettings):
    """The environment of the issuance service."""

    http_port: int = Field(8003, description="port to listen on; 0 takes a free one", ge=0, le=65535)
    key_file: Path = Field(
        description="file with the Ed25519 key that signs credentials, mode 600; made on the first start"
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
