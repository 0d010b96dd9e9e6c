"""What is wrong with records."""

from tests.chaos.faults.fault import Fault
from tests.chaos.scene import Scene


class Poison(Fault[Scene]):
    """Records that cannot be taken, of every kind, in the middle of a chunk."""

    name = "poison of every kind"

    async def inject(self, where: Scene) -> None:
        """Publish a volley of it among good events."""
        await where.feed.volley()
