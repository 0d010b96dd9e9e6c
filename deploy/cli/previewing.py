"""`microcred publish --preview`: what a file holds, before anything is sent."""

from collections.abc import Iterable

import typer

from deploy.cli.console import errors, out
from deploy.cli.errors import UnreadableInput
from deploy.cli.progress import bar
from deploy.cli.publishing.preview import preview
from deploy.cli.publishing.rows import Source
from shared.contracts.table.layout import mapping_of
from shared.contracts.wire import ContractError


def mapping(given: Iterable[str]) -> dict[str, str]:
    """Return what --map says of the columns; raises `UnreadableInput` when it says nothing."""
    try:
        return mapping_of(given)
    except ContractError as error:
        raise UnreadableInput(f"--map: {error.reason}", "see `microcred publish --help`") from error


def show(source: Source) -> None:
    """Say what publishing would do; ends with status 1 when rows would be refused."""
    with bar(errors) as progress:
        task = progress.add_task("reading", total=source.size(), told="")
        found = preview(source, lambda after, so_far: progress.update(task, completed=after, told=so_far.told))
    for type_, count in sorted(found.types.items()):
        out.print(f"{count:,} {type_}")
    if found.repeated:
        out.print(f"{found.repeated:,} rows say an id again, which changes nothing")
    for row, fault in found.refusals:
        errors.print(f"{row.table} line {row.line}: {fault.field}: {fault.reason}".strip(), markup=False)
    if found.refused:
        errors.print(f"{found.refused:,} rows would be refused; the first {len(found.refusals)} stand above")
        raise typer.Exit(1)
