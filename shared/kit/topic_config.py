"""How topics are kept: whole and for ever, since read models are made anew from them. Pure."""

from collections.abc import Mapping

from shared.contracts.topics import SERVICES, TOPICS, dead_letters_of
from shared.kit.producer import LARGEST_BYTES

_LATEST_STANDS = {topic.name for topic in TOPICS if topic.compacted}
_DEAD_LETTERS = {dead_letters_of(service) for service in SERVICES}
_NOT_BEFORE = "min.compaction.lag.ms"
_FOR_EVER_MS = 2**63 - 1
_COMPACTED = {"cleanup.policy": "compact", _NOT_BEFORE: str(_FOR_EVER_MS)}
_KEPT = {"cleanup.policy": "delete", "retention.ms": "-1"}


def topic_config(name: str) -> dict[str, str]:
    """Return the configuration of a topic; `name` without a prefix."""
    # A record that an operator sends again is larger than it was, by the headers that say so.
    most = LARGEST_BYTES if name in _DEAD_LETTERS else LARGEST_BYTES // 4
    return {"max.message.bytes": str(most), **(_COMPACTED if name in _LATEST_STANDS else _KEPT)}


def forgets(config: Mapping[str, str]) -> str:
    """Return why a topic with this configuration does not keep all its records; empty where it does."""
    if "compact" in config.get("cleanup.policy", ""):
        lag = config.get(_NOT_BEFORE, "0")
        return "" if int(lag) >= _FOR_EVER_MS else f"it is compacted, and {_NOT_BEFORE} is {lag}"
    bounds = [name for name in ("retention.ms", "retention.bytes") if config.get(name, "-1") != "-1"]
    return f"{bounds[0]} is {config[bounds[0]]}" if bounds else ""
