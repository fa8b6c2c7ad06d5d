"""Scenarios side by side: the gap of each on the same axes, and which lever moves the answer most."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from presentation.charts.base import Figure, label, layout, spread, two_lines, values
from presentation.texts import Words
from presentation.theme import Palette

DASHES = ("solid", "dash", "dot", "dashdot", "longdash")


def gap_lines(runs: Sequence[tuple[str, pd.DataFrame]], year: int, words: Words, palette: Palette, title: str, height: int = 400) -> Figure:
    """The shortage in fte of each scenario; the first is the baseline, drawn in ink. runs: (name, an outlook's `total`)."""
    data, marks, ends = [], [], []
    columns: dict[str, object] = {words("column.year"): [int(value) for value in runs[0][1]["year"]]}
    years = [int(value) for value in runs[0][1]["year"]]
    for place, (name, total) in enumerate(runs):
        heights = values(total["gap_fte"], 2)
        colour = palette.ink if place == 0 else palette.series[(place - 1) % len(palette.series)]
        ends.append(float(total["gap_fte"].iloc[-1]))  # as exact as the sentences are
        columns[name] = [float(value) for value in total["gap_fte"]]
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": years,
                "y": heights,
                "name": name,
                "line": {"color": colour, "width": 3, "dash": DASHES[place % len(DASHES)]},
                "hovertemplate": f"{name}: %{{y:,.0f}} {words('axis.fte')}<extra></extra>",
            }
        )
    low, high = min(0.0, *(min(trace["y"]) for trace in data)), max(0.0, *(max(trace["y"]) for trace in data))
    room = max((high - low) * 0.1, 1.0)
    for trace, end, at in zip(data, ends, spread(ends, (high - low + 2 * room) * 0.1), strict=True):
        marks.append(label(f"<b>{trace['name']}</b><br>{words.number(end)}", years[-1], at, trace["line"]["color"], xshift=8))
    guide = {
        "type": "line",
        "x0": year,
        "x1": year,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"color": palette.grid, "width": 2},
        "layer": "below",
    }
    spec = layout(
        words,
        palette,
        height,
        hovermode="x unified",
        annotations=marks,
        margin={"r": 150},
        shapes=[guide],
        xaxis={
            "tickvals": [value for value in years if (value - year) % 2 == 0],
            "tickformat": "d",
            "range": [years[0] - 0.1, years[-1] + 0.1],
        },
        yaxis={"tickformat": ",.0f", "range": [low - room, high + room], "zeroline": True, "zerolinecolor": palette.plain},
    )
    return Figure("gap_lines", {"data": data, "layout": spec}, words("compare.lines_alt", year=year, title=title), pd.DataFrame(columns))


def lever_bars(
    effects: pd.DataFrame, names: Sequence[str], words: Words, palette: Palette, title: str, height: int | None = None
) -> Figure:
    """How far each lever can push the shortage of the target year, from its low to its high end, largest reach first.

    effects: low_gap, base_gap, high_gap per lever, already in order; names: the levers in words.
    """
    base = float(effects["base_gap"].iloc[0]) if len(effects) else 0.0
    rows = list(range(len(effects)))
    data, marks = [], []
    for column in ("low_gap", "high_gap"):
        moved = [float(value) - base for value in effects[column]]
        data.append(
            {
                "type": "bar",
                "orientation": "h",
                "y": rows,
                "x": values(moved),
                "base": base,
                "marker": {"color": [palette.worse if value > 0 else palette.better for value in moved], "cornerradius": 3},
                "customdata": list(names),
                "hovertemplate": f"%{{customdata}}: %{{x:+,.0f}} {words('axis.fte')}<extra></extra>",
            }
        )
        for row, value in zip(rows, moved, strict=True):
            side = {"xanchor": "left", "xshift": 5} if value > 0 else {"xanchor": "right", "xshift": -5}
            marks.append(label(words.number(value, sign=True), base + value, row, palette.soft, **side))
    reach = [float(value) for column in ("low_gap", "high_gap") for value in effects[column]] or [0.0, 1.0]
    span = max(max(reach) - min(reach), 1.0)
    spec = layout(
        words,
        palette,
        height or 36 * len(rows) + 30,
        barmode="overlay",
        bargap=0.35,
        margin={"r": 12, "t": 6, "b": 6},
        annotations=marks,
        xaxis={"range": [min(reach) - span * 0.5, max(reach) + span * 0.5], "showticklabels": False},
        yaxis={
            "tickvals": rows,
            "ticktext": [two_lines(name) for name in names],
            "autorange": "reversed",
            "showgrid": False,
            "tickfont": {"color": palette.ink, "size": 12},
        },
        shapes=[{"type": "line", "x0": base, "x1": base, "y0": 0, "y1": 1, "yref": "paper", "line": {"color": palette.ink, "width": 1.5}}],
    )
    table = pd.DataFrame(
        {
            words("column.assumption"): list(names),
            words("compare.low"): effects["low_gap"].astype(float).tolist(),
            words("compare.base"): effects["base_gap"].astype(float).tolist(),
            words("compare.high"): effects["high_gap"].astype(float).tolist(),
        }
    )
    return Figure("lever_bars", {"data": data, "layout": spec}, words("compare.bars_alt", title=title), table)
