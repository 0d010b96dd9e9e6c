"""Apps and clients for the tests of the HTTP kit; nothing opens a socket."""

from pathlib import Path

import httpx
from fastapi import FastAPI

from shared.kit.secret import ensure_secret
from shared.kit.settings import ServiceSettings, load_settings


def settings_in(folder: Path) -> ServiceSettings:
    return load_settings(ServiceSettings, token_secret_file=ensure_secret(folder / "secret"))


def client_of(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service")
