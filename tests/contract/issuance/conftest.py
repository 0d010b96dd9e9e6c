"""The official Open Badges 3.0 schema, which we do not keep: it comes with the source of openbadgeslib."""

import hashlib
import json
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

_PACKAGE = "openbadgeslib==4.6.3"
_MEMBER = "openbadgeslib-4.6.3/tests/fixtures/ob_schemas/ob_v3p0_achievementcredential_schema.json"
_SHA256 = "b7358e895f492e74055dc6bfc7ffc420d0e497f90c4579fb83d9519b86d393ea"


@pytest.fixture(scope="session")
def official_schema(pytestconfig: pytest.Config) -> dict[str, Any]:
    """1EdTech's JSON Schema of an AchievementCredential (draft 2019-09), checked against the hash that we know."""
    kept = pytestconfig.cache.mkdir("open-badges") / "achievementcredential.json"
    if not kept.exists():
        kept.write_bytes(_from_source(kept.parent))
    content = kept.read_bytes()
    assert hashlib.sha256(content).hexdigest() == _SHA256
    schema: dict[str, Any] = json.loads(content)
    return schema


def _from_source(folder: Path) -> bytes:
    command = [sys.executable, "-m", "uv", "tool", "run", "pip", "download", "--quiet", "--no-deps"]
    subprocess.run([*command, "--no-binary", "openbadgeslib", "--dest", folder, _PACKAGE], check=True)
    with tarfile.open(next(folder.glob("openbadgeslib-*.tar.gz"))) as source:
        member = source.extractfile(_MEMBER)
        assert member is not None
        return member.read()
