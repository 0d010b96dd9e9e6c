"""The funnel as a chart: one Vega-Lite description for the browser and for the server's picture."""

import json
from functools import cache
from typing import Any

from services.analytics.domain import STAGES
from services.analytics.projections.funnel import Funnel

DATA = "funnel"
STAGE_NAMES = tuple(stage.capitalize() for stage in STAGES)
#: Told apart also by colour-blind eyes and in grey: four steps of one hue for those who go on, grey for those who left.
COLOURS = ("#b7d4ea", "#6aaed6", "#2e7ebc", "#08306b", "#a0a0a0")
_BAR_PX = 13
_PICTURE_PX = 560

Spec = dict[str, Any]


@cache
def _description() -> str:
    """Return the description as JSON: altair takes a while to check it, and a copy is to be had from text."""
    # Importing it takes as long as half of a service's start, and workers draw nothing.
    import altair as alt

    # A row's name stands above its bars, not beside them: a phone is too narrow for both.
    above = alt.Axis(
        labelAlign="left",
        labelBaseline="bottom",
        labelFontWeight="bold",
        labelLimit=320,
        labelOffset=-(_BAR_PX * len(STAGES) // 2 + 2),
        labelPadding=0,
        ticks=False,
        domain=False,
    )
    label = alt.Y("label:N", title=None, sort=None, axis=above, scale=alt.Scale(paddingInner=0.28, paddingOuter=0.28))
    stage = alt.YOffset("stage:N", sort=list(STAGE_NAMES))
    learners = alt.X("learners:Q", title="Learners", axis=alt.Axis(tickMinStep=1, format="~s", tickCount=4, grid=False))
    colour = alt.Color(
        "stage:N",
        title=None,
        scale=alt.Scale(domain=list(STAGE_NAMES), range=list(COLOURS)),
        legend=alt.Legend(orient="top", columns=3),
    )
    base = alt.Chart(alt.NamedData(name=DATA)).encode(y=label, yOffset=stage, x=learners)
    bars = base.mark_bar(stroke="#08306b", strokeWidth=0.5).encode(color=colour, description="told:N")
    numbers = base.mark_text(align="left", dx=3, fontSize=10, aria=False).encode(
        text=alt.Text("learners:Q", format=",")
    )
    chart = (
        (bars + numbers)
        .properties(
            width="container",
            height=alt.Step(_BAR_PX, **{"for": "offset"}),
            datasets={DATA: []},
            autosize={"type": "fit-x"},
        )
        .configure_view(stroke=None)
        .configure(background="#ffffff", font="system-ui, sans-serif")
    )
    return str(chart.to_json())


def marks(funnel: Funnel) -> list[Spec]:
    """Return the bars: one for each row and stage."""
    return [
        {
            "label": row.title,
            "stage": name,
            "learners": getattr(row.counts, stage),
            "told": f"{row.title}, {name.lower()}: {getattr(row.counts, stage)}",
        }
        for row in funnel.rows
        for stage, name in zip(STAGES, STAGE_NAMES, strict=True)
    ]


def spec(funnel: Funnel) -> Spec:
    """Return the chart's description with its data; as wide as its container."""
    described: Spec = json.loads(_description())
    return {**described, "datasets": {DATA: marks(funnel)}}


def picture(funnel: Funnel) -> str:
    """Return the chart as SVG. Takes about 0.1 s of a core: call it in a thread."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg({**spec(funnel), "width": _PICTURE_PX}))
