"""Which reader takes a path."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from deploy.cli.errors import UnreadableInput
from deploy.cli.oulad.source import Oulad
from deploy.cli.publishing.bookmark import Bookmark
from deploy.cli.publishing.csv_file import CsvFile
from deploy.cli.publishing.json_lines import JsonLines
from deploy.cli.publishing.publish import Refusals, Trail
from deploy.cli.publishing.rows import Source


class Format(StrEnum):
    """What a path holds."""

    AUTO = "auto"
    JSONL = "jsonl"
    CSV = "csv"
    OULAD = "oulad"


@dataclass(frozen=True, slots=True)
class OuladOptions:
    """What only OULAD needs to be told."""

    pass_mark: Decimal
    salt: str


def source_of(
    path: Path, format_: Format, tenant: str, options: OuladOptions, mapping: Mapping[str, str] | None = None
) -> Source:
    """Return the reader; raises `UnreadableInput` when the path does not fit the format, or has no columns to map."""
    kind = _guess(path) if format_ is Format.AUTO else format_
    if path.is_dir() != (kind is Format.OULAD):
        raise UnreadableInput(
            f"{path} cannot be read as {kind.value}", "give a folder for oulad, and a file for the rest"
        )
    if mapping and kind is not Format.CSV:
        raise UnreadableInput(f"{path} has no columns to map", "leave --map out, or give a CSV file")
    if kind is Format.OULAD:
        return Oulad(path, tenant, options.pass_mark, options.salt)
    return CsvFile(path, tenant, mapping=mapping) if kind is Format.CSV else JsonLines(path)


def _guess(path: Path) -> Format:
    if path.is_dir():
        return Format.OULAD
    return Format.CSV if path.suffix.lower() == ".csv" else Format.JSONL


def trail_of(path: Path, state: Path | None) -> Trail:
    """Return where the trail is left: beside a file; for a folder, which may be read-only, in the working directory."""
    beside = Path(path.resolve().name) if path.is_dir() else path
    return Trail(
        Bookmark(state or beside.with_name(f"{beside.name}.published.json")),
        Refusals((state or beside).with_name(f"{beside.name}.refused.jsonl")),
    )
