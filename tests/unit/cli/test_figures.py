"""What people read at the end of the demo."""

import io

from rich.console import Console

from deploy.cli.demo_data.generate import generate
from deploy.cli.figures import RATES, funnel_tables


def test_every_rate_names_its_denominator_in_eighty_columns():
    text = io.StringIO()
    Console(file=text, width=80).print(funnel_tables(generate(50, 1, "uni").truth))
    heading = text.getvalue().partition("Rates:")[2]
    for part, whole in RATES:
        assert part in heading
        assert whole in heading
    assert "…" not in heading
