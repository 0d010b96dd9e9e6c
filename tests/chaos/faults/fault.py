"""The shape of a fault."""

from abc import ABC, abstractmethod
from typing import ClassVar, Generic, TypeVar

W = TypeVar("W")


class Fault(ABC, Generic[W]):
    """Something bad that happens to `where`: one service's scene, or the ground of all.

    `weight` is how many faults it counts for; `kills` tells whether the seconds until all is folded again count from
    the blow itself; those until its partitions are served again are measured then, too, and only shown.
    """

    name: str
    weight: ClassVar[int] = 1
    kills: ClassVar[bool] = False

    @abstractmethod
    async def inject(self, where: W) -> None:
        """Return when it has struck; raises `NotStruck` if it does not."""

    async def heal(self, where: W) -> None:
        """Do what an operator, or time, does about it."""
