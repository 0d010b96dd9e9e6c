"""What can keep a rebuild from its end; each message names the thing and the cure.

RebuildError
├── UnknownModel        the service has no read model of this name
├── LogIncomplete       the log does not hold all that the read models were made from
├── PartitionsChanged   the live service reads a partition that this rebuild does not
├── NothingKept         there is no generation to go back to
├── NothingBuilt        there is no rebuilt generation that waits
├── AnotherUnderWay     another rebuild was begun and not ended
├── Superseded          somebody else took this rebuild over, or discarded it
├── NothingComes        the broker sends nothing that it should hold
└── NotSwitched         the live service never stood still long enough
"""

from collections.abc import Iterable

from shared.kit.errors import KitError


class RebuildError(KitError):
    """Base of the errors of a rebuild."""


class UnknownModel(RebuildError):
    """The service has no read model of this name."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        """Name it, and those that there are."""
        super().__init__(f"there is no read model {name!r}: give one of {', '.join(known)}")


class LogIncomplete(RebuildError):
    """The log does not hold all that the read models were made from."""

    def __init__(self, topic: str, partition: int, first: int) -> None:
        """Name the topic and what is left of it."""
        super().__init__(
            f"topic {topic} begins at offset {first} in partition {partition}: retention took records away, and what "
            "was folded from them cannot be made anew. Restore the topic from a backup and set its retention.ms to -1; "
            "until then keep the read models that there are. Nothing was changed"
        )


class PartitionsChanged(RebuildError):
    """The live service reads a partition that this rebuild does not."""

    def __init__(self, topic: str, partition: int) -> None:
        """Name the partition."""
        super().__init__(f"{topic}/{partition} was added to the log meanwhile: run the same command again to go on")


class NothingKept(RebuildError):
    """There is no generation to go back to."""

    def __init__(self) -> None:
        """Say when there is one."""
        super().__init__("no earlier generation is kept: there is one after a rebuild, until the next rebuild begins")


class NothingBuilt(RebuildError):
    """There is no rebuilt generation that waits."""

    def __init__(self) -> None:
        """Say what to do first."""
        super().__init__("no rebuilt generation waits: run `microcred rebuild` first, and look at what it reports")


class AnotherUnderWay(RebuildError):
    """Another rebuild was begun and not ended."""

    def __init__(self, what: str) -> None:
        """Name it, and both ways on."""
        super().__init__(f"{what} is under way: end it with the same command as it began, or drop it with --discard")


class Superseded(RebuildError):
    """Somebody else took this rebuild over, or discarded it."""

    def __init__(self) -> None:
        """Say that nothing is lost."""
        super().__init__("another process took this rebuild over, or discarded it: look for it; this one stops here")


class NothingComes(RebuildError):
    """The broker sends nothing that it should hold."""

    def __init__(self, seconds: float, behind: Iterable[str]) -> None:
        """Name what is waited for."""
        super().__init__(
            f"nothing came from the log for {seconds:.0f} s, and {', '.join(behind)} are not read to the end: look at "
            "the broker, then run the same command again to go on"
        )


class NotSwitched(RebuildError):
    """The live service never stood still long enough."""

    def __init__(self, tries: int) -> None:
        """Say what to do."""
        super().__init__(
            f"the rebuilt generation did not catch up with the live one in {tries} tries: run the same command again "
            "when fewer events come"
        )
