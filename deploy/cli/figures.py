"""Funnels as tables; every rate names its denominator."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.table import Table

from deploy.cli.funnel import STAGES, Difference, Funnel, by_offering, total

RATES = (
    ("assessed", "enrolled"),
    ("passed", "enrolled"),
    ("left", "enrolled"),
    ("passed", "assessed"),
    ("issued", "passed"),
)


def funnel_tables(funnel: Funnel) -> Group:
    """Return the counts and the rates, each with one row for each offering and one for all of them."""
    counts = _table("The funnel: learners by offering", STAGES)
    rates = _table("Rates: shares of the stage that is named", [f"{part}\nof\n{whole}" for part, whole in RATES])
    for name, stages in (*by_offering(funnel).items(), ("all", total(funnel))):
        if name == "all":
            counts.add_section()
            rates.add_section()
        counts.add_row(name, *(f"{getattr(stages, stage):,}" for stage in STAGES))
        rates.add_row(name, *(_rate(getattr(stages, part), getattr(stages, whole)) for part, whole in RATES))
    return Group(counts, "", rates)


def _table(title: str, columns: Sequence[str]) -> Table:
    # Narrow enough for 80 columns: a denominator that is cut off would be no name.
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("offering", no_wrap=True)
    for column in columns:
        table.add_column(column, justify="right")
    return table


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
