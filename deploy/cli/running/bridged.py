"""Which topics of platforms are to be read on this machine, as enrolment's own settings name them."""

import json
import re
from collections.abc import Mapping

from shared.kit.topics_admin import all_topics

TOPICS = "MICROCRED_OPENEDX_TOPICS"
PREFIX = "MICROCRED_OPENEDX_TOPIC_PREFIX"
_NAME = re.compile(r"[A-Za-z0-9._-]{1,200}")


def bridged_topics(environ: Mapping[str, str]) -> list[str]:
    """Return the whole names of the topics; of what is not as it should be none, since enrolment says why and ends."""
    try:
        named = json.loads(environ.get(TOPICS) or "{}")
    except ValueError:
        return []
    prefix = f"{environ[PREFIX]}-" if environ.get(PREFIX) else ""
    if not isinstance(named, dict):
        return []
    return [prefix + name for name in named if _NAME.fullmatch(name) and name not in all_topics()]
