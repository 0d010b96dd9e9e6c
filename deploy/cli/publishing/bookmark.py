"""Where publishing stands, in a file beside the source, so that an interruption costs nothing."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from deploy.cli.errors import CliError, InputChanged
from deploy.cli.publishing.rows import Source


class OtherTarget(CliError):
    """The bookmark is of publishing to somewhere else."""

    def __init__(self, was: str, now: str) -> None:
        """Name both targets."""
        super().__init__(f"this was being published to {was}, not to {now}", "give --restart to begin anew")


class BookmarkUnreadable(CliError):
    """The bookmark's file holds something else."""

    def __init__(self, path: Path) -> None:
        """Name the file."""
        super().__init__(f"{path} is no bookmark of microcred", "give --restart to begin anew")


@dataclass(frozen=True, slots=True)
class Standing:
    """How far publishing came: position, counts, and the size of the file of refusals at that moment, in bytes."""

    target: str
    fingerprint: str = ""
    position: int = 0
    published: int = 0
    refused: int = 0
    refusals_size: int = 0

    def further(self, position: int, fingerprint: str, *, published: int, refused: int, size: int) -> "Standing":
        """Return the standing after one more batch."""
        return replace(
            self,
            position=position,
            fingerprint=fingerprint,
            published=self.published + published,
            refused=self.refused + refused,
            refusals_size=size,
        )


class Bookmark:
    """The file that holds a standing; replaced as a whole, so that it is never half written."""

    def __init__(self, path: Path) -> None:
        """Nothing is read yet."""
        self.path = path

    def resume(self, source: Source, target: str) -> Standing:
        """Return where to go on; raises `InputChanged` or `OtherTarget` when that cannot be known."""
        if not self.path.exists():
            return Standing(target)
        standing = self._read()
        if standing.target != target:
            raise OtherTarget(standing.target, target)
        if standing.position and source.fingerprint(standing.position) != standing.fingerprint:
            raise InputChanged(self.path, standing.position)
        return standing

    def _read(self) -> Standing:
        try:
            return Standing(**json.loads(self.path.read_text()))
        except (ValueError, TypeError) as error:
            raise BookmarkUnreadable(self.path) from error

    def save(self, standing: Standing) -> None:
        """Keep a standing."""
        draft = self.path.with_name(self.path.name + ".new")
        draft.write_text(json.dumps(asdict(standing)) + "\n")
        draft.replace(self.path)

    def forget(self) -> None:
        """Begin anew."""
        self.path.unlink(missing_ok=True)
