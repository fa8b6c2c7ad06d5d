"""Stairs from today's gap to the target year's, and who leaves each year for which reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from presentation.charts.base import Figure, crossed, label, layout, two_lines, values
from presentation.texts import Words
from presentation.theme import Palette

SMALLEST = 0.5
"""Steps below this many fte are added together as "other": the stairs still add up exactly."""

MOVES = ("move_in", "move_out")


def tidy_steps(steps: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Internal moves as one step, tiny steps as "rest", worsening steps first; the sum stays what it was."""
    joined: dict[str, float] = {}
    for name, value in steps:
        key = "moves" if name in MOVES else name
        joined[key] = joined.get(key, 0.0) + float(value)
    rest = sum(value for value in joined.values() if abs(value) < SMALLEST)
    large = [(name, value) for name, value in joined.items() if abs(value) >= SMALLEST]
    large.sort(key=lambda step: (step[1] < 0, -abs(step[1])))
    return [*large, *([("rest", rest)] if abs(rest) >= 0.05 else [])]


LETTER, NARROW = 7.2, 130
"""Pixels of a letter behind a bar, and how wide the stairs are on a phone."""


def bridge(
    start: float,
    steps: Sequence[tuple[str, float]],
    end: float,
    year: int,
    words: Words,
    palette: Palette,
    title: str,
    height: int | None = None,
    ends: tuple[str, str] | None = None,
) -> Figure:
    """Stairs in fte: today's shortage, what widens it, what narrows it, the shortage of the target year.

    ends: names of the first and last step when they are not today and the target year, but two scenarios."""
    rows = tidy_steps(steps)
    outer = ends or (_end_name(words, start, "start"), _end_name(words, end, "end", year=year))
    names = [outer[0], *(words(f"step.{name}") for name, _ in rows), outer[1]]
    bases, widths, colours, texts = [0.0], [start], [palette.plain], [_fte(words, start)]
    level = start
    for _, value in rows:
        bases.append(level)
        widths.append(value)
        colours.append(palette.worse if value > 0 else palette.better)
        texts.append(words.number(value, 0 if abs(value) >= 10 else 1, sign=True))
        level += value
    bases.append(0.0)
    widths.append(end)
    colours.append(palette.ink)
    texts.append(_fte(words, end))
    reach = [max(base, base + width) for base, width in zip(bases, widths, strict=True)]
    data = [_bars(names, bases, widths, colours)]
    low, high = min(0.0, *(min(base, base + width) for base, width in zip(bases, widths, strict=True))), max(0.0, *reach)
    span = max(high - low, 1.0)
    spec = layout(
        words,
        palette,
        height or 34 * len(names) + 30,
        margin={"r": _room(texts, [(high - at) / span for at in reach]), "t": 4, "b": 4},
        bargap=0.32,
        annotations=[
            label(f"<b>{text}</b>" if place in (0, len(names) - 1) else text, at, place, palette.ink, xshift=6)
            for place, (text, at) in enumerate(zip(texts, reach, strict=True))
        ],
        shapes=_connectors(bases, widths, start, palette),
        xaxis={
            "range": [low - span * 0.02, high + span * 0.02],
            "showticklabels": False,
            "zeroline": True,
            "zerolinecolor": palette.grid,
            "zerolinewidth": 2,
        },
        yaxis={
            "tickvals": list(range(len(names))),
            "ticktext": [two_lines(name) for name in names],
            "autorange": "reversed",
            "showgrid": False,
            "tickfont": {"color": palette.ink, "size": 13},
        },
    )
    shown = [start, *(value for _, value in rows), end]

    def table() -> pd.DataFrame:
        return pd.DataFrame({words("column.step"): names, words("column.value"): [round(value, 6) for value in shown]})

    if ends:
        alt = words("between.alt", one=ends[0], other=ends[1], start=start, end=end, year=year, title=title)
        return Figure("between", {"data": data, "layout": spec}, alt, table)
    return Figure("bridge", {"data": data, "layout": spec}, words("chart.bridge_alt", start=start, end=end, year=year, title=title), table)


def _room(texts: Sequence[str], left: Sequence[float]) -> int:
    """Pixels beside the stairs for what stands behind the longest bars. left: the share of the width that each text has of its own."""
    return round(12 + max(12 + LETTER * len(text) - NARROW * share for text, share in zip(texts, left, strict=True)))


def _end_name(words: Words, value: float, which: str, **params: Any) -> str:
    return words(f"step.{which}" if value >= 0 else f"step.{which}_surplus", **params)


def _fte(words: Words, value: float) -> str:
    return f"{words.number(abs(value))} {words('axis.fte')}"


def _bars(names: list[str], bases: list[float], widths: list[float], colours: list[str]) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(names))),
        "x": values(widths),
        "base": values(bases),
        "marker": {"color": colours, "cornerradius": 3},
        "customdata": names,
        "hovertemplate": "%{customdata}: %{x:,.1f}<extra></extra>",
    }


def _connectors(bases: list[float], widths: list[float], start: float, palette: Palette) -> list[dict[str, Any]]:
    """Hairlines that carry each level to the next bar."""
    ends = [start, *(base + width for base, width in zip(bases[1:-1], widths[1:-1], strict=True))]
    return [
        {"type": "line", "x0": level, "x1": level, "y0": row + 0.34, "y1": row + 0.66, "line": {"color": palette.plain, "width": 1}}
        for row, level in enumerate(ends)
    ]


def exits(flows: pd.DataFrame, causes: Sequence[str], words: Words, palette: Palette, title: str, height: int = 380) -> Figure:
    """People leaving each year, stacked by reason. flows: year, flow, people."""
    years, found, sums = crossed(flows["year"], flows["flow"], flows["people"])
    wide = {cause: sums[:, found.index(cause)] for cause in causes if cause in found}
    order = [cause for cause in wide if wide[cause].sum() > 0.05]
    years = years if wide else []
    totals = np.sum([wide[cause] for cause in order], axis=0) if order else np.zeros(1)
    data, marks, level = [], [], 0.0
    total_last = float(totals[-1])
    for place, cause in enumerate(order):
        heights = values(wide[cause], 2)
        colour = palette.series[place % len(palette.series)]
        data.append(
            {
                "type": "bar",
                "x": years,
                "y": heights,
                "name": words(f"step.{cause}"),
                "marker": {"color": colour, "line": {"color": palette.paper, "width": 1}},
                "hovertemplate": f"{words(f'step.{cause}')}: %{{y:,.0f}}<extra></extra>",
            }
        )
        if heights[-1] > total_last * 0.03:
            marks.append(label(words(f"step.{cause}"), years[-1], level + heights[-1] / 2, colour, xshift=26))
        else:  # gone by the last year: named over the year in which it is largest
            peak = heights.index(max(heights))
            top = float(totals[peak])
            marks.append(label(words(f"step.{cause}"), years[peak], top, colour, yshift=12, xanchor="center" if peak else "left"))
        level += heights[-1]
    spec = layout(
        words,
        palette,
        height,
        barmode="stack",
        bargap=0.35,
        hovermode="x unified",
        annotations=marks,
        margin={"r": 140},
        xaxis={"tickvals": years[:: 1 if len(years) <= 6 else 2], "tickformat": "d", "tickangle": 0, "range": _years(years)},
        yaxis={"tickformat": ",.0f", "range": [0, max(float(totals.max()) * 1.12, 1.0)]},
    )

    def table() -> pd.DataFrame:
        return pd.DataFrame({words("column.year"): years, **{words(f"step.{cause}"): wide[cause] for cause in order}})

    return Figure("exits", {"data": data, "layout": spec}, words("chart.exits_alt", title=title), table)


def _years(years: list[int]) -> list[float]:
    return [years[0] - 0.6, years[-1] + 0.6] if years else [0.0, 1.0]
