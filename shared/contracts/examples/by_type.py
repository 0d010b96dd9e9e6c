"""One example of each event, by its type."""

from collections.abc import Mapping

from shared.contracts.envelope import Event
from shared.contracts.examples.credentials import CREDENTIALS
from shared.contracts.examples.rulings import RULINGS
from shared.contracts.examples.story import STORY

EXAMPLES: Mapping[type[Event], Event] = {type(event): event for event in (*STORY, *CREDENTIALS, *RULINGS)}
"""The example of each event."""
