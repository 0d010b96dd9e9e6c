"""Tokens of the callers in these tests."""

from shared.kit.auth import Tokens

SECRET = b"a secret for tests, long enough to be taken"
ALL = ("events:write", "offerings:write", "read")


def as_of(tenant: str, *scopes: str, platform: str | None = None) -> dict[str, str]:
    token = Tokens(SECRET).issue(tenant, scopes or ALL, "a-client", platform)
    return {"Authorization": f"Bearer {token}"}
