"""What analytics takes from its environment, besides what every service takes."""

from pydantic import Field

from shared.kit.settings import ServiceSettings


class Settings(ServiceSettings):
    """The environment of the analytics service."""

    http_port: int = Field(8004, description="port to listen on; 0 takes a free one", ge=0, le=65535)
    live_listeners: int = Field(200, description="most live views that one process serves at a time", ge=1, le=10_000)
    dashboard_session_s: int = Field(
        3600, description="seconds after which the dashboard asks for a token again", ge=60, le=86_400
    )
