"""What assessment takes from its environment."""

from pydantic import Field

from shared.kit.settings import ServiceSettings


class Settings(ServiceSettings):
    """The environment of the assessment service."""

    http_port: int = Field(8002, description="port to listen on; 0 takes a free one", ge=0, le=65535)
    publish_timeout_s: float = Field(
        10, description="seconds that a request waits for the broker before it is answered with 503", gt=0, le=120
    )
