"""Funnels as tables; every rate names its denominator."""

from collections.abc import Sequence

from rich.table import Table

from deploy.cli.funnel import STAGES, Difference, Funnel, Stages, by_offering, total

RATES = (("assessed", "enrolled"), ("passed", "enrolled"), ("passed", "assessed"), ("issued", "passed"))


def funnel_table(funnel: Funnel, title: str) -> Table:
    """Return one row for each offering and one for all of them."""
    table = Table(title=title, title_justify="left")
    table.add_column("offering")
    for stage in STAGES:
        table.add_column(stage, justify="right")
    for part, whole in RATES:
        table.add_column(f"{part}\nof {whole}", justify="right")
    for offering, stages in by_offering(funnel).items():
        table.add_row(offering, *_cells(stages))
    table.add_section()
    table.add_row("all", *_cells(total(funnel)), style="bold")
    return table


def _cells(stages: Stages) -> list[str]:
    counts = [f"{getattr(stages, stage):,}" for stage in STAGES]
    return counts + [_rate(getattr(stages, part), getattr(stages, whole)) for part, whole in RATES]


def _rate(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "none"


def differences_table(found: Sequence[Difference]) -> Table:
    """Return every figure that is not what it must be."""
    table = Table(title=f"{len(found)} figures are not what they must be", title_justify="left", title_style="bold red")
    for column in ("offering", "month", "stage", "must be", "is"):
        table.add_column(column)
    for each in found:
        table.add_row(*each.cohort, each.stage, f"{each.expected:,}", f"{each.found:,}")
    return table
