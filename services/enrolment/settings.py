"""What enrolment takes from its environment."""

from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, field_validator

from services.enrolment.door.identity import other_names
from services.enrolment.door.registered import Platforms, read_platforms
from shared.contracts.envelope import Identifier, Tenant
from shared.contracts.topics import SERVICES, TOPICS, dead_letters_of
from shared.kit.settings import ServiceSettings

TopicName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,200}$")]
_OURS = {topic.name for topic in TOPICS} | {dead_letters_of(service) for service in SERVICES}


class BridgedTopic(BaseModel):
    """For whom a platform's topic speaks, since no token stands on Kafka.

    `home` is who gives out the accounts: the platform's address. `unknown_courses` says what becomes of events about
    courses that no offering has among its runs: a platform may have many such, and an offering that comes late.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    tenant: Tenant
    platform: Identifier
    home: Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^\S+$")]
    unknown_courses: Literal["dead-letter", "pass-over"] = "dead-letter"


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

    platforms_file: Path | None = Field(
        None,
        description="JSON file with the platforms that sign what they send, and their secrets and keys; read at the "
        "start; empty: there are none",
    )

    @field_validator("platforms_file")
    @classmethod
    def _registers_platforms(cls, path: Path | None) -> Path | None:
        if path is not None:
            read_platforms(path)
        return path

    @cached_property
    def platforms(self) -> Platforms:
        """The platforms that are registered."""
        return Platforms() if self.platforms_file is None else read_platforms(self.platforms_file)

    openedx_topics: dict[TopicName, BridgedTopic] = Field(
        {},
        description="topics of Open edX event buses that --role bridge reads, and for whom each speaks, as JSON: "
        '{"learning-course-enrollment-lifecycle": {"tenant": "ou", "platform": "openedx", '
        '"home": "https://lms.ou.example"}}',
    )
    openedx_topic_prefix: str = Field(
        "", description="what Open edX puts before each of them and a hyphen (EVENT_BUS_TOPIC_PREFIX)", max_length=64
    )
    schema_registry_url: str = Field(
        "",
        description="schema registry of the event bus (Confluent's API); empty: the schemas that are committed",
        pattern="^(https?://.+)?$",
        repr=False,
    )
    foreign_letters_days: int = Field(
        30,
        description="days that an open dead letter keeps the encrypted bytes of a platform's record, which name people",
        ge=1,
        le=365,
    )

    @field_validator("openedx_topics")
    @classmethod
    def _are_not_ours(cls, topics: dict[str, BridgedTopic]) -> dict[str, BridgedTopic]:
        if ours := sorted(_OURS & topics.keys()):
            raise ValueError(f"{ours[0]} is a topic of ours; name topics of the platform")
        return topics

    @field_validator("homes")
    @classmethod
    def _are_named_once(cls, homes: dict[str, dict[str, tuple[str, ...]]]) -> dict[str, dict[str, tuple[str, ...]]]:
        other_names(homes)
        return homes

    @property
    def bridged(self) -> dict[str, BridgedTopic]:
        """The topics to read, by their whole names."""
        prefix = f"{self.openedx_topic_prefix}-" if self.openedx_topic_prefix else ""
        return {prefix + name: each for name, each in self.openedx_topics.items()}

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
