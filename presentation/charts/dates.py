"""From when to when: lying bars over a calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd

from presentation.charts.base import Figure, axis, layout, two_lines
from presentation.texts import Words
from presentation.theme import Palette

DAY = 86_400_000
LEAST = 45
"""Days a bar is long at least, so that it can be seen."""


def calendar(
    name: str,
    rows: Sequence[str],
    spans: Sequence[tuple[date, date]],
    kinds: Sequence[str],
    colours: dict[str, str],
    today: date,
    table: pd.DataFrame,
    alt: str,
    words: Words,
    palette: Palette,
) -> Figure:
    """One bar per row from its first to its last day, in the colour of its kind; a line stands at `today`. kinds: in words."""
    data: list[dict[str, Any]] = []
    for kind, colour in colours.items():
        mine = [at for at, one in enumerate(kinds) if one == kind]
        if not mine:
            continue
        ends = [max(spans[at][1], spans[at][0] + timedelta(days=LEAST)) for at in mine]
        data.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": kind,
                "y": mine,
                "base": [spans[at][0].isoformat() for at in mine],
                "x": [(end - spans[at][0]).days * DAY for at, end in zip(mine, ends, strict=True)],
                "customdata": [[rows[at], words.day(spans[at][0], short=True), words.day(spans[at][1], short=True)] for at in mine],
                "marker": {"color": colour},
                "hovertemplate": "%{customdata[0]}<br>%{customdata[1]} – %{customdata[2]}<extra></extra>",
            }
        )
    spec = layout(
        words,
        palette,
        34 * max(len(rows), 2) + 110,
        barmode="overlay",
        bargap=0.4,
        showlegend=True,
        margin={"r": 16, "t": 8, "b": 8},
        legend={"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "x": 0, "font": {"color": palette.ink}},
        xaxis=axis(palette, type="date", nticks=8, tickformat="%m-%Y"),  # months have names in one language only
        yaxis={
            "range": [len(rows) - 0.5, -0.5],
            "tickvals": list(range(len(rows))),
            "ticktext": [two_lines(row) for row in rows],
            "showgrid": False,
            "tickfont": {"color": palette.ink, "size": 12},
        },
        shapes=[
            {
                "type": "line", "xref": "x", "yref": "paper", "x0": today.isoformat(), "x1": today.isoformat(), "y0": 0, "y1": 1,
                "line": {"color": palette.soft, "width": 1, "dash": "dot"},
            }
        ],
    )  # fmt: skip
    return Figure(name, {"data": data, "layout": spec}, alt, table)
