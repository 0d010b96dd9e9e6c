"""Ids of Canvas: local to a shard ("565"), or global with the shard before thirteen digits ("21070000000000565")."""

from typing import Annotated

from pydantic import StringConstraints

_SHARD = 10**13
CanvasId = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,18}$")]


def shard_of(given: str | None) -> int:
    """Return the shard of a global id; 0 for a local one, or none."""
    return int(given or 0) // _SHARD


def global_id(given: str, shard: int) -> str:
    """Return an id as the global one, taking a local one to be of this shard; 0 is none."""
    return given if shard_of(given) or not shard else str(shard * _SHARD + int(given))


def local_id(given: str, _shard: int = 0) -> str:
    """Return an id without its shard."""
    return str(int(given) % _SHARD)
